"""What an import brings into the store: each thing once, the same as live, and everything else named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from peakdrop.history.imports import inspect_file
from peakdrop.history.reports import HistoryRefusal, RefusalReason
from storage.communities import list_communities
from storage.facts import Facts
from storage.kinds import Actor, Flag, Kind
from storage.members import list_members
from storage.privacy import note_forgotten, set_opt_out
from storage.store import Store
from storage.times import from_epoch
from storage.topics import topic_names
from tests import facts as live
from tests.history import exports
from tests.history.exports import ANN, BARE_ID, BEN, CHO, GROUP, NOON, bring, bring_chat, message, service, write
from tests.storage.recount import assert_rollups_agree, dump

COLUMNS = "chat_id, message_id, slot, at, kind, actor, member_id, thread_id, flags, size, ref, detail"


def log(store: Store, where: str = "1 = 1") -> list[dict[str, Any]]:
    """The log's rows, by message."""
    query = text(f"SELECT {COLUMNS} FROM interaction WHERE {where} ORDER BY message_id, slot, at, nonce")
    return store.read_now(lambda session: [dict(row) for row in session.connection().execute(query).mappings()])


def counted(store: Store, kind: Kind) -> int:
    """How many of a kind the rollups hold."""
    query = text("SELECT COALESCE(SUM(n), 0) FROM quarter_count WHERE kind = :kind")
    return store.read_now(lambda session: int(session.connection().execute(query, {"kind": int(kind)}).scalar_one()))


def title_of(store: Store, chat_id: int) -> str | None:
    """The title of a chat's community."""
    found = {view.chat_id: view.title for view in store.read_now(list_communities)}
    return found.get(chat_id)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, Kind.TEXT),
        ({"text": ["see ", {"type": "link", "text": "https://example.org"}, ""]}, Kind.TEXT),
        ({"photo": "(File not included.)", "text": ""}, Kind.PHOTO),
        ({"file": "a.mp4", "media_type": "video_file", "text": ""}, Kind.VIDEO),
        ({"file": "a.mp4", "media_type": "video_message", "text": ""}, Kind.VIDEO_NOTE),
        ({"file": "a.ogg", "media_type": "voice_message", "text": ""}, Kind.VOICE),
        ({"file": "a.mp3", "media_type": "audio_file", "text": ""}, Kind.AUDIO),
        ({"file": "a.mp4", "media_type": "animation", "text": ""}, Kind.ANIMATION),
        ({"file": "a.webp", "media_type": "sticker", "text": ""}, Kind.STICKER),
        ({"file": "a.pdf", "mime_type": "application/pdf", "text": ""}, Kind.DOCUMENT),
        ({"poll": {"question": "?", "closed": False, "answers": []}, "text": ""}, Kind.POLL),
        ({"location_information": {"latitude": 0.0, "longitude": 0.0}, "text": ""}, Kind.LOCATION),
        ({"location_information": None, "text": ""}, Kind.LOCATION),
        ({"contact_information": {"first_name": "x"}, "text": ""}, Kind.OTHER),
        ({"text": [{"type": "bot_command", "text": "/stats"}, " 7d"]}, Kind.COMMAND),
    ],
)
def test_kinds(store: Store, tmp_path: Path, fields: dict[str, Any], kind: Kind) -> None:
    bring_chat(store, tmp_path, message(1, **fields))
    assert [row["kind"] for row in log(store)] == [kind]


def test_a_message_is_what_the_bot_would_have_stored_of_it(store: Store, tmp_path: Path) -> None:
    entry = message(5, BEN, text=["see ", {"type": "link", "text": "ab"}], reply_to_message_id=3, forwarded_from="X")
    bring_chat(store, tmp_path, entry)
    (row,) = log(store)
    assert row == {
        "chat_id": GROUP,
        "message_id": 5,
        "slot": 0,
        "at": NOON + 300,
        "kind": Kind.TEXT,
        "actor": Actor.MEMBER,
        "member_id": BEN,
        "thread_id": 0,
        "flags": Flag.REPLY | Flag.FORWARD | Flag.IMPORTED,
        "size": 6,
        "ref": 3,
        "detail": None,
    }
    members = store.read_now(lambda session: list_members(session, 1))
    assert [(one.member_id, one.name) for one in members] == [(BEN, "Ben")]
    assert title_of(store, GROUP) == "Peak Lab"


