"""The seeded community: the same each time, plausible, and whole."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import Any

import pytest

from sandbox.community import build_world, make_plot, metrics_csv, telegram_export
from tests.sandbox.telegram import NOW

END = int(NOW.timestamp())


@pytest.fixture(scope="module")
def export() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(b"".join(telegram_export(make_plot(1, NOW))))
    return found


def test_the_same_seed_gives_the_same_past(export: dict[str, Any]) -> None:
    assert json.loads(b"".join(telegram_export(make_plot(1, NOW)))) == export
    assert json.loads(b"".join(telegram_export(make_plot(2, NOW)))) != export
    assert metrics_csv(1, NOW) == metrics_csv(1, NOW)


def test_the_export_is_eight_weeks_of_a_supergroup(export: dict[str, Any]) -> None:
    messages = export["messages"]
    assert export["type"] == "private_supergroup"
    assert 9_000 < len(messages) < 15_000
    assert [m["id"] for m in messages] == list(range(1, len(messages) + 1))
    times = [int(m["date_unixtime"]) for m in messages]
    assert times == sorted(times)
    assert times[0] > END - 57 * 86400
    assert times[-1] < END
    actions = Counter(m["action"] for m in messages if m["type"] == "service")
    assert actions["topic_created"] == 2
    assert actions["join_group_by_link"] > 20
    assert actions["remove_members"] > 0


def test_replies_and_reactions_point_to_what_was_there(export: dict[str, Any]) -> None:
    by_id = {m["id"]: m for m in export["messages"]}
    replies = [m for m in by_id.values() if "reply_to_message_id" in m]
    assert len(replies) > 2_000
    for message in replies:
        assert int(by_id[message["reply_to_message_id"]]["date_unixtime"]) <= int(message["date_unixtime"])
    reactions = [r for m in by_id.values() for r in m.get("reactions", [])]
    assert len(reactions) > 2_000
    assert all(r["count"] >= len(r["recent"]) >= 1 for r in reactions)


def test_people_come_fade_and_go_and_evenings_lead(export: dict[str, Any]) -> None:
    written = [m for m in export["messages"] if m["type"] == "message"]
    names = {m["from"] for m in written}
    assert len(names) > 50
    assert {"Lin 林", "Mia 🌸", "小鹿🦌", "李明"} <= names
    hours = Counter(int(m["date"][11:13]) for m in written)
    assert max(hours, key=lambda hour: hours[hour]) in (19, 20, 21, 22)
    assert min(hours, key=lambda hour: hours[hour]) in (2, 3, 4, 5)


def test_the_world_shows_the_end_of_the_same_past(export: dict[str, Any]) -> None:
    world = build_world(1, False, NOW)
    chat = world.chat(world.group_id)
    assert world.past is not None
    assert json.loads(b"".join(telegram_export(world.past))) == export
    assert chat.id == int(f"-100{export['id']}")
    last = export["messages"][-150:]
    assert [m["id"] for m in last] == [i for i in chat.messages if i >= last[0]["id"]]
    for exported in last:
        shown = chat.messages[exported["id"]]
        assert shown.date == int(exported["date_unixtime"])
        assert f"user{shown.sender_id}" == exported.get("from_id", exported.get("actor_id"))
    assert world.next_message_id(chat) == last[-1]["id"] + 1
    assert len(chat.topics) == 2
    assert world.bot_is_admin(chat)
    assert chat.members[world.manager_id].status == "creator"


def test_the_empty_world_has_four_members_and_no_past() -> None:
    world = build_world(1, True, NOW)
    chat = world.chat(world.group_id)
    assert len(chat.members) == 4
    assert chat.messages == {}


def test_video_figures_grow_and_make_sense() -> None:
    rows = list(csv.DictReader(io.StringIO(metrics_csv(1, NOW).decode("utf-8-sig"))))
    assert list(rows[0]) == ["日期", "平台", "视频", "观看时长", "点赞数", "评论数", "分享数", "关注人数", "购买人数"]
    assert len({row["视频"] for row in rows}) == 10
    dates = sorted({row["日期"] for row in rows})
    assert dates[-1] == "2026-11-22"
    for ago in (1, 2):
        gain = _total(rows, dates[-1]) - _total(rows, dates[-1 - ago])
        assert gain["观看时长"] > 0
        engagement = (gain["点赞数"] + gain["评论数"] + gain["分享数"]) / gain["观看时长"]
        assert 0.5 < engagement < 0.72
    week = _total(rows, dates[-1]) - _total(rows, dates[-2])
    followers = sum({r["平台"]: int(r["关注人数"]) for r in rows if r["日期"] == dates[-1]}.values())
    assert 0.04 < week["购买人数"] / followers < 0.06


def _total(rows: list[dict[str, str]], date: str) -> Counter[str]:
    """Sums of a day's figures; a video not yet out counts nothing."""
    total: Counter[str] = Counter()
    for row in rows:
        if row["日期"] == date:
            total.update({name: int(row[name]) for name in ("观看时长", "点赞数", "评论数", "分享数", "购买人数")})
    return total
