"""A manager makes a drop in private: one screen of buttons, changed in place, and nothing posted unasked."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from sandbox.model import Message
from sandbox.seeding.pictures import landscape
from storage.drop_content import DropButton
from storage.drops import State
from storage.store import Store
from tests.bot.conversation import Conversation, buttons, text_of
from tests.drops.making import drops, labels, makers, press, say, shown


@pytest.fixture
async def talk(store: Store) -> AsyncIterator[Conversation]:
    """The bot and a manager."""
    async with makers(store) as conversation:
        yield conversation


async def test_a_text_sent_in_private_is_scheduled_at_the_peak(talk: Conversation) -> None:
    screen = await say(talk, "新片来了，周五见")
    assert text_of(screen).startswith("Post this?\nText · 新片来了，周五见\n")
    assert f"Where: {talk.group.title}" in text_of(screen)
    assert re.search(r"When: (today|tomorrow|\w{3}) \d\d:00, the peak", text_of(screen))
    label = next(label for label in labels(screen) if label.startswith("Schedule "))
    assert max(map(len, labels(screen))) <= 20
    answer = await press(talk, screen, label)
    assert answer.id == screen.id
    assert text_of(answer).startswith("Scheduled as drop 1\n")
    assert "/queue" in text_of(answer)
    (drop,) = drops(talk)
    assert (drop.state, drop.content.text, drop.local_time) == (State.SCHEDULED, "新片来了，周五见", None)
    assert all(message.sender_id != talk.world.bot_id for message in _in_group(talk)[2:])  # its answer to /stats only


def private(talk: Conversation) -> dict[int, Message]:
    """The manager's private chat."""
    return talk.world.chat(talk.manager).messages


def _in_group(talk: Conversation) -> list:  # type: ignore[type-arg]
    return list(talk.group.messages.values())


async def test_every_screen_leads_back_and_cancel_asks_once(talk: Conversation) -> None:
    talk.act("send_file", chat_id=talk.manager, user_id=talk.manager, name="sea.png", data=landscape(1), caption="Sea")
    screen = await talk.answer()
    assert text_of(screen).startswith("Post this?\nPhoto · Sea")
    for label in ("When", "Where", "Repeat", "Options", "Buttons", "Tags", "Change content"):
        inner = await press(talk, screen, label)
        assert inner.id == screen.id
        screen = await press(talk, inner, "Back")
        assert text_of(screen).startswith("Post this?")
    asked = await press(talk, screen, "Cancel")
    assert text_of(asked).startswith("Throw this draft away?")
    gone = await press(talk, asked, "Throw away")
    assert text_of(gone).startswith("Thrown away. Nothing was posted.")
    assert drops(talk) == []


async def test_how_it_is_posted(talk: Conversation) -> None:
    screen = await say(talk, "Half price until Sunday")
    options = await press(talk, screen, "Options", "Silent", "Paid content", "Not in /next", "Delete after", "24 h")
    assert {"✓ Silent", "✓ Paid content", "✓ Not in /next", "✓ Delete after 24 h"} <= set(labels(options))
    options = await press(talk, options, "Silent", "If late", "·2 h·")
    screen = await press(talk, options, "Back")
    assert "How: paid content, not in /next, deleted after 24 h" in text_of(screen)
    assert "⚠ Paid content without a label" in text_of(screen)  # the lint, at once
    (drop,) = drops(talk)
    assert (drop.silent, drop.is_ad, drop.is_hidden, drop.delete_after) == (False, True, True, 86400)


async def test_a_right_that_is_missing_is_told_at_once(talk: Conversation) -> None:
    talk.act("demote", chat_id=talk.group.id, user_id=talk.manager, target_id=talk.world.bot_id)
    await talk.answer()
    screen = await press(talk, await say(talk, "hello"), "Options")
    assert "I may not pin" in await talk.pop_up(talk.manager, screen, "Pin it")
    screen = await press(talk, await talk.answer(), "Delete after")
    assert "right to delete" in text_of(screen)
    assert "right to delete" in await talk.pop_up(talk.manager, screen, "7 d")