@pytest.mark.parametrize(
    ("kind", "bare_id", "sender", "chat_id", "actor", "member_id"),
    [
        ("private_group", 1234, "user77", -1234, Actor.MEMBER, 77),
        ("private_group", 1234, 77, -1234, Actor.MEMBER, 77),
        ("public_supergroup", BARE_ID, f"channel{BARE_ID}", GROUP, Actor.ANONYMOUS_ADMIN, GROUP),
        ("public_supergroup", BARE_ID, "user1087968824", GROUP, Actor.ANONYMOUS_ADMIN, GROUP),
        ("public_supergroup", BARE_ID, "channel99", GROUP, Actor.CHANNEL, -1_000_000_000_099),
        ("private_supergroup", BARE_ID, (1 << 33) + 99, GROUP, Actor.CHANNEL, -1_000_000_000_099),
        ("public_channel", BARE_ID, f"channel{BARE_ID}", GROUP, Actor.CHANNEL, GROUP),
        ("private_channel", BARE_ID, None, GROUP, Actor.CHANNEL, GROUP),
    ],
)
def test_ids_are_telegrams_own(
    store: Store,
    tmp_path: Path,
    kind: str,
    bare_id: int,
    sender: str | int | None,
    chat_id: int,
    actor: Actor,
    member_id: int,
) -> None:
    entry = message(1) | {"from": "Someone", "from_id": sender}
    bring(store, write(tmp_path, exports.chat(entry, kind=kind, bare_id=bare_id)))
    (row,) = log(store)
    assert (row["chat_id"], row["actor"], row["member_id"]) == (chat_id, actor, member_id)


def test_service_messages(store: Store, tmp_path: Path) -> None:
    report = bring_chat(
        store,
        tmp_path,
        service(1, "create_group", title="Peak Lab", members=["Ann", "Ben"]),
        service(2, "join_group_by_link", CHO, inviter="Ann"),
        service(3, "invite_members", BEN, members=["Dan", None]),
        message(4, 7_000_000_004) | {"from": "Dan"},
        service(5, "remove_members", CHO, members=["Cho 🌊"]),
        service(6, "remove_members", ANN, members=["Ben"]),
        service(7, "pin_message", message_id=4),
        service(8, "boost_apply", BEN, boosts=2),
        service(9, "edit_group_title", title="New"),
        {**service(10, ""), "action": None, "information_text": "x"},
        {"id": 11, "type": "unsupported"},
    )
    told = [(row["kind"], row["member_id"]) for row in log(store, "slot = 5")]
    dan = 7_000_000_004
    joins = [(Kind.JOIN, ANN), (Kind.JOIN, BEN), (Kind.JOIN, CHO), (Kind.JOIN, dan), (Kind.JOIN, 0)]
    assert sorted(told) == sorted([*joins, (Kind.LEAVE, CHO), (Kind.REMOVAL, BEN)])
    assert [row["ref"] for row in log(store, f"kind = {Kind.PIN:d}")] == [4]
    assert [row["size"] for row in log(store, f"kind = {Kind.BOOST:d}")] == [2]
    assert report.services == {"edit_group_title": 1, "unnamed": 1}
    assert report.unsupported == 1
    store.read_now(assert_rollups_agree)


def test_a_name_that_two_people_bear_counts_without_a_person(store: Store, tmp_path: Path) -> None:
    twin = message(3, CHO) | {"from": "Ben"}
    bring_chat(store, tmp_path, service(1, "invite_members", members=["Ben"]), message(2, BEN), twin)
    assert [(row["member_id"], row["actor"]) for row in log(store, "slot = 5")] == [(0, Actor.NOBODY)]
    assert counted(store, Kind.JOIN) == 1


