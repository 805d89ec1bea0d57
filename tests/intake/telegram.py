"""A scripted Telegram: one raw HTTP answer after the other, then silence."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from tests.intake.updates import Json

TOKEN = "123456789:AAE-this-is-the-very-secret-token"
DROP = b""  # the connection is closed without an answer


def answer(status: int, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} Something\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + body


def ok(*updates: Any) -> bytes:
    return answer(200, json.dumps({"ok": True, "result": list(updates)}).encode())


def refusal(code: int, description: str, **parameters: Any) -> bytes:
    body = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
    return answer(code, json.dumps(body).encode())


class ScriptedTelegram:
    """Answers getUpdates by the script; `idle` is set when a poll comes and the script is at its end."""

    def __init__(self, script: Sequence[bytes]) -> None:
        self.script = list(script)
        self.idle = asyncio.Event()
        self.calls: list[tuple[str, Json]] = []
        self.url = ""
        self._hanging: set[asyncio.Task[None]] = set()

    @property
    def offsets(self) -> list[int]:
        return [params["offset"] for method, params in self.calls if method == "getUpdates"]

    async def __aenter__(self) -> ScriptedTelegram:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._hanging:
            task.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = next(int(line[15:]) for line in head.split("\r\n") if line.lower().startswith("content-length"))
            method = head.split(" ")[1].rpartition("/")[2]
            assert head.split(" ")[1] == f"/bot{TOKEN}/{method}"
            self.calls.append((method, json.loads(await reader.readexactly(length))))
            if method != "getUpdates":
                writer.write(answer(200, b'{"ok": true, "result": true}'))
            elif self.script:
                writer.write(self.script.pop(0))
            else:
                self.idle.set()
                task = asyncio.current_task()
                assert task is not None
                self._hanging.add(task)
                await asyncio.sleep(60)
            await writer.drain()
        except (asyncio.CancelledError, asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
