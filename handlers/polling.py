"""The getUpdates loop: fetch raw JSON, store it, and only then let the next offset acknowledge it."""

from __future__ import annotations

import asyncio
import logging
import re
import traceback
from random import Random
from typing import Any

import httpx
import msgspec

from handlers.certificates import trusted
from handlers.intake import Intake
from handlers.listening import Listening
from handlers.outage import Outage
from handlers.updates import ALLOWED_UPDATES
from storage.inbox import Incoming

log = logging.getLogger(__name__)
LONG_POLL = 25  # seconds Telegram may wait for the first update
CONFLICT_PAUSE = 4.0
_WHOLE = re.compile(rb'\s*\{\s*"ok"\s*:\s*true\s*,\s*"result"\s*:\s*(\[.*\])\s*\}\s*', re.DOTALL)


class TokenRefused(Exception):
    """Telegram does not know this bot: the token is wrong or was revoked."""


class _Trouble(Exception):
    """This poll failed and is made again, after `wait` seconds where Telegram or we know how long."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class _Parameters(msgspec.Struct):
    retry_after: float = 0


class _Answer(msgspec.Struct):
    ok: bool
    result: msgspec.Raw = msgspec.Raw(b"[]")
    description: str = ""
    parameters: _Parameters = msgspec.field(default_factory=_Parameters)


async def run_polling(
    intake: Intake,
    listening: Listening,
    stop: asyncio.Event,
    *,
    api_url: str,
    token: str,
    rng: Random,
    outage: Outage | None = None,
) -> None:
    """Take in updates until `stop`; the open long poll then ends at once, a batch being stored is finished.

    Raises:
        TokenRefused: 401 or 404 from Telegram. Everything else is tried again, for ever.
    """
    for name in ("httpx", "httpcore"):  # they log addresses, and the token is part of them
        logging.getLogger(name).setLevel(logging.WARNING)
    patience = httpx.Timeout(10, read=LONG_POLL + 10)
    async with httpx.AsyncClient(timeout=patience, verify=trusted()) as client:
        poller = Poller(client, intake, listening, outage or Outage("Telegram", rng), f"{api_url}/bot{token}", token)
        async with asyncio.TaskGroup() as group:
            polling = group.create_task(poller.poll(), name="polling")
            stopping = group.create_task(stop.wait())
            await asyncio.wait({polling, stopping}, return_when=asyncio.FIRST_COMPLETED)
            polling.cancel()
            stopping.cancel()
    if not polling.cancelled():
        raise polling.result()


class Poller:
    """One bot's loop. `base` is the Bot API's address with the token."""

    def __init__(
        self, client: httpx.AsyncClient, intake: Intake, listening: Listening, outage: Outage, base: str, token: str
    ) -> None:
        self._client = client
        self._intake = intake
        self._listening = listening
        self._outage = outage
        self._base = base
        self._token = token
        self._offset = 0
        self._heard = False

    async def poll(self) -> TokenRefused:
        """Poll until cancelled; returns only when Telegram refuses the token."""
        await self._intake.resume()
        while True:
            try:
                await self._poll_once()
            except TokenRefused as refusal:
                return refusal
            except _Trouble as trouble:
                pause = self._outage.failed(str(trouble))
                await asyncio.sleep(pause if trouble.wait is None else trouble.wait)
            except Exception as error:  # a bug of ours: said, and lived through
                pause = self._outage.failed(f"its answer cannot be taken ({type(error).__name__})")
                log.error("%s", self._plain("".join(traceback.format_exception(error))))
                await asyncio.sleep(pause)

    async def _poll_once(self) -> None:
        await self._intake.room()
        started = asyncio.get_running_loop().time()
        batch = await self._fetch()
        await self._intake.take(batch)
        self._acknowledge(batch)
        self._outage.over()
        await self._listening.note()
        if not batch and asyncio.get_running_loop().time() - started < self._outage.first / 2:
            await asyncio.sleep(self._outage.first)  # a server that does not wait for updates

    def _acknowledge(self, batch: list[Incoming]) -> None:
        """Move the offset behind a stored batch."""
        ids = [one.update_id for one in batch if one.update_id >= 0]
        if batch and not ids:
            raise _Trouble("updates came without a readable update_id, so they cannot be acknowledged")
        # Nothing left means that all is acknowledged. After an idle week ids start anew, perhaps lower:
        # ask for whatever there is.
        self._offset = max(ids) + 1 if ids else 0

    async def _fetch(self) -> list[Incoming]:
        request: dict[str, Any] = {"timeout": LONG_POLL, "limit": 100, "allowed_updates": ALLOWED_UPDATES}
        response = await self._post("getUpdates", request | {"offset": self._offset})
        raw = await self._judge(response)
        try:
            batch = self._intake.read(raw)
        except msgspec.MsgspecError:
            raise _Trouble("its answer is broken JSON") from None
        self._heard = True
        return batch

    async def _post(self, method: str, parameters: dict[str, Any]) -> httpx.Response:
        try:
            return await self._client.post(f"{self._base}/{method}", json=parameters)
        except httpx.TimeoutException as error:
            raise _Trouble(f"no answer in time ({type(error).__name__})") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _Trouble(f"it cannot be reached ({self._plain(error) or type(error).__name__})") from None

    async def _judge(self, response: httpx.Response) -> bytes:
        """The raw array of updates in an answer, or what is wrong with it."""
        status = response.status_code
        try:
            answer = msgspec.json.decode(response.content, type=_Answer)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            whole = _WHOLE.fullmatch(response.content)
            if status == 200 and whole:
                return whole[1]
            answer = None
        if status == 200 and answer is not None and answer.ok:
            return bytes(answer.result)
        said = self._plain(answer.description) if answer else "no JSON"
        if status in (401, 404) and (answer is not None or not self._heard):
            raise TokenRefused(f"Telegram refuses the bot's token ({status} {said}): check BOT_TOKEN")
        if status == 409:
            return await self._settle_conflict(said)
        if status == 429:
            raise _Trouble("it asks us to slow down (429)", max(1.0, answer.parameters.retry_after if answer else 1.0))
        raise _Trouble(f"it answers {status} {said}" if status != 200 or answer else "its answer is broken JSON")

    async def _settle_conflict(self, said: str) -> bytes:
        """409: a webhook of old is taken away; another instance is somebody else's to stop."""
        if "webhook" in said.lower():
            await self._post("deleteWebhook", {})
            raise _Trouble("a webhook was set for this bot (409); it is taken away, since we poll", self._outage.first)
        reason = "another instance polls with the same token (409); stop it, or give each its own bot"
        raise _Trouble(reason, CONFLICT_PAUSE * self._outage.first)

    def _plain(self, text: object) -> str:
        return str(text).replace(self._token, "…")