def test_topics_hold_what_replies_to_them_directly_or_through_others(store: Store, tmp_path: Path) -> None:
    bring_chat(
        store,
        tmp_path,
        service(2, "topic_created", title="Drops"),
        message(3, reply_to_message_id=2),
        message(4, BEN, reply_to_message_id=3),
        message(5, CHO, reply_to_message_id=4),
        message(6),
        message(7, BEN, reply_to_message_id=6),
    )
    rows = {row["message_id"]: row for row in log(store, "slot = 0")}
    assert {number: row["thread_id"] for number, row in rows.items()} == {2: 2, 3: 2, 4: 2, 5: 2, 6: 0, 7: 0}
    replies = {number for number, row in rows.items() if row["flags"] & Flag.REPLY}
    assert replies == {4, 5, 7}  # to the topic's opening everything in it replies
    assert store.read_now(lambda session: topic_names(session, 1)) == {2: "Drops"}
    assert store.read_now(list_communities)[0].is_forum
    store.read_now(assert_rollups_agree)


def test_replies_to_a_channels_forwarded_post_are_comments(store: Store, tmp_path: Path) -> None:
    post = message(1) | {"from": "News", "from_id": "channel99", "forwarded_from": "News", "saved_from": "News"}
    bring_chat(store, tmp_path, post, message(2, BEN, reply_to_message_id=1))
    first, second = log(store)
    assert (first["actor"], first["flags"]) == (Actor.CHANNEL, Flag.AUTO_FORWARD | Flag.IMPORTED)
    assert second["flags"] == Flag.REPLY | Flag.COMMENT | Flag.IMPORTED


def test_reactions_are_totals_and_the_named_among_them_changes(store: Store, tmp_path: Path) -> None:
    named = {"from": "Ben", "from_id": f"user{BEN}", "date": exports.local(NOON + 500)}
    reactions = [
        {"type": "emoji", "count": 3, "emoji": "👍", "recent": [named]},
        {"type": "custom_emoji", "count": 2, "document_id": "55"},
        {"type": "paid", "count": 4},
    ]
    report = bring_chat(store, tmp_path, message(1, reactions=reactions), message(9))
    (row,) = log(store, "slot = 2")
    assert (row["at"], row["kind"], row["member_id"], row["detail"]) == (NOON + 500, Kind.REACTION_ADDED, BEN, "👍")
    assert (report.kinds[Kind.REACTION_ADDED], report.reactions) == (1, 8)
    assert (counted(store, Kind.REACTION_ADDED), counted(store, Kind.REACTION_UNNAMED)) == (1, 8)
    store.read_now(assert_rollups_agree)


def test_edits_but_not_those_of_1970(store: Store, tmp_path: Path) -> None:
    old = exports.without_zone(message(1)) | {"edited": "1970-01-01T05:00:00"}
    edited = exports.without_zone(message(2)) | {"edited": exports.local(NOON + 999)}
    report = bring_chat(store, tmp_path, old, edited, timezone="Etc/GMT-2")
    assert [(row["message_id"], row["at"]) for row in log(store, "slot = 1")] == [(2, NOON + 999)]
    assert report.kinds[Kind.EDIT] == 1


def test_times_without_a_zone_are_taken_in_the_given_one_and_it_is_said(store: Store, tmp_path: Path) -> None:
    report = bring_chat(store, tmp_path, exports.without_zone(message(1, at=NOON)), timezone="Asia/Shanghai")
    assert [row["at"] for row in log(store)] == [NOON + exports.SENT_FROM - 8 * 3600]
    assert report.local_times
    assert report.timezone == "Asia/Shanghai"
    assert store.read_now(list_communities)[0].timezone == "Asia/Shanghai"


def test_a_deleted_account_stays_a_member_by_its_id(store: Store, tmp_path: Path) -> None:
    bring_chat(store, tmp_path, message(1) | {"from": None}, message(2) | {"from": None})
    assert {row["member_id"] for row in log(store)} == {ANN}


