"""/stats as people meet it: in the group and in private, in both languages, with its picture and buttons."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from sandbox.community import build_world
from sandbox.model import Message
from storage.communities import find_community
from storage.store import Store
from tests.bot.conversation import Conversation, bot_in, buttons, text_of
from tests.sandbox.telegram import NOW


@pytest.fixture
async def talk(store: Store) -> AsyncIterator[Conversation]:
    """The bot in an empty group."""
    async with bot_in(build_world(3, True, NOW), store) as conversation:
        yield conversation


def has_picture(message: Message) -> bool:
    """Whether a message is a photo."""
    return "photo" in message.content


async def test_a_manager_sees_figures_with_picture_and_rates(talk: Conversation) -> None:
    for number in range(3):
        talk.act("send", chat_id=talk.group.id, user_id=talk.members[0], text=f"hello {number}")
    answer = await talk.ask(talk.manager, "/stats")
    assert has_picture(answer)
    text = text_of(answer)
    assert "Last 7 days" in text
    assert "Messages 3" in text
    assert "Engagement –" in text
    assert "Conversion –" in text
    assert "export" in text  # how to bring video figures
    assert [label for label, _ in buttons(answer)][:3] == ["24 h", "·7 d·", "30 d"]


async def test_members_see_no_conversion(talk: Conversation) -> None:
    text = text_of(await talk.ask(talk.members[0], "/stats"))
    assert "Messages 0" in text
    assert "Conversion" not in text


async def test_a_button_changes_the_window_in_place(talk: Conversation) -> None:
    first = await talk.ask(talk.manager, "/stats")
    second = await talk.press(talk.manager, first, "30 d")
    assert second.id == first.id
    assert "Last 30 days" in text_of(second)
    # Nothing was recorded of the month before: that is said, and nothing compared.
    assert "not recorded well enough" in text_of(second)
    await talk.press(talk.manager, second, "compare")
    assert "Engagement" in await talk.pop_up(talk.manager, second, "why")


async def test_private_figures_are_shown_to_managers_alone(talk: Conversation) -> None:
    asked = await talk.ask(talk.manager, "/figures")
    await talk.press(talk.manager, asked, "managers only")
    answer = await talk.ask(talk.manager, "/stats")
    assert "Conversion" not in text_of(answer)
    assert "Engagement" not in text_of(answer)
    assert "Conversion" in await talk.pop_up(talk.manager, answer, "for managers")
    assert "managers" in await talk.pop_up(talk.members[0], answer, "for managers")


async def test_an_unknown_window_gets_valid_forms(talk: Conversation) -> None:
    text = text_of(await talk.ask(talk.manager, "/stats fortnight"))
    assert "fortnight" in text
    assert text.count("/stats ") == 3
    assert "/stats 7d vs" in text_of(await talk.ask(talk.manager, "/stats help"))


async def test_chinese_by_the_groups_setting(talk: Conversation) -> None:
    asked = await talk.ask(talk.manager, "/language")
    assert "中文" in text_of(await talk.press(talk.manager, asked, "中文"))
    text = text_of(await talk.ask(talk.manager, "/stats"))
    assert "近 7 天" in text
    assert "转化率" in text
    assert "Members" not in text


async def test_repeated_stats_do_not_flood(talk: Conversation) -> None:
    for _ in range(5):
        assert has_picture(await talk.ask(talk.members[0], "/stats"))
    assert "two minutes" in text_of(await talk.ask(talk.members[0], "/stats"))
    talk.act("send", chat_id=talk.group.id, user_id=talk.members[0], text="/stats")
    assert await talk.silence()


async def test_in_private_a_manager_is_asked_nothing_with_one_group(talk: Conversation) -> None:
    talk.act("send", chat_id=talk.group.id, user_id=talk.manager, text="hello")
    assert "Messages 1" in text_of(await talk.ask(talk.manager, "/stats", chat_id=talk.manager))
    refused = text_of(await talk.ask(talk.members[0], "/stats", chat_id=talk.members[0]))
    assert "managers" in refused


async def test_in_private_a_manager_of_two_groups_chooses(talk: Conversation) -> None:
    talk.act("send", chat_id=talk.group.id, user_id=talk.manager, text="hello")
    other = talk.act("add_group", user_id=talk.manager, title="Second <b>", kind="supergroup")["chat_id"]
    talk.act("join", chat_id=other, user_id=talk.world.bot_id, added_by=talk.manager)
    await talk.answer()
    talk.act("send", chat_id=other, user_id=talk.manager, text="/stats@PeakDropSandboxBot")
    await talk.answer()
    choice = await talk.ask(talk.manager, "/stats", chat_id=talk.manager)
    assert {label for label, _ in buttons(choice)} == {talk.group.title, "Second <b>"}
    chosen = await talk.press(talk.manager, choice, "Second")
    assert "Second <b>" in text_of(chosen)
    assert "Last 7 days" in text_of(await talk.answer())  # what was asked is answered now


async def test_days_are_the_groups_own(talk: Conversation) -> None:
    answer = text_of(await talk.ask(talk.manager, "/timezone 上海"))
    assert "Asia/Shanghai" in answer
    found = await talk.store.read(lambda session: find_community(session, talk.group.id))
    assert found is not None
    assert found.timezone == "Asia/Shanghai"
    assert "Atlantis" in text_of(await talk.ask(talk.manager, "/timezone Atlantis"))
    assert "Only managers" in text_of(await talk.ask(talk.members[0], "/timezone Berlin"))
    assert "Shanghai" in text_of(await talk.ask(talk.manager, "/stats"))


@pytest.mark.parametrize("fault", ["flood", "error"])
async def test_a_flood_wait_or_a_short_outage_delays_the_answer_and_no_more(talk: Conversation, fault: str) -> None:
    talk.world.faults.add(kind=fault, method="sendPhoto", nth=1)
    assert "Last 7 days" in text_of(await talk.ask(talk.manager, "/stats"))
    assert len(talk.world.calls.since(0, "sendPhoto")) == 2


async def test_bots_are_no_members_and_the_count_stays_true(talk: Conversation) -> None:
    chat = talk.act("add_group", user_id=talk.manager, title="Small", kind="supergroup")["chat_id"]
    for _ in range(2):
        talk.act("join", chat_id=chat, user_id=talk.world.bot_id, added_by=talk.manager)
        await talk.answer()
        talk.act("promote", chat_id=chat, user_id=talk.manager, target_id=talk.world.bot_id)
        await talk.answer()
        text = text_of(await talk.ask(talk.manager, "/stats", chat_id=chat))
        assert "Members 2" in text
        assert "Joins 0" in text
        talk.act("remove", chat_id=chat, user_id=talk.manager, target_id=talk.world.bot_id, banned=False)


async def test_a_manager_who_is_not_recorded_still_reaches_the_group(talk: Conversation) -> None:
    asked = await talk.ask(talk.manager, "/optout", chat_id=talk.manager)
    await talk.press(talk.manager, asked, "Stop recording")
    talk.act("send", chat_id=talk.group.id, user_id=talk.members[0], text="hello")
    assert "Messages 1" in text_of(await talk.ask(talk.manager, "/stats", chat_id=talk.manager))


async def test_today_is_so_far_and_compared_with_yesterday_as_far(talk: Conversation) -> None:
    talk.act("send", chat_id=talk.group.id, user_id=talk.members[0], text="hello")
    text = text_of(await talk.ask(talk.manager, "/stats today"))
    assert "Active 2, 2 in the week" in text  # a member, and the manager who asked
    assert "a day" not in text
    assert "stickiness" not in text


async def test_language_by_name_and_whatever_else_in_private_gets_a_line(talk: Conversation) -> None:
    assert "中文" in text_of(await talk.ask(talk.manager, "/language zh"))
    assert "Only managers" not in text_of(await talk.ask(talk.manager, "/language english"))
    assert "Only managers" in text_of(await talk.ask(talk.members[0], "/language zh"))
    assert "/help" in text_of(await talk.ask(talk.members[0], "hello", chat_id=talk.members[0]))
    assert "UTC+8" in text_of(await talk.ask(talk.manager, "/timezone UTC+8"))