async def test_buttons_tags_and_a_campaign(talk: Conversation) -> None:
    screen = await press(talk, await say(talk, "Autumn bags"), "Buttons", "Like", "Share", "Add a link")
    refused = await say(talk, "our shop")
    assert text_of(refused).startswith("“our shop” has no address that opens")
    shown = await say(talk, "Shop | https://shop.example/bags")
    assert "Shop: https://shop.example/bags" in text_of(shown)
    shown = await press(talk, shown, "Back", "Tags")
    shown = await say(talk, "bags，秋季 sale")
    assert "Tags: bags, 秋季 sale" in text_of(shown)
    await press(talk, shown, "Campaign")
    shown = await say(talk, "Autumn 2026")
    assert "Campaign: Autumn 2026" in text_of(shown)
    screen = await press(talk, shown, "✓ bags", "Back")
    assert "Buttons: 👍 Like, ↗ Share, Shop\nTags: 秋季 sale\nCampaign: Autumn 2026" in text_of(screen)
    (drop,) = drops(talk)
    assert drop.buttons == (
        DropButton("like"),
        DropButton("share"),
        DropButton("link", "Shop", "https://shop.example/bags"),
    )


async def test_what_a_screen_waits_for_is_no_drop_and_what_it_cannot_read_may_become_one(talk: Conversation) -> None:
    screen = await press(talk, await say(talk, "first"), "When", "Type a time")
    unread = await say(talk, "second thoughts")
    assert text_of(unread).startswith("“second thoughts” is no time that I can read")
    await talk._until(lambda: screen.id not in private(talk))  # one screen, not two
    assert len(drops(talk)) == 1
    other = await press(talk, unread, "Make it a new drop")
    assert text_of(other).startswith("Post this?\nText · second thoughts")
    assert [drop.content.text for drop in drops(talk)] == ["first", "second thoughts"]


async def test_other_content_takes_its_place(talk: Conversation) -> None:
    talk.act("send_file", chat_id=talk.manager, user_id=talk.manager, name="sea.png", data=landscape(1), caption="Sea")
    await press(talk, await talk.answer(), "Change content")
    screen = await say(talk, "The sea at dawn")
    assert text_of(screen).startswith("Post this?\nPhoto · The sea at dawn")
    await press(talk, screen, "Change content")
    talk.act("send_file", chat_id=talk.manager, user_id=talk.manager, name="hill.png", data=landscape(2))
    screen = await talk.answer()
    assert text_of(screen).startswith("Post this?\nPhoto\n")
    (drop,) = drops(talk)
    assert len(drop.content.pieces) == 1


async def test_a_preview_is_exactly_it_with_buttons_that_only_look_so(talk: Conversation) -> None:
    screen = await press(talk, await say(talk, "Autumn bags"), "Buttons", "Like", "Back")
    preview = await press(talk, screen, "Preview")
    await talk._until(lambda: screen.id not in private(talk))
    asked = list(private(talk).values())[-1]
    assert text_of(preview) == "Autumn bags"
    assert labels(preview) == ["👍 Like"]
    assert text_of(asked).startswith("Schedule it like this?")
    assert "preview" in await talk.pop_up(talk.manager, preview, "Like")
    label = next(label for label in labels(asked) if label.startswith("Schedule "))
    assert text_of(await press(talk, asked, label)).startswith("Scheduled as drop 1")


async def test_post_now_asks_once(talk: Conversation) -> None:
    screen = await press(talk, await say(talk, "We are live"), "Post now")
    assert text_of(screen).startswith(f"Post it in {talk.group.title} now?")
    assert drops(talk, State.SCHEDULED) == []
    old = screen.markup
    talk.tap(talk.manager, screen, "Post it now")  # the post and the change of the screen come in either order
    posted = await talk._until(lambda: [one for one in _in_group(talk) if text_of(one) == "We are live"])
    done = await shown(talk, talk.manager, "Drop 1 is being posted")
    figures = await press(talk, done, "What it did")
    assert text_of(figures).startswith("Drop 1 · ")
    done.markup = old  # as a hasty second press still has it
    assert "It is posted: /drop 1" in await talk.pop_up(talk.manager, done, "Post it now")
    assert posted[0].sender_id == talk.world.bot_id