def test_a_whole_account_fills_a_community_each_and_leaves_private_chats_out(store: Store, tmp_path: Path) -> None:
    export = exports.account(
        exports.chat(message(1), message(2), name="One"),
        exports.chat(message(1), kind="personal_chat", bare_id=5, name="Ben"),
        {"type": "saved_messages", "id": 9, "messages": [message(1), message(2)]},
        exports.chat(kind="private_group", bare_id=6, name="Empty"),
        left=(exports.chat(message(1), kind="public_channel", bare_id=7, name="Two"),),
    )
    report = bring(store, write(tmp_path, export))
    assert [(chat.title, chat.taken) for chat in report.chats] == [("One", 2), ("Two", 1)]
    assert (report.private_chats, report.private_messages) == (2, 3)
    assert {view.chat_id for view in store.read_now(list_communities)} == {GROUP, -1_000_000_000_007}
    store.read_now(assert_rollups_agree)


def test_one_chat_of_an_account(store: Store, tmp_path: Path) -> None:
    export = exports.account(exports.chat(message(1), bare_id=6, name="One"), exports.chat(message(1), name="Two"))
    report = bring(store, write(tmp_path, export), chat_id=GROUP)
    assert [chat.title for chat in report.chats] == ["Two"]


def test_the_same_file_twice_and_a_later_one_count_each_thing_once(store: Store, tmp_path: Path) -> None:
    reaction = [{"type": "emoji", "count": 2, "emoji": "👍"}]
    entries = [message(n, (ANN, BEN)[n % 2], reactions=reaction) for n in range(1, 40)]
    entries[3] |= {"edited": exports.local(NOON + 900), "edited_unixtime": str(NOON + 900)}
    bring_chat(store, tmp_path, *entries, service(41, "join_group_by_link", CHO))
    before = store.read_now(dump)
    again = bring_chat(store, tmp_path, *entries, service(41, "join_group_by_link", CHO))
    assert (again.taken, again.reactions) == (0, 0)
    assert {**store.read_now(dump), "history_import": []} == {**before, "history_import": []}
    more = [{"type": "emoji", "count": 5, "emoji": "👍"}]
    later = bring_chat(store, tmp_path, *(one | {"reactions": more} for one in entries), message(50, CHO))
    assert (later.taken, later.reactions) == (1, 39 * 3)
    assert counted(store, Kind.REACTION_UNNAMED) == 39 * 5
    store.read_now(assert_rollups_agree)


def seen_live(store: Store) -> None:
    """What the bot saw itself of messages 1 to 5: one of them by an edit alone, a reaction, a join."""
    told = [live.message(n, chat_id=GROUP, member_id=ANN, at=NOON + 60 * n) for n in (1, 2, 4)]
    told.append(live.edit(live.message(5, chat_id=GROUP, member_id=ANN, at=NOON + 300), at=NOON + 900))
    told.append(live.reaction(2, chat_id=GROUP, member_id=BEN, at=NOON + 200))
    told.append(live.move(chat_id=GROUP, member_id=CHO, at=NOON + 361))
    live.put(store, *told)


def exported(folder: Path) -> Path:
    """The same, and what the bot missed, as an export tells it."""
    recent = [{"from": "Ben", "from_id": f"user{BEN}", "date": exports.local(NOON + 200)}]
    reactions = [{"type": "emoji", "count": 3, "emoji": "👍", "recent": recent}]
    entries = [message(n, ANN, text="hello, hello") for n in range(1, 6)]
    entries[1] |= {"reactions": reactions}
    entries[4] |= {"edited": exports.local(NOON + 900), "edited_unixtime": str(NOON + 900)}
    return write(folder, exports.chat(*entries, service(6, "join_group_by_link", CHO), message(9)))


@pytest.mark.parametrize("order", [0, 1])
def test_overlap_with_live_counts_once_whichever_came_first(store: Store, tmp_path: Path, order: int) -> None:
    steps: list[Callable[[], object]] = [lambda: seen_live(store), lambda: bring(store, exported(tmp_path))]
    steps[order]()
    steps[1 - order]()
    assert counted(store, Kind.TEXT) == 6
    assert counted(store, Kind.JOIN) == 1
    assert counted(store, Kind.REACTION_ADDED) + counted(store, Kind.REACTION_UNNAMED) == 3
    store.read_now(assert_rollups_agree)


