"""`peakdrop sandbox --state FILE`: both sides go on after a stop and after a kill; foreign files are left alone."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

COMMAND = [sys.executable, "-m", "bot.cli", "sandbox", "--empty", "--no-browser", "--port=0", "--state=town.state"]
ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def opened(folder: Path, *, by: signal.Signals) -> Iterator[httpx.Client]:
    """The sandbox as a process, ended by a signal."""
    settings = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "BOT_TOKEN")}
    settings |= {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(COMMAND, cwd=folder, env=settings, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process, process.stdout:
        try:
            line = process.stdout.readline()
            with httpx.Client(base_url=line.split()[4].rstrip("/"), timeout=10) as client:
                yield client
        finally:
            process.send_signal(by)
            process.wait(20)


def answers(client: httpx.Client) -> int:
    calls: list[Any] = client.get("/sandbox/calls", params={"method": "sendMessage"}).json()["calls"]
    return len(calls)


def ask(client: httpx.Client) -> None:
    """Write a command and wait for the bot's answer."""
    state = client.get("/sandbox/state").json()
    before = answers(client)
    act = {"action": "send", "chat_id": state["group_id"], "user_id": state["manager_id"], "text": "/help"}
    assert client.post("/sandbox/act", json=act).status_code == 200
    until = time.monotonic() + 20
    while answers(client) == before:
        assert time.monotonic() < until, "no answer"
        time.sleep(0.05)


def messages(client: httpx.Client) -> list[int]:
    state = client.get("/sandbox/state").json()
    chat = next(one for one in state["chats"] if one["id"] == state["group_id"])
    return [message["message_id"] for message in chat["messages"]]


@pytest.mark.timeout(120)
def test_both_sides_go_on_after_a_stop_and_after_a_kill(tmp_path: Path) -> None:
    with opened(tmp_path, by=signal.SIGTERM) as client:
        ask(client)
        first, now = messages(client), client.get("/sandbox/time").json()["now"]
    assert sorted(one.name for one in tmp_path.glob("town.state*")) == ["town.state", "town.state.bot.db"]
    with opened(tmp_path, by=signal.SIGKILL) as client:
        assert messages(client) == first
        assert client.get("/sandbox/time").json()["now"] >= now
        ask(client)
        time.sleep(6)  # saved meanwhile
        second = messages(client)
        ask(client)
    with opened(tmp_path, by=signal.SIGTERM) as client:
        assert messages(client)[: len(second)] == second
        ask(client)
        assert len(messages(client)) == len(set(messages(client)))


def test_a_foreign_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "town.state").write_text("my diary")
    settings = os.environ | {"PYTHONPATH": str(ROOT)}
    ended = subprocess.run(COMMAND, cwd=tmp_path, env=settings, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "town.state is no state of a sandbox" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert (tmp_path / "town.state").read_text() == "my diary"
