"""Who makes drops, and where they begin: editors and approval, several groups, /drop in the group, restarts."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from sandbox.community import build_world
from storage.communities import set_settings
from storage.drops import State, list_drops
from storage.store import Store
from tests.bot.conversation import Conversation, bot_in, buttons, text_of
from tests.drops.conftest import ZONE
from tests.drops.making import GROUP, drops, editor, labels, makers, press, rule, say, shown
from tests.sandbox.telegram import NOW


@pytest.fixture
async def talk(store: Store) -> AsyncIterator[Conversation]:
    """The bot and a manager."""
    async with makers(store) as conversation:
        yield conversation


async def test_an_editor_proposes_and_a_manager_decides(talk: Conversation) -> None:
    person = await editor(talk)
    talk.act("send", chat_id=talk.group.id, user_id=person, text="hello")  # so that their name is known
    rule(talk, needs_approval=True)
    screen = await say(talk, "The No.1 autumn bags", person)
    label = next(one for one in labels(screen) if one.startswith("Propose "))
    assert "Post now" not in labels(screen)
    await press(talk, screen, label, "Ask a manager", person=person)
    (drop,) = drops(talk, State.PROPOSED)
    assert drop.author_id == person
    asked = await shown(talk, talk.manager, "waits for your approval")
    assert f"From {talk.world.user(person).full_name}\n" in text_of(asked)
    assert "No.1" in text_of(asked).split("⚠")[1]  # a manager does not approve unwarned
    talk.tap(talk.manager, asked, "Look at it")
    answer = await shown(talk, talk.manager, "Drop 1 · waits for approval")
    assert {"Approve", "Give back"} <= set(labels(answer))
    talk.tap(talk.manager, answer, "Approve")
    await talk._until(lambda: drops(talk, State.SCHEDULED))


async def test_an_editors_change_takes_the_proposal_back(talk: Conversation) -> None:
    person = await editor(talk)
    rule(talk, needs_approval=True)
    screen = await say(talk, "Autumn bags", person)
    label = next(one for one in labels(screen) if one.startswith("Propose "))
    talk.tap(person, screen, label)
    answer = await shown(talk, person, "Proposed as drop 1")
    await shown(talk, talk.manager, "waits for your approval")
    answer = await press(talk, answer, "Change", "Options", "Silent", person=person)
    assert "✓ Silent" in labels(answer)
    assert drops(talk, State.DRAFT)[0].silent  # to be proposed anew


async def test_an_editor_changes_nothing_that_a_manager_queued(talk: Conversation) -> None:
    person = await editor(talk)
    rule(talk, needs_approval=True)
    screen = await say(talk, "hello")
    await press(talk, screen, next(one for one in labels(screen) if one.startswith("Schedule ")))
    mine = await say(talk, "mine", person)
    mine.markup = {"inline_keyboard": [[{"text": "Other", "callback_data": f"drop:open:{GROUP}:1"}]]}
    assert "only managers" in await talk.pop_up(person, mine, "Other")


async def test_warnings_of_an_editors_drop_go_to_a_manager(talk: Conversation) -> None:
    person = await editor(talk)
    screen = await say(talk, "全网第一", person)
    asked = await press(talk, screen, next(one for one in labels(screen) if one.startswith("Schedule ")), person=person)
    assert "Mend it, or let a manager decide." in text_of(asked)
    assert "Schedule anyway" not in labels(asked)
    await press(talk, asked, "Ask a manager", person=person)
    assert len(drops(talk, State.PROPOSED)) == 1


async def test_with_several_groups_the_first_step_is_which(talk: Conversation) -> None:
    other = talk.act("add_group", user_id=talk.manager, title="Second home", kind="supergroup")["chat_id"]
    talk.act("join", chat_id=other, user_id=talk.world.bot_id, added_by=talk.manager)
    await talk.ask(talk.manager, "/stats", other)
    await shown(talk, other, "Last 7 days")
    screen = await say(talk, "Autumn bags")
    assert text_of(screen).startswith("Which group is it for?")
    screen = await press(talk, screen, "Second home")
    assert "Where: Second home" in text_of(screen)
    assert drops(talk) == []
    found = talk.store.read_now(lambda session: list_drops(session, 2, tuple(State)))
    assert [one.content.text for one in found] == ["Autumn bags"]
    screen = await say(talk, "Another one")  # the choice is remembered, and can be changed
    assert "Where: Second home" in text_of(screen)
    screen = await press(talk, screen, "Where", "Another group", talk.group.title[:10])
    assert f"Where: {talk.group.title}" in text_of(screen)


async def test_a_topic_is_chosen(talk: Conversation) -> None:
    for name in ("Deals", "Deals of the day 2026"):
        talk.act("open_topic", chat_id=talk.group.id, user_id=talk.manager, name=name)
    await talk.ask(talk.manager, "/stats")
    screen = await press(talk, await say(talk, "Autumn bags"), "Where")
    assert "Deals of the day 20…" in labels(screen)
    screen = await press(talk, screen, "Deals")
    assert f"Where: {talk.group.title} › Deals" in text_of(screen)


async def test_drop_in_the_group_leaves_the_draft_in_private(talk: Conversation) -> None:
    said = talk.act("send", chat_id=talk.group.id, user_id=talk.members[0], text="I love these bags")["message_id"]
    talk.act("send", chat_id=talk.group.id, user_id=talk.manager, text="/drop", reply_to=said)
    screen = await shown(talk, talk.manager, "Post this?")
    assert "Text · I love these bags" in text_of(screen)
    private = talk.world.chat(talk.manager).messages.values()
    assert any(text_of(one) == "I love these bags" for one in private)  # what it is about
    await shown(talk, talk.group.id, "waits for you")


async def test_drop_by_someone_who_never_opened_the_private_chat(talk: Conversation) -> None:
    member = talk.members[0]
    talk.act("promote", chat_id=talk.group.id, user_id=talk.manager, target_id=member)
    said = talk.act("send", chat_id=talk.group.id, user_id=talk.manager, text="I love these bags")["message_id"]
    answer = await talk.ask(member, "/drop", reply_to=said)
    assert "press Start" in text_of(answer)
    assert buttons(answer)[0][1].endswith("?start=drop")
    talk.act("send", chat_id=member, user_id=member, text="/start drop")
    await shown(talk, member, "Post this?")


async def test_in_a_chinese_group_the_screen_in_private_is_in_the_language_of_whoever_asks(talk: Conversation) -> None:
    talk.store.write_now(lambda session: set_settings(session, GROUP, language="zh"))
    talk.act("send", chat_id=talk.group.id, user_id=talk.members[0], text="see you on Friday")
    said = max(talk.group.messages)
    talk.act("send", chat_id=talk.group.id, user_id=talk.manager, text="/drop", reply_to=said)
    screen = await shown(talk, talk.manager, "Post this?")
    assert "When" in labels(screen)
    await shown(talk, talk.group.id, "草稿")
    await press(talk, screen, "Buttons", "Like", "Back", "Preview")
    private = talk.world.chat(talk.manager).messages.values()
    await talk._until(lambda: [one for one in private if labels(one) == ["👍 点赞"]])  # as members will see it
    await shown(talk, talk.manager, "Schedule it like this?")


async def test_drop_answers_nothing_or_comes_from_a_member(talk: Conversation) -> None:
    assert text_of(await talk.ask(talk.manager, "/drop")).startswith("Reply to a message with /drop")
    assert "managers and editors" in text_of(await talk.ask(talk.members[0], "/drop"))
    assert text_of(await say(talk, "/drop")).startswith("Send me what shall be posted")
    in_private = await talk.ask(talk.members[0], "/drop", talk.members[0])  # what they sent would be refused
    assert text_of(in_private).startswith("You run no group")


async def test_a_draft_survives_a_restart(store: Store) -> None:
    world = build_world(3, True, NOW)
    async with bot_in(world, store, default_timezone=ZONE) as talk:
        await talk.ask(talk.manager, "/stats")
        await talk.ask(talk.manager, "/start", talk.manager)
        await press(talk, await say(talk, "Autumn bags"), "When", "Type a time")
    async with bot_in(world, store, default_timezone=ZONE) as talk:
        read = await say(talk, "tomorrow 8pm")
        assert "Right?" in text_of(read)
        screen = await press(talk, read, "Yes")
        assert "When: tomorrow 20:00" in text_of(screen)