async def test_a_queued_drop_changes_on_the_same_screen_and_its_cancelling_is_undone(talk: Conversation) -> None:
    screen = await say(talk, "Autumn bags")
    answer = await press(talk, screen, next(one for one in labels(screen) if one.startswith("Schedule ")), "Change")
    assert text_of(answer).startswith("Drop 1 · scheduled")
    answer = await press(talk, answer, "Options", "Pin it", "Back", "Done")
    assert text_of(answer).startswith("Drop 1 is saved")
    assert drops(talk, State.SCHEDULED)[0].pin
    answer = await press(talk, answer, "Cancel drop", "Cancel it")
    assert text_of(answer).startswith("Drop 1 is cancelled.")
    assert "a draft again" in await talk.pop_up(talk.manager, answer, "Undo")
    answer = await shown(talk, talk.manager, "Post this?")
    assert drops(talk, State.DRAFT)[0].pin


async def test_a_screen_of_a_drop_that_has_moved_on_says_so(talk: Conversation) -> None:
    screen = await press(talk, await say(talk, "hello"), "Cancel", "Throw away")
    old = [("Open", "drop:open:1:1")]
    screen.markup = {"inline_keyboard": [[{"text": text, "callback_data": data} for text, data in old]]}
    assert "posted, cancelled or thrown away" in await talk.pop_up(talk.manager, screen, "Open")


async def test_what_is_too_long_is_refused_with_the_count(talk: Conversation) -> None:
    caption = "🦌" * 700  # two units each
    talk.act("send_file", chat_id=talk.manager, user_id=talk.manager, name="a.png", data=landscape(1), caption=caption)
    answer = await talk.answer()
    assert text_of(answer) == (
        "Too long: 1,400 of 1,024 characters\nTelegram lets me post 1,024. Shorten it by 376 and send it again."
    )
    assert drops(talk) == []


async def test_a_table_without_figures_can_be_posted_as_a_file(talk: Conversation) -> None:
    answer = await talk.send_file(talk.manager, "menu.csv", b"dish,price\nnoodles,12\n")
    assert text_of(answer).startswith("This file cannot be taken")
    screen = await press(talk, answer, "Post it as a file")
    assert text_of(screen).startswith("Post this?\nFile")
    assert drops(talk)[0].content.pieces[0].kind == "document"


async def test_members_are_told_what_they_can_do(talk: Conversation) -> None:
    member = talk.members[0]
    said = [await talk.ask(member, text, member) for text in ("post this please", "/unheard_of")]
    talk.act("send_file", chat_id=member, user_id=member, name="a.pdf", data=b"%PDF", as_document=True)
    for answer in (*said, await talk.answer()):
        assert text_of(answer).startswith("Here you can ask /next for what is coming in your groups")
        assert "video" not in text_of(answer)
    assert "becomes a drop" in text_of(await say(talk, "/unheard_of"))
    assert drops(talk) == []


async def test_in_chinese(talk: Conversation) -> None:
    await press(talk, await say(talk, "/language"), "中文")
    screen = await say(talk, "秋季新包")
    assert text_of(screen).startswith("发布这条内容？\n文字 · 秋季新包\n")
    assert max(len(label) for label in labels(screen)) <= 12
    await press(talk, screen, "时间", "输入时间")
    answer = await say(talk, "明晚8点")
    assert re.match(r"\d+月\d+日周. 20:00（明天），对吗？", text_of(answer))
    answer = await press(talk, answer, "对，就这个")
    assert "时间：明天 20:00" in text_of(answer)
    assert buttons(answer)
