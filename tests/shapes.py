"""Whatever the sandbox serves in a test is held against aiogram's models, which know nothing of ours.

Every result of a Bot API method and every update of the sandbox's own making is noted as it is made, and
judged when its test ends. Not noted: bytes that a test injects as they are (`UpdateQueue.inject`).
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sandbox import botapi
from sandbox.api.call import Call
from sandbox.model import Json
from sandbox.updates import UpdateQueue
from tests.sandbox.error_texts import seen_at

ROOT = Path(__file__).parents[1]
CLIENT_PYTHON = ROOT / ".venv-clients" / "bin" / "python"
CHECKER = ROOT / "tests" / "sandbox" / "clients" / "check_schema.py"


def client_python() -> str:
    """The Python that other people's Telegram clients are installed for."""
    if not (CLIENT_PYTHON.parents[1] / ".ready").exists():
        raise RuntimeError(f"{CLIENT_PYTHON} is missing: `make .venv-clients/.ready` makes it")
    return str(CLIENT_PYTHON)


class Shapes:
    """Notes what is served, and has it judged by a process that lives as long as the test session."""

    def __init__(self) -> None:
        self._noted: list[bytes] = []
        self._refusals: list[str] = []
        self._judge: subprocess.Popen[bytes] | None = None

    def note(self, record: Json) -> None:
        """Remember one result or update as it is now."""
        self._noted.append(msgspec.json.encode(record))

    def forget(self) -> None:
        self._noted.clear()
        self._refusals.clear()

    def strange_refusals(self) -> list[str]:
        """Error texts served since the last call that nobody has seen at Telegram."""
        served, self._refusals = dict.fromkeys(self._refusals), []
        return [text for text in served if not seen_at(text)]

    def complaints(self) -> list[str]:
        """What aiogram's models say to all that was noted since the last call; nothing when all is well."""
        noted, self._noted = dict.fromkeys(self._noted), []
        if not noted:
            return []
        if self._judge is None:
            command = [client_python(), str(CHECKER)]
            self._judge = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._judge.stdin is not None
        assert self._judge.stdout is not None
        found: dict[str, None] = {}
        for record in noted:
            self._judge.stdin.write(record + b"\n")
            self._judge.stdin.flush()
            found |= dict.fromkeys(msgspec.json.decode(self._judge.stdout.readline(), type=list[str]))
        return list(found)

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Listen to every world of this process."""
        perform, push = botapi.perform, UpdateQueue.push

        async def noting_perform(call: Call) -> tuple[int, Json]:
            status, body = await perform(call)
            if status != 200:
                self._refusals.append(str(body["description"]))
            elif call.name != "getupdates":  # updates are noted when they are made
                self.note({"method": call.name, "result": body["result"]})
            return status, body

        def noting_push(queue: UpdateQueue, kind: str, payload: Json, *more: Any) -> int | None:
            self.note({"update": {"update_id": 1, kind: payload}})
            return push(queue, kind, payload, *more)

        patch.setattr(botapi, "perform", noting_perform)
        patch.setattr(UpdateQueue, "push", noting_push)

    def close(self) -> None:
        if self._judge is not None:
            self._judge.communicate()
