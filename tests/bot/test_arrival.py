"""The bot arrives, is promoted, demoted, removed; first steps; privacy; files; errors."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from sandbox.community import build_world
from sandbox.media import find_file
from storage.communities import find_community
from storage.coverage import bot_standing
from storage.kinds import Standing
from storage.store import Store
from tests.bot.conversation import Conversation, bot_in, buttons, text_of
from tests.sandbox.telegram import NOW

FOUR_VIDEOS = """视频,平台,日期,观看时长,点赞数,评论数,分享数,关注人数,购买人数
一,抖音,2026-11-01,300,100,50,20,1000,50
二,抖音,2026-11-02,400,150,75,30,1500,70
三,抖音,2026-11-03,500,200,100,40,2000,90
四,抖音,2026-11-04,600,250,125,50,2500,110
"""


@pytest.fixture
async def talk(store: Store) -> AsyncIterator[Conversation]:
    """The bot in an empty group."""
    async with bot_in(build_world(3, True, NOW), store) as conversation:
        yield conversation


async def test_whoever_makes_it_admin_gets_a_tick_for_each_right_in_private(talk: Conversation) -> None:
    await talk.ask(talk.manager, "/start", chat_id=talk.manager)
    chat = talk.act("add_group", user_id=talk.manager, title="New", kind="supergroup")["chat_id"]
    talk.act("join", chat_id=chat, user_id=talk.world.bot_id, added_by=talk.manager)
    await talk.answer()
    talk.act("promote", chat_id=chat, user_id=talk.manager, target_id=talk.world.bot_id)
    told = await talk.answer()
    assert told.chat_id == talk.manager
    assert text_of(told).count("✓") + text_of(told).count("✗") == 5


async def test_added_promoted_demoted_removed_said_once_in_the_adders_language(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    adder = talk.act("add_user", first_name="小林", language_code="zh-hans")["user_id"]
    chat = talk.act("add_group", user_id=adder, title="新群", kind="supergroup")["chat_id"]
    talk.act("join", chat_id=chat, user_id=talk.world.bot_id, added_by=adder)
    hello = await talk.answer()
    assert "✗ 表情回应" in text_of(hello)
    talk.act("promote", chat_id=chat, user_id=adder, target_id=talk.world.bot_id)
    seeing = await talk.answer()
    assert "✓ 表情回应" in text_of(seeing)
    assert seeing.id == hello.id  # one greeting, changed, not two
    monkeypatch.setattr("handlers.membership.RECENT", timedelta(0))
    talk.act("demote", chat_id=chat, user_id=adder, target_id=talk.world.bot_id)
    assert "不再是管理员" in text_of(await talk.answer())
    talk.act("remove", chat_id=chat, user_id=adder, target_id=talk.world.bot_id)
    assert await talk.silence()
    community = await talk.store.read(lambda session: find_community(session, chat))
    assert community is not None
    assert await talk.store.read(lambda session: bot_standing(session, community.id)) is Standing.BANNED


async def test_whoever_added_it_has_a_group_before_anything_is_written_there(talk: Conversation) -> None:
    adder = talk.act("add_user", first_name="Lin", language_code="en")["user_id"]
    await talk.ask(adder, "/start", chat_id=adder)
    chat = talk.act("add_group", user_id=adder, title="Brand new", kind="supergroup")["chat_id"]
    talk.act("join", chat_id=chat, user_id=talk.world.bot_id, added_by=adder)
    await talk.answer()
    assert "Brand new" in text_of(await talk.ask(adder, "/digest weekly mon 09:00", chat_id=adder))


async def test_start_offers_the_button_and_ticks_each_right(talk: Conversation) -> None:
    talk.act("send", chat_id=talk.group.id, user_id=talk.manager, text="hello")
    answer = await talk.ask(talk.manager, "/start", chat_id=talk.manager)
    assert any("startgroup" in target and "admin=" in target for _, target in buttons(answer))
    assert text_of(answer).count("✓") == 5


async def test_a_group_that_becomes_a_supergroup_keeps_its_figures(talk: Conversation) -> None:
    chat = talk.act("add_group", user_id=talk.manager, title="Small", kind="group")["chat_id"]
    talk.act("join", chat_id=chat, user_id=talk.world.bot_id, added_by=talk.manager)
    await talk.answer()
    talk.act("promote", chat_id=chat, user_id=talk.manager, target_id=talk.world.bot_id)
    await talk.answer()
    talk.act("send", chat_id=chat, user_id=talk.manager, text="before")
    new = talk.act("migrate", chat_id=chat, user_id=talk.manager)["chat_id"]
    talk.act("send", chat_id=new, user_id=talk.manager, text="after")
    assert "Messages 2" in text_of(await talk.ask(talk.manager, "/stats", chat_id=new))


async def test_a_file_of_figures_gives_rates(talk: Conversation) -> None:
    talk.act("send", chat_id=talk.group.id, user_id=talk.manager, text="hello")
    taken = await talk.send_file(talk.manager, "figures.csv", FOUR_VIDEOS.encode("gb18030"))
    assert "4" in text_of(taken)
    text = text_of(await talk.ask(talk.manager, "/stats 2026-11-01..2026-11-05", chat_id=talk.manager))
    assert "Engagement 0.661 (1,190 / 1,800 s)" in text
    assert "Conversion 13 % (320 / 2,500)" in text
    videos = text_of(await talk.ask(talk.manager, "/stats videos", chat_id=talk.manager))
    for figure in ("0.5667", "0.6375", "0.68", "0.7083"):
        assert figure[:4] in videos


async def test_bad_rows_are_named_and_the_good_ones_taken_at_a_press(talk: Conversation) -> None:
    talk.act("send", chat_id=talk.group.id, user_id=talk.manager, text="hello")
    bad = FOUR_VIDEOS.replace("150", "many")
    report = await talk.send_file(talk.manager, "figures.csv", bad.encode())
    assert "many" in text_of(report)
    assert "3" in text_of(await talk.press(talk.manager, report, "good rows"))


async def test_my_data_is_mine_alone_and_can_be_erased(talk: Conversation) -> None:
    member = talk.members[0]
    talk.act("send", chat_id=talk.group.id, user_id=member, text="a secret plan")
    assert "private" in text_of(await talk.ask(member, "/mydata"))
    sent = await talk.ask(member, "/mydata", chat_id=member)
    file = find_file(talk.world, sent.content["document"]["file_id"])
    data = json.loads(file.data)
    assert "secret plan" not in file.data.decode()
    assert str(member) in json.dumps(data)
    question = await talk.ask(member, "/forgetme", chat_id=member)
    assert "Nothing" in text_of(await talk.press(member, question, "Keep it"))
    question = await talk.ask(member, "/forgetme", chat_id=member)
    await talk.press(member, question, "Erase me")
    assert "Messages 0" in text_of(await talk.ask(talk.manager, "/stats"))


async def test_whoever_opts_out_is_not_counted(talk: Conversation) -> None:
    member = talk.members[0]
    asked = await talk.ask(member, "/optout", chat_id=member)
    await talk.press(member, asked, "Stop recording")
    talk.act("send", chat_id=talk.group.id, user_id=member, text="unseen")
    assert "Messages 0" in text_of(await talk.ask(talk.manager, "/stats"))


async def test_help_and_privacy_answer_everyone(talk: Conversation) -> None:
    assert "/stats" in text_of(await talk.ask(talk.members[0], "/help"))
    assert "/timezone" in text_of(await talk.ask(talk.manager, "/help"))
    assert "no text" in text_of(await talk.ask(talk.members[0], "/privacy"))


async def test_a_failure_is_a_reference_never_a_trace(talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug with details")

    monkeypatch.setattr("handlers.stats.report_overview", broken)
    text = text_of(await talk.ask(talk.manager, "/stats"))
    assert "reference" in text
    assert "details" not in text


async def test_the_menu_of_commands_is_set_by_role_and_language(talk: Conversation) -> None:
    menus = await talk._until(lambda: len(talk.world.profile.commands) >= 6 and talk.world.profile.commands)
    assert {scope for scope, _ in menus} == {"all_private_chats", "all_group_chats", "all_chat_administrators"}
    assert {language for _, language in menus} == {"", "zh"}
