"""Pages and a poller as a process of their own, to measure what reaches them. Standard library only.

Run as: viewers.py HOST PORT TOKEN PAGES SECONDS. Messages say when they were written: "t=SECONDS;", by the
monotonic clock, which the processes of a machine share. Prints JSON.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time

WRITTEN = re.compile(rb'"text":"t=([0-9.]+);')


async def watch(host: str, port: int, seconds: float, lags: list[float]) -> None:
    """One page: the lag of each message that its event stream brings."""
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(f"GET /sandbox/events HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
    rest, end = b"", time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        try:
            piece = await asyncio.wait_for(reader.read(1 << 18), left)
        except TimeoutError:
            break
        now = time.monotonic()
        lines = (rest + piece).split(b"\n\n")
        rest = lines.pop()
        for line in lines:
            # An event carries a message once; what it replies to comes later in the line.
            found = WRITTEN.search(line)
            if found:
                lags.append(now - float(found[1]))
    writer.close()


async def poll(host: str, port: int, token: str, seconds: float, lags: list[float]) -> None:
    """A bot that takes everything: the lag of each update."""
    reader, writer = await asyncio.open_connection(host, port)
    offset, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        path = f"/bot{token}/getUpdates?offset={offset}&timeout=1&limit=100"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(re.search(rb"content-length: (\d+)", head.lower())[1])  # type: ignore[index]
        body = await reader.readexactly(length)
        now = time.monotonic()
        lags += [now - float(found) for found in WRITTEN.findall(body)]
        updates = json.loads(body)["result"]
        if updates:
            offset = updates[-1]["update_id"] + 1
    writer.close()


async def main(host: str, port: int, token: str, pages: int, seconds: float) -> None:
    seen: list[list[float]] = [[] for _ in range(pages)]
    polled: list[float] = []
    print("ready", flush=True)
    async with asyncio.TaskGroup() as group:
        for lags in seen:
            group.create_task(watch(host, port, seconds, lags))
        group.create_task(poll(host, port, token, seconds, polled))
    print(json.dumps({"pages": seen, "poller": polled}))


if __name__ == "__main__":
    host, port, token, pages, seconds = sys.argv[1:]
    asyncio.run(main(host, int(port), token, int(pages), float(seconds)))
