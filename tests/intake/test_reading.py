"""Raw JSON read update by update: what is broken is quarantined alone, and only what asks us is kept whole."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.incoming import read_batch, read_update, split_array
from storage.inbox import Incoming, take
from storage.people import communities_of
from storage.store import Store
from tests.intake.storing import AT, deliver, log, query
from tests.intake.updates import (
    BOT,
    CHANNEL,
    GROUP,
    NOW,
    Json,
    chat,
    command,
    encode,
    message,
    poll,
    press,
    reaction,
    sender,
    standing,
    update,
    user,
)

GOOD = [update(1, "message", message(1)), update(99, "message", message(2))]
TEXT = "a secret nobody may keep"


def read(raw: bytes) -> list[Incoming]:
    return read_batch(raw, now=AT, bot_username=BOT)


def raw_among_good(raw: bytes) -> bytes:
    first, last = (json.dumps(one).encode() for one in GOOD)
    return b"[" + first + b", " + raw + b" ," + last + b"]"


def with_message(**changes: Any) -> bytes:
    return json.dumps(update(50, "message", message(5, text=TEXT) | changes)).encode()


BROKEN = {
    "date is a word": with_message(date=TEXT),
    "date is beyond all calendars": with_message(date=10**30),
    "date is negative": with_message(date=-1),
    "date is missing": json.dumps(update(50, "message", {"message_id": 5, "chat": chat()})).encode(),
    "no message_id": json.dumps(update(50, "message", {"date": NOW, "chat": chat()})).encode(),
    "chat is a number": with_message(chat=5),
    "chat without an id": with_message(chat={"type": "group"}),
    "a huge chat id": with_message(chat=chat(-(10**40))),
    "a huge member id": with_message(**{"from": user(1, id=10**25)}),
    "text is a list": with_message(text=[TEXT]),
    "message is a list": b'{"update_id": 50, "message": []}',
    "nothing but an id": b'{"update_id": 50}',
    "lone surrogate": with_message(text="\ud800"),
    "two surrogates, the wrong way round": with_message(text="\udc00\ud800" + TEXT),
    "bytes that are no UTF-8": with_message(text="####").replace(b"####", b"\xff\xfe\x80"),
    "an unknown escape": with_message(text="####").replace(b"####", b"\\q"),
    "a raw control character": with_message(text="####").replace(b"####", b"\x00"),
    "brackets nested without end": b'{"update_id": 50, "x": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "NaN": with_message(text="####").replace(b'"####"', b"NaN"),
    "a poll answer without a number": b'{"update_id": 50, "poll_answer": {"poll_id": "x", "option_ids": [0], '
    b'"user": {"id": 5}}}',
    "more options than a poll can have": b'{"update_id": 50, "poll_answer": {"poll_id": "9", "option_ids": [63]}}',
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_update_is_quarantined_alone(store: Store, name: str) -> None:
    batch = read(raw_among_good(BROKEN[name]))
    assert [one.update_id for one in batch] == [1, 50, 99]
    assert [one.broken is None for one in batch] == [True, False, True]
    deliver_raw(store, batch)
    assert len(log(store)) == 2
    kept = query(store, "SELECT update_id, reason FROM quarantined_update")
    assert [row[0] for row in kept] == [50]
    assert TEXT not in str(kept)


def deliver_raw(store: Store, batch: list[Incoming]) -> None:
    store.write_now(lambda session: take(session, batch, AT))


NO_ID = {
    "a list": b"[1, 2]",
    "a number": b"7",
    "null": b"null",
    "a string": b'"[{]}"',
    "an id that is a word": b'{"update_id": "50", "message": {}}',
    "an id that is a fraction": b'{"update_id": 5.5, "message": {}}',
    "an id that is true": b'{"update_id": true, "message": {}}',
    "a negative id": b'{"update_id": -50, "message": {}}',
    "an id beyond all bounds": b'{"update_id": 123456789012345678901234567890}',
    "an id that would swallow all others": json.dumps(update(2**62, "message", message(5))).encode(),
}


@pytest.mark.parametrize("name", NO_ID)
def test_an_update_without_a_usable_id_gets_a_stable_one_of_ours(name: str) -> None:
    once, again = read(raw_among_good(NO_ID[name])), read(raw_among_good(NO_ID[name]))
    assert [one.update_id for one in once] == [one.update_id for one in again]
    assert once[0].update_id == 1
    assert once[2].update_id == 99
    assert once[1].update_id < 0
    assert once[1].broken is not None


def test_an_unknown_kind_is_counted_by_name(store: Store) -> None:
    strange = {"text": TEXT}
    deliver(store, update(1, "holo_message", strange), update(2, "holo_message", strange), update(3, "x" * 99, strange))
    deliver(store, update(4, "holo_message", strange), update(2, "holo_message", strange))
    assert query(store, "SELECT kind, n FROM unknown_update ORDER BY n") == [("x" * 64, 1), ("holo_message", 3)]
    assert query(store, "SELECT * FROM pending_update") == []


def test_a_known_kind_that_nobody_counts_is_passed_by(store: Store) -> None:
    deliver(store, update(1, "poll", poll("9")["poll"]), update(2, "chat_join_request", {"chat": chat()}))
    assert query(store, "SELECT update_id FROM update_id ORDER BY update_id") == [(1,), (2,)]
    assert query(store, "SELECT * FROM unknown_update") == query(store, "SELECT * FROM quarantined_update") == []


def test_names_with_a_null_character_are_stored_without_it(any_store: Store) -> None:
    deliver(any_store, update(1, "message", message(1, **sender(1, first_name="A\0nn", last_name="B"))))
    assert query(any_store, "SELECT name FROM member") == [("A\ufffdnn B",)]


def test_whoever_adds_the_bot_is_known_before_anything_is_written(any_store: Store) -> None:
    deliver(any_store, update(1, "my_chat_member", standing(9, "left", "administrator") | {"from": user(5)}))
    # A channel is where drops go, no group to manage.
    channel = standing(9, "left", "administrator", CHANNEL) | {"from": user(5)}
    deliver(any_store, update(2, "my_chat_member", channel))
    assert any_store.read_now(lambda session: communities_of(session, user(5)["id"])) == [1]


ANSWERED = {
    "private message": (update(1, "message", message(5, chat_id=5_000_001)), 5_000_001),
    "private photo": (update(1, "message", message(5, chat_id=5_000_001, photo=[], caption="x")), 5_000_001),
    "command": (update(1, "message", message(5, **command("/stats"))), GROUP),
    "command to us": (update(1, "message", message(5, **command(f"/stats@{BOT}"))), GROUP),
    "command to us in other letters": (update(1, "message", message(5, **command(f"/stats@{BOT.upper()} 7d"))), GROUP),
    "command of an anonymous admin": (
        update(1, "message", message(5, None, **command("/stats"), sender_chat=chat(GROUP))),
        GROUP,
    ),
    "press": (update(1, "callback_query", press(1, 1, 5)), GROUP),
    "press under an inline message": (update(1, "callback_query", {"id": "1", "from": user(1)}), 5_000_001),
    "the bot's standing": (update(1, "my_chat_member", standing(1, "left", "member")), GROUP),
    "blocked by a person": (update(1, "my_chat_member", standing(1, "member", "kicked", 5_000_001)), 5_000_001),
}
CAPTION: Json = {"caption": "/stats", "caption_entities": [{"type": "bot_command", "offset": 0, "length": 6}]}
UNANSWERED = {
    "message": update(1, "message", message(5)),
    "command to another bot": update(1, "message", message(5, **command("/stats@OtherBot"))),
    "command in the middle": update(
        1,
        "message",
        message(5, text="try /stats", entities=[{"type": "bot_command", "offset": 4, "length": 6}]),
    ),
    "command as a caption": update(1, "message", message(5, photo=[], **CAPTION)),
    "command by a bot": update(1, "message", message(5, None, **command("/stats"), **sender(3, is_bot=True))),
    "command edited in": update(1, "edited_message", message(5, **command("/stats"))),
    "command in a channel": update(1, "channel_post", message(5, None, CHANNEL, **command("/stats"))),
    "reaction": update(1, "message_reaction", reaction(5, 1, [], ["👍"])),
    "member": update(1, "chat_member", standing(1, "left", "member")),
}


@pytest.mark.parametrize("name", ANSWERED)
def test_what_asks_us_waits_for_its_answer_whole(name: str) -> None:
    asked, lane = ANSWERED[name]
    [one] = read(encode(asked))
    assert one.payload is not None
    assert json.loads(one.payload) == asked
    assert one.lane == lane


@pytest.mark.parametrize("name", UNANSWERED)
def test_the_rest_is_not_kept(name: str) -> None:
    [one] = read(encode(UNANSWERED[name]))
    assert one.broken is None
    assert one.payload is None


@pytest.mark.parametrize("cut", [b"", b"[", b'[{"update_id": 1', b'[{"update_id": 1}', b'[{"a": 1}, {]', b"{}", b"[]]"])
def test_a_batch_cut_off_on_its_way_is_no_batch(cut: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        read(cut)


@given(
    st.lists(
        st.recursive(st.none() | st.integers() | st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one))
    )
)
def test_splitting_by_brackets_finds_the_elements(elements: list[Any]) -> None:
    parts = list(split_array(json.dumps(elements).encode()))
    assert [json.loads(part) for part in parts] == elements


@given(st.binary(max_size=200))
def test_nothing_that_comes_raises(raw: bytes) -> None:
    one = read_update(raw, now=AT, bot_username=BOT)
    assert one.broken is not None or one.unknown or one.update_id >= 0


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["/stats", GROUP, NOW])
PARTS = st.recursive(
    LEAVES,
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.sampled_from([*message(1), "id", "type"]), one),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["message", "edited_message", "poll_answer", "chat_member", "odd"]), PARTS))
def test_no_shape_of_an_update_raises(body: dict[str, Any]) -> None:
    one = read_update(json.dumps({"update_id": 7} | body).encode(), now=AT, bot_username=BOT)
    assert one.update_id == 7