def test_people_who_asked_not_to_be_kept_do_not_come_back(store: Store, tmp_path: Path) -> None:
    store.write_now(lambda session: note_forgotten(session, ANN, from_epoch(NOON + 120)))
    store.write_now(lambda session: set_opt_out(session, BEN, True))
    report = bring_chat(store, tmp_path, *(message(n, who) for n, who in enumerate((ANN, ANN, ANN, BEN, CHO), 1)))
    assert [(row["message_id"], row["member_id"]) for row in log(store)] == [(3, ANN), (5, CHO)]
    assert report.hidden == 3
    assert BEN not in {one.member_id for one in store.read_now(lambda session: list_members(session, 1))}
    store.read_now(assert_rollups_agree)


def test_known_bots_are_told_apart(store: Store, tmp_path: Path) -> None:
    robot = live.person(BEN, chat_id=GROUP, at=NOON)._replace(is_bot=True)
    live.put(store, Facts(chats=[live.chat(GROUP)], members=[robot]))
    bring_chat(store, tmp_path, message(1, BEN))
    assert [row["actor"] for row in log(store)] == [Actor.BOT]


def test_a_basic_groups_history_from_two_accounts_counts_once(store: Store, tmp_path: Path) -> None:
    times = [NOON, NOON, NOON + 5, NOON + 9]
    for base in (100, 9_000):
        entries = [message(base + n, ANN, at=at) for n, at in enumerate(times)]
        bring(store, write(tmp_path, exports.chat(*entries, kind="private_group", bare_id=77)))
    assert counted(store, Kind.TEXT) == 4


def test_a_basic_groups_history_stops_where_the_bots_own_begins(store: Store, tmp_path: Path) -> None:
    live.put(store, live.message(3, chat_id=-77, at=NOON + 100, member_id=ANN))
    entries = [message(500 + n, ANN, at=NOON + 50 * n) for n in range(5)]
    report = bring(store, write(tmp_path, exports.chat(*entries, kind="private_group", bare_id=77)))
    assert (report.chats[0].taken, report.chats[0].covered) == (2, 3)


def test_a_supergroups_export_begins_with_the_basic_groups_part(store: Store, tmp_path: Path) -> None:
    old = [message(-999_999_990 + n, ANN, at=NOON + n) for n in range(3)]
    moved = service(1, "migrate_from_group", at=NOON + 10, title="Peak Lab")
    report = bring_chat(store, tmp_path, *old, moved, message(2, at=NOON + 20))
    assert report.taken == 4
    assert {row["chat_id"] for row in log(store)} == {GROUP}
    assert [row["message_id"] for row in log(store, "message_id > 0")] == [2]


def test_a_group_that_became_a_supergroup_is_one_community(store: Store, tmp_path: Path) -> None:
    live.put(store, live.message(3, chat_id=GROUP, at=NOON + 9_000, member_id=ANN))
    path = write(tmp_path, exports.chat(message(1), message(2), kind="private_group", bare_id=77))
    bring(store, path, chat_id=GROUP)
    assert len(store.read_now(list_communities)) == 1
    assert counted(store, Kind.TEXT) == 3
    store.read_now(assert_rollups_agree)


def test_nothing_in_a_message_stops_the_import(any_store: Store, tmp_path: Path) -> None:
    huge = 10**30
    odd: list[dict[str, Any]] = [
        {"id": huge},
        {"id": -huge},
        {"date_unixtime": str(huge)},
        {"date_unixtime": "", "date": "yesterday"},
        {"date_unixtime": None},
        {"from_id": f"user{huge}"},
        {"from_id": [1]},
        {"from": "a\x00b\ud83d"},
        {"text": None},
        {"text": [["x"]]},
        {"reply_to_message_id": huge},
        {"reactions": [{"count": huge, "emoji": "x"}]},
        {"reactions": [{"count": 1, "emoji": "\x00", "recent": [{"from": "x", "from_id": "y", "date": "z"}]}]},
        {"edited_unixtime": str(huge)},
        {"edited_unixtime": "soon"},
        {"poll": huge, "location_information": 5, "media_type": "hologram"},
    ]
    entries = [message(100 + n) | fields for n, fields in enumerate(odd)]
    services = [
        service(200, "topic_created", title=["x"]),
        service(huge, "topic_created", at=NOON, title="x"),
        service(201, "invite_members", members={"a": 1}),
        service(202, "invite_members", members=[5, ["x"], "Ann\x00"]),
        service(203, "pin_message", message_id=huge),
        service(204, "boost_apply", boosts=huge),
        service(205, "migrate_from_group") | {"actor_id": "channelx"},
        {"id": 206, "type": "service"},
        {"id": 207},
        {},
    ]
    path = tmp_path / "result.json"
    path.write_text(json.dumps(exports.chat(message(1), *entries, *services, message(300))), encoding="utf-8")
    report = bring(any_store, path).chats[0]
    assert {1, 300} <= {row["message_id"] for row in log(any_store)}
    assert report.broken > 10
    any_store.read_now(assert_rollups_agree)


