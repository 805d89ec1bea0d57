"""The getUpdates loop against a Telegram that misbehaves in every way it can."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from datetime import timedelta
from random import Random

import pytest

from handlers.intake import Intake
from handlers.listening import Listening
from handlers.polling import TokenRefused, run_polling
from handlers.updates import ALLOWED_UPDATES
from storage.store import Store
from tests.clock import FakeClock
from tests.intake.answering import Noting, make_intake, outage
from tests.intake.storing import log, query
from tests.intake.telegram import DROP, TOKEN, ScriptedTelegram, answer, ok, refusal
from tests.intake.updates import Json, command, message, update

GOOD = ok(update(10, "message", message(1)), update(11, "message", message(2)))
WHOLE = json.dumps({"ok": True, "result": [update(12, "message", message(3))]}).encode()


async def poll(
    store: Store, clock: FakeClock, script: Sequence[bytes], intake: Intake | None = None
) -> ScriptedTelegram:
    """Poll until the script is at its end."""
    async with ScriptedTelegram(script) as telegram:
        intake = intake or make_intake(store, clock)
        running = run_polling(
            intake,
            Listening(store, clock),
            telegram.idle,
            api_url=telegram.url,
            token=TOKEN,
            rng=Random(1),
            outage=outage("Telegram"),
        )
        async with asyncio.timeout(20):
            await running
    return telegram


async def test_the_offset_moves_behind_what_is_stored(store: Store, clock: FakeClock) -> None:
    telegram = await poll(store, clock, [GOOD, ok(update(12, "message", message(3)))])
    assert telegram.offsets == [0, 12, 13]
    assert len(log(store)) == 3
    first = telegram.calls[0][1]
    assert first["allowed_updates"] == list(ALLOWED_UPDATES)
    assert {"message_reaction", "chat_member", "poll_answer"} <= set(first["allowed_updates"])
    assert first["limit"] == 100
    assert first["timeout"] == 25


async def test_after_an_empty_poll_ids_may_start_anew(store: Store, clock: FakeClock) -> None:
    telegram = await poll(store, clock, [GOOD, ok(), ok(update(3, "message", message(3)))])
    assert telegram.offsets == [0, 12, 0, 4]
    assert len(log(store)) == 3


TROUBLES: dict[str, tuple[bytes, str]] = {
    "bad gateway": (answer(502, b"<html>Bad Gateway</html>"), "502"),
    "internal error": (refusal(500, "Internal Server Error"), "500 Internal Server Error"),
    "conflict": (refusal(409, "Conflict: terminated by other getUpdates request"), "another instance polls"),
    "dropped connection": (DROP, "cannot be reached"),
    "truncated by the connection": (answer(200, WHOLE)[:-30], "cannot be reached"),
    "truncated on its way": (answer(200, WHOLE[:-30]), "broken JSON"),
    "cut behind an inner bracket": (answer(200, WHOLE[: WHOLE.rindex(b"}}")] + b"}]}"), "broken JSON"),
    "no JSON": (answer(200, b"hello"), "broken JSON"),
    "no list": (answer(200, b'{"ok": true, "result": true}'), "broken JSON"),
    "not ok": (answer(200, b'{"ok": false, "description": "why not"}'), "why not"),
    "404 of some proxy": (answer(404, b"<html>Not Found</html>"), "404"),
}


@pytest.mark.parametrize("name", TROUBLES)
async def test_trouble_is_said_once_and_lived_through(
    store: Store, clock: FakeClock, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    trouble, words = TROUBLES[name]
    telegram = await poll(store, clock, [GOOD, trouble, trouble, trouble, answer(200, WHOLE)])
    assert telegram.offsets == [0, 12, 12, 12, 12, 13]
    assert len(log(store)) == 3
    said = [record.message for record in caplog.records]
    assert len(said) == 2
    assert words in said[0]
    assert "works again after 3 failed tries" in said[1]


async def test_slow_down_is_obeyed(store: Store, clock: FakeClock) -> None:
    loop = asyncio.get_running_loop()
    started = loop.time()
    await poll(store, clock, [refusal(429, "Too Many Requests: retry after 1", retry_after=1), GOOD])
    assert loop.time() - started >= 1
    assert len(log(store)) == 2


async def test_a_webhook_of_old_is_taken_away(store: Store, clock: FakeClock) -> None:
    words = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete it first"
    telegram = await poll(store, clock, [refusal(409, words), GOOD])
    assert [method for method, _ in telegram.calls] == ["getUpdates", "deleteWebhook", "getUpdates", "getUpdates"]
    assert len(log(store)) == 2


@pytest.mark.parametrize("code", [401, 404])
async def test_a_refused_token_ends_it(store: Store, clock: FakeClock, code: int) -> None:
    with pytest.raises(TokenRefused, match="BOT_TOKEN") as refused:
        await poll(store, clock, [refusal(code, "Unauthorized")])
    assert TOKEN not in str(refused.value)
    with pytest.raises(TokenRefused):
        await poll(store, clock, [GOOD, refusal(code, "Unauthorized")])


async def test_broken_updates_move_the_offset_too(store: Store, clock: FakeClock) -> None:
    surrogate = WHOLE.replace(b"hello", rb"\ud800")
    telegram = await poll(store, clock, [answer(200, surrogate), ok(update(13, "message", {"date": "x"}), [], 5), GOOD])
    assert telegram.offsets == [0, 13, 14, 12]
    ids = [row[0] for row in query(store, "SELECT update_id FROM quarantined_update ORDER BY update_id")]
    assert ids[-2:] == [12, 13]
    assert len(ids) == 4
    assert len(log(store)) == 2


async def test_updates_without_any_id_are_not_spun_upon(
    store: Store, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    telegram = await poll(store, clock, [GOOD, ok([]), ok([]), ok([]), ok(update(12, "message", message(3)))])
    assert telegram.offsets == [0, 12, 12, 12, 12, 13]
    assert len(log(store)) == 3
    assert "without a readable update_id" in caplog.text


async def test_a_server_that_does_not_wait_is_not_spun_upon(store: Store, clock: FakeClock) -> None:
    loop = asyncio.get_running_loop()
    started = loop.time()
    await poll(store, clock, [ok()] * 20)
    assert loop.time() - started >= 20 * 0.01


async def test_nothing_is_acknowledged_before_it_is_stored(store: Store, clock: FakeClock) -> None:
    seen: list[int] = []

    class Watching(Intake):
        async def take(self, batch: Sequence[object]) -> None:
            seen.append(len(log(store)))
            await super().take(batch)  # type: ignore[arg-type]
            seen.append(len(log(store)))

    intake = Watching(store, clock, Noting(), outage("Database"), "Bot")
    telegram = await poll(store, clock, [GOOD], intake)
    assert seen == [0, 2]
    assert telegram.offsets == [0, 12]


async def test_stop_ends_an_open_poll_at_once(store: Store, clock: FakeClock) -> None:
    loop = asyncio.get_running_loop()
    async with ScriptedTelegram([]) as telegram:
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(
                run_polling(
                    make_intake(store, clock),
                    Listening(store, clock),
                    stop,
                    api_url=telegram.url,
                    token=TOKEN,
                    rng=Random(1),
                )
            )
            await telegram.idle.wait()
            asked = loop.time()
            stop.set()
        assert loop.time() - asked < 1


async def test_the_token_is_in_no_log(store: Store, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    script = [trouble for trouble, _ in TROUBLES.values()] + [refusal(500, f"what is {TOKEN}"), GOOD]
    await poll(store, clock, [GOOD, *script])
    assert "what is" in caplog.text
    assert TOKEN not in caplog.text
    with pytest.raises(TokenRefused) as refused:
        await poll(store, clock, [refusal(401, TOKEN)])
    assert TOKEN not in str(refused.value)


async def test_what_was_heard_is_noted_at_most_once_a_minute(store: Store, clock: FakeClock) -> None:
    start = clock.now()
    listening = Listening(store, clock)

    def spans() -> list[tuple[int, int]]:
        first = int(start.timestamp())
        rows = query(store, "SELECT start_at, end_at FROM poll_span ORDER BY id")
        return [(begin - first, end - first) for begin, end in rows]

    await listening.note()
    clock.advance(timedelta(seconds=59))
    await listening.note()
    assert spans() == [(0, 0)]
    clock.advance(timedelta(seconds=2))
    await listening.note()
    assert spans() == [(0, 61)]
    clock.advance(timedelta(hours=30))  # away, though the process ran on
    await listening.note()
    assert spans() == [(0, 61), (108_061, 108_061)]


async def test_ids_are_forgotten_after_a_week(store: Store, clock: FakeClock) -> None:
    one: Json = update(10, "message", message(1, **command("/stats")))
    await poll(store, clock, [ok(one)])
    clock.advance(timedelta(days=6))
    await poll(store, clock, [ok()])
    assert query(store, "SELECT update_id FROM update_id") == [(10,)]
    clock.advance(timedelta(days=2))
    await poll(store, clock, [ok()])
    assert query(store, "SELECT update_id FROM update_id") == []
