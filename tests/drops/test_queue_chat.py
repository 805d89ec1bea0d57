"""/queue, /calendar, /schedule, /role and /audit, as managers and editors use them, with the real bot."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from peakdrop.drops import Actor, confirm_drop, move_drop, start_draft
from sandbox.community import build_world
from sandbox.model import Message
from sandbox.world import World
from storage.communities import find_community, set_settings
from storage.drop_content import Content, Repeat
from storage.drops import DropView, State, find_drop, list_drops
from storage.posting_rules import Rules, get_rules, set_rules
from storage.store import Store
from tests.bot.conversation import Conversation, bot_in, buttons, text_of
from tests.drops.making import labels

ZONE = "Asia/Shanghai"


@pytest.fixture
def world() -> World:
    """A small group with the bot as admin."""
    return build_world(seed=1, empty=True, now=datetime.now(UTC))  # noqa: TID251 - the bot has the wall clock


@pytest.fixture
async def chat(world: World, store: Store) -> AsyncIterator[Conversation]:
    async with bot_in(world, store) as conversation:
        for user_id in (conversation.manager, *conversation.members):
            await conversation.ask(user_id, "/start", chat_id=user_id)
            conversation.act("send", chat_id=conversation.group.id, user_id=user_id, text="hello")
        await conversation._until(lambda: store.read_now(lambda s: find_community(s, conversation.group.id)))
        store.write_now(lambda s: set_settings(s, 1, timezone=ZONE))
        yield conversation


def queue(store: Store, by: int, text: str, ahead: timedelta, *, manager: bool = True, **values: Any) -> DropView:
    """A drop in the queue, so far ahead."""
    now = datetime.now(UTC)  # noqa: TID251 - the bot has the wall clock
    local = (now + ahead).replace(tzinfo=None) + timedelta(hours=8)
    actor = Actor(by, manager)

    def make(session: Any) -> DropView:
        draft = start_draft(session, 1, actor, Content(text), now=now)
        move_drop(session, 1, draft.number, actor, local, ZONE, now=now)
        if values:
            from storage.drops import change_drop

            change_drop(session, 1, draft.number, {State.DRAFT}, now=now, **values)
        done = confirm_drop(session, 1, draft.number, actor, ZONE, now=now)
        assert done.drop is not None
        return done.drop

    return store.write_now(make)


def state(store: Store, number: int) -> State:
    found = store.read_now(lambda s: find_drop(s, 1, number))
    assert found is not None
    return found.state


async def test_a_manager_looks_through_the_queue_and_changes_it(chat: Conversation, store: Store) -> None:
    lin = chat.manager
    empty = text_of(await chat.ask(lin, "/queue", chat_id=lin))
    assert empty.startswith("Nothing is queued · ")
    assert "0 drops" not in empty
    for n in range(1, 9):
        queue(store, lin, f"clip number {n} <b>", timedelta(days=n))
    page = await chat.ask(lin, "/queue", chat_id=lin)
    assert text_of(page).startswith("8 drops in the queue")
    assert "clip number 6" in text_of(page)
    assert "clip number 7" not in text_of(page)
    assert "◀" not in labels(page)  # there is nothing before it
    second = await chat.press(lin, page, "▶")
    assert "▶" not in labels(second)
    assert "clip number 8 <b>" in text_of(second)
    opened = await chat.press(lin, second, "7")
    assert text_of(opened).startswith("Drop 7 · Text · clip number 7")
    assert "in 7 days" in text_of(opened)
    paused = await chat.press(lin, opened, "Pause")
    assert state(store, 7) == State.PAUSED
    assert "paused" in text_of(paused)
    await chat.press(lin, paused, "Resume")
    assert state(store, 7) == State.SCHEDULED
    asked = await chat.press(lin, paused, "Cancel drop")
    assert "Cancel drop 7" in text_of(asked)
    assert state(store, 7) == State.SCHEDULED
    cancelled = await chat.press(lin, asked, "Cancel it")
    assert state(store, 7) == State.CANCELLED
    back = await chat.press(lin, cancelled, "Bring it back")
    assert state(store, 7) == State.DRAFT
    assert "draft, not scheduled" in text_of(back)  # its own time is kept
    copied = await chat.press(lin, back, "Duplicate")
    assert text_of(copied).startswith("Drop 9")
    assert "–" not in text_of(copied)  # a draft without a time says only that it is one
    assert text_of(await chat.press(lin, copied, "Schedule it")).startswith("Post this?")
    asked = await chat.press(lin, await chat.ask(lin, "/queue", chat_id=lin), "1")
    sure = await chat.press(lin, asked, "Post now")
    assert "right now?" in text_of(sure)


async def test_tomorrow_is_said_once(chat: Conversation, store: Store) -> None:
    lin = chat.manager
    queue(store, lin, "something", timedelta(days=1))
    opened = await chat.press(lin, await chat.ask(lin, "/queue", chat_id=lin), "1")
    assert text_of(opened).splitlines()[1].lower().count("tomorrow") == 1
    assert text_of(await chat.ask(lin, "/next")).lower().count("tomorrow") == 1


async def test_a_draft_brought_back_has_no_peak_until_it_is_scheduled(chat: Conversation, store: Store) -> None:
    lin, now = chat.manager, datetime.fromtimestamp(chat.world.clock(), UTC)
    actor = Actor(lin, is_manager=True)
    store.write_now(lambda session: start_draft(session, 1, actor, Content("at the peak"), now=now))
    store.write_now(lambda session: confirm_drop(session, 1, 1, actor, ZONE, now=now))
    screen = await chat.press(lin, await chat.ask(lin, "/queue", chat_id=lin), "1")
    assert "at the peak" in text_of(screen).splitlines()[1]
    for label in ("Cancel drop", "Cancel it", "Bring it back"):
        screen = await chat.press(lin, screen, label)
    assert text_of(screen).splitlines()[1] == "Draft, not scheduled"
    assert text_of(await chat.press(lin, screen, "Schedule it")).startswith("Post this?")


async def gone(chat: Conversation, message: Message) -> None:
    """The message is taken away."""
    messages = chat.world.chat(message.chat_id).messages
    await chat._until(lambda: message.id not in messages)


async def test_of_a_series_one_is_skipped_or_all_are_cancelled(chat: Conversation, store: Store) -> None:
    lin = chat.manager
    first = datetime.now(UTC).date()  # noqa: TID251 - the bot has the wall clock
    queue(store, lin, "daily", timedelta(days=1), repeat=Repeat(first, at="20:00"))
    page = await chat.ask(lin, "/queue", chat_id=lin)
    assert "🔁" in text_of(page)
    asked = await chat.press(lin, await chat.press(lin, page, "1"), "Cancel drop")
    await chat.press(lin, asked, "Only this one")
    assert state(store, 1) == State.CANCELLED
    assert state(store, 2) == State.SCHEDULED
    asked = await chat.press(lin, await chat.press(lin, await chat.ask(lin, "/queue", chat_id=lin), "2"), "Cancel drop")
    await chat.press(lin, asked, "The whole series")
    coming = store.read_now(lambda s: list_drops(s, 1, {State.SCHEDULED}))
    assert coming == []


async def test_the_month_as_a_picture(chat: Conversation, store: Store) -> None:
    lin = chat.manager
    queue(store, lin, "新片来了", timedelta(hours=1))
    month = await chat.ask(lin, "/calendar", chat_id=lin)
    queue_ = await chat.press(lin, month, "Queue")
    assert "in the queue" in text_of(queue_)
    await gone(chat, month)  # no picture stands above the queue
    month = await chat.press(lin, queue_, "Calendar")
    assert "photo" in month.content
    await gone(chat, queue_)
    assert "photo" in month.content
    assert "新片来了" in text_of(month)
    assert re.search(r"\d+ days? (is|are) free", text_of(month))
    name = text_of(month).splitlines()[0]
    following = await chat.press(lin, month, "▶")
    assert "photo" in following.content
    assert text_of(following).splitlines()[0] != name


async def test_rules_by_buttons_and_typed(chat: Conversation, store: Store) -> None:
    lin = chat.manager
    shown = await chat.ask(lin, "/schedule", chat_id=lin)
    assert "Quiet hours: none" in text_of(shown)
    quiet = await chat.press(lin, shown, "Quiet hours")
    changed = await chat.press(lin, quiet, "23:00–07:00")
    assert "Quiet hours: 23:00–07:00" in text_of(changed)
    days = await chat.press(lin, changed, "Never on")
    days = await chat.press(lin, days, "Sun")
    assert any(label == "·Sun·" for label, _ in buttons(days))
    back = await chat.press(lin, days, "‹ Rules")
    assert "Never on: Sun" in text_of(back)
    for rule, choice in (("Least gap", "1 h"), ("Most a day", "3"), ("Warn of repeats", "within 7 days")):
        back = await chat.press(lin, await chat.press(lin, back, rule), choice)
        assert f"{rule}: {choice}" in text_of(back)
    back = await chat.press(lin, await chat.press(lin, back, "Editors' approval"), "needed")
    typed = await chat.ask(lin, "/schedule slots 20:30 9:00，12点半", chat_id=lin)
    assert "I cannot read" in text_of(typed)
    typed = await chat.ask(lin, "/schedule slots 20:30 9:00，12点30", chat_id=lin)
    assert "Fixed times: 09:00 · 12:30 · 20:30" in text_of(typed)
    await chat.ask(lin, "/schedule quiet 22:30-8:00", chat_id=lin)
    assert "I cannot read" in text_of(await chat.ask(lin, "/schedule quiet late", chat_id=lin))
    rules = store.read_now(lambda s: get_rules(s, 1))
    assert rules == Rules(1350, 480, 60, 3, frozenset({6}), ("09:00", "12:30", "20:30"), 7, True, 1)


async def test_a_typed_rule_is_taken_off_by_a_word_and_nonsense_is_told(chat: Conversation) -> None:
    lin = chat.manager
    await chat.ask(lin, "/schedule quiet 23:00-08:00", chat_id=lin)
    assert "Fixed times: 09:00" in text_of(await chat.ask(lin, "/schedule 固定时间 9:00", chat_id=lin))
    assert "Quiet hours: none" in text_of(await chat.ask(lin, "/schedule quiet off", chat_id=lin))
    assert "Fixed times: any" in text_of(await chat.ask(lin, "/schedule slots 关", chat_id=lin))
    told = await chat.ask(lin, "/schedule try 50", chat_id=lin)
    assert "I cannot read “try 50”; nothing was changed" in text_of(told)
    assert text_of(await chat.press(lin, told, "Rules")).startswith("When drops may go out")


async def test_a_zone_without_a_city_is_named_and_utc_says_where_to_choose(chat: Conversation, store: Store) -> None:
    lin = chat.manager
    for zone, named in (("Etc/GMT-8", "UTC+8 time."), ("UTC", "UTC (/timezone) time."), (ZONE, "Shanghai time.")):
        store.write_now(partial(set_settings, community_id=1, timezone=zone))
        assert named in text_of(await chat.ask(lin, "/schedule", chat_id=lin))
        assert named in text_of(await chat.ask(lin, "/digest weekly mon 09:00", chat_id=lin))
        assert named.replace(".", ",") in text_of(await chat.ask(lin, f"Something for {zone}", chat_id=lin))


async def test_the_share_to_learn_is_told_without_decimals(chat: Conversation) -> None:
    lin = chat.manager
    choices = await chat.press(lin, await chat.ask(lin, "/schedule", chat_id=lin), "To learn")
    assert "5\u00a0% of drops" in labels(choices)
    rules = await chat.press(lin, choices, "5\u00a0% of drops")
    (line,) = [one for one in text_of(rules).splitlines() if one.startswith("To learn")]
    assert line == "To learn: 5 % of drops"


async def test_roles_and_what_editors_may(chat: Conversation, store: Store, world: World) -> None:
    lin, mia = chat.manager, chat.members[0]
    assert "You run no group" in text_of(await chat.ask(mia, "/queue", chat_id=mia))
    said = max(m.id for m in chat.group.messages.values() if m.sender_id == mia)
    given = await chat.ask(lin, "/role editor", reply_to=said)
    assert "is an editor now" in text_of(given)
    queue(store, lin, "the manager's", timedelta(days=1))
    queue(store, mia, "the editor's", timedelta(days=2), manager=False)
    page = await chat.ask(mia, "/queue", chat_id=mia)
    theirs = await chat.press(mia, page, "1")
    assert "Post now" not in str(buttons(theirs))
    asked = await chat.press(mia, theirs, "Cancel drop")
    assert "for a manager" in await chat.pop_up(mia, asked, "Cancel it")
    own = await chat.press(mia, await chat.ask(mia, "/queue", chat_id=mia), "2")
    await chat.press(mia, await chat.press(mia, own, "Cancel drop"), "Cancel it")
    assert (state(store, 1), state(store, 2)) == (State.SCHEDULED, State.CANCELLED)
    assert "Only managers" in text_of(await chat.ask(mia, "/schedule quiet 22:00-8:00", chat_id=mia))
    assert "managers and editors" in text_of(await chat.ask(mia, "/audit", chat_id=mia))
    name = world.user(mia).full_name
    listed = text_of(await chat.ask(lin, "/role", chat_id=lin))
    assert f"{name}: editor" in listed
    assert "I know no role" in text_of(await chat.ask(lin, f"/role {mia} king", chat_id=lin))
    assert "I have not seen" in text_of(await chat.ask(lin, "/role @nobody editor", chat_id=lin))
    assert "no role any more" in text_of(await chat.ask(lin, f"/role {mia} none", chat_id=lin))
    assert "managers and editors" in await chat.pop_up(mia, asked, "Back")
    acts = text_of(await chat.ask(lin, "/audit", chat_id=lin))
    assert f"gave {name} a role: none" in acts
    assert "cancelled drop 2" in acts


async def test_an_editors_drop_is_approved_or_given_back(chat: Conversation, store: Store) -> None:
    lin, mia = chat.manager, chat.members[0]
    said = max(m.id for m in chat.group.messages.values() if m.sender_id == mia)
    await chat.ask(lin, "/role editor", reply_to=said)
    store.write_now(lambda s: set_rules(s, 1, needs_approval=True))
    queue(store, mia, "first", timedelta(days=1), manager=False)
    opened = await chat.press(lin, await chat.ask(lin, "/queue", chat_id=lin), "1")
    assert "waits for a manager's approval" in text_of(opened)
    told = await chat.press(lin, opened, "Give back")
    assert state(store, 1) == State.DRAFT
    assert {told.chat_id} <= {lin, mia}
    news = [text_of(m) for m in chat.world.private_chat(mia).messages.values()]
    assert any("was given back to you" in text for text in news)


async def test_the_queue_is_not_told_in_the_group(chat: Conversation, store: Store) -> None:
    queue(store, chat.manager, "secret", timedelta(days=1))
    for command in ("/queue", "/calendar", "/schedule", "/audit"):
        answer = await chat.ask(chat.manager, command)
        assert "secret" not in text_of(answer)
        assert buttons(answer)[0][1].endswith("?start=queue")
    assert "secret" in text_of(await chat.ask(chat.manager, "/start queue", chat_id=chat.manager))