def test_messages_that_cannot_be_are_named_and_the_rest_is_taken(store: Store, tmp_path: Path) -> None:
    entries = [message(1), message(2) | {"date_unixtime": "soon"}, message(3) | {"from_id": "alien5"}, message(4)]
    report = bring_chat(store, tmp_path, *entries, message(5) | {"text": 7}, message(6))
    assert report.taken == 3
    assert sorted(one.number or 0 for one in report.broken_entries) == [2, 3, 5]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.json", b"", RefusalReason.EMPTY),
        ("messages.html", b"<!DOCTYPE html>", RefusalReason.WEB_PAGE),
        ("a.zip", b"PK\x03\x04...", RefusalReason.ARCHIVE),
        ("a.json", b"hello", RefusalReason.NOT_AN_EXPORT),
        ("a.json", b'{"rows": [1, 2]}', RefusalReason.NOT_AN_EXPORT),
        ("a.json", b'{"messages": [{"role": "user"}]}', RefusalReason.NOT_AN_EXPORT),
        ("a.csv", b"day,clicks\n1,2\n", RefusalReason.COLUMNS),
        ("a.csv", b"ts,author,kind\n", RefusalReason.NO_ROWS),
        ("a.csv.gz", b"no gzip", RefusalReason.COLUMNS),
    ],
)
def test_what_is_no_history_is_refused(
    store: Store, tmp_path: Path, name: str, content: bytes, reason: RefusalReason
) -> None:
    (tmp_path / name).write_bytes(content)
    refusal = exports.try_to_bring(store, tmp_path / name)
    assert isinstance(refusal, HistoryRefusal)
    assert refusal.reason == reason
    assert not store.read_now(list_communities)


def test_other_refusals(store: Store, tmp_path: Path) -> None:
    group = write(tmp_path, exports.chat(message(1)))
    other = exports.try_to_bring(store, group, chat_id=-100_5)
    private = write(tmp_path, exports.chat(message(1), kind="personal_chat"), name="b.json")
    assert isinstance(other, HistoryRefusal)
    assert (other.reason, other.detail) == (RefusalReason.OTHER_CHAT, f"Peak Lab ({GROUP})")
    for path, zone, reason in (
        (private, None, RefusalReason.PRIVATE_ONLY),
        (group, "Mars/Base", RefusalReason.TIMEZONE),
    ):
        refusal = exports.try_to_bring(store, path, timezone=zone)
        assert isinstance(refusal, HistoryRefusal)
        assert refusal.reason == reason
    missing = inspect_file(tmp_path / "none.json")
    assert missing is not None
    assert missing.reason == RefusalReason.MISSING
    assert not store.read_now(list_communities)


def test_both_databases(any_store: Store, tmp_path: Path) -> None:
    entries = [message(n, (ANN, BEN, CHO)[n % 3], reply_to_message_id=max(1, n - 1)) for n in range(1, 200)]
    entries[5]["reactions"] = [{"type": "emoji", "count": 2, "emoji": "👍"}]
    for taken in (200, 0):
        assert bring_chat(any_store, tmp_path, *entries, service(201, "join_group_by_link")).taken == taken
        any_store.read_now(assert_rollups_agree)
