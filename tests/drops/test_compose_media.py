"""Everything that can be sent or forwarded becomes a drop as it is: albums in parts, polls, all kinds of media."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from telegram import Chat, Message, Poll, PollOption

import sandbox.seeding
from handlers import compose_intake, compose_left
from handlers.content_reading import read_content
from peakdrop.contents import Refusal, add_part, check_content
from rendering.catalog import get_catalog
from rendering.compose_options import render_refusal
from sandbox.acting.registry import write
from sandbox.model import Message as SandboxMessage
from sandbox.seeding.pictures import landscape
from storage.drop_content import Content
from storage.drops import State, change_drop
from storage.store import Store
from tests.bot.conversation import Conversation, bot_in, text_of
from tests.drops.conftest import NOW, ZONE
from tests.drops.making import GROUP, drops, labels, makers, press, say, shown

CLIPS = Path(sandbox.seeding.__path__[0]) / "clips"


@pytest.fixture
async def talk(store: Store) -> AsyncIterator[Conversation]:
    """The bot and a manager."""
    async with makers(store) as conversation:
        yield conversation


def send(talk: Conversation, action: str, **params: Any) -> Any:
    """The manager does something in private."""
    return talk.act(action, chat_id=talk.manager, user_id=talk.manager, **params)


def pictures(count: int) -> list[dict[str, Any]]:
    """Files of an album."""
    return [{"name": f"{n}.png", "data": landscape(n), "mime_type": "image/png"} for n in range(count)]


async def test_an_album_of_ten_is_one_draft_on_one_screen(talk: Conversation) -> None:
    send(talk, "send_album", items=pictures(10), caption="Ten bags")
    screen = await talk.answer()
    assert text_of(screen).startswith("Post this?\nAlbum of 10 · Ten bags\n")
    assert await talk.silence()
    (drop,) = drops(talk)
    assert len({piece.unique for piece in drop.content.pieces}) == 10
    screen = await press(talk, screen, "Buttons", "Like")
    assert "An album carries none" in text_of(screen)
    screen = await press(talk, screen, "Back", "Post now", "Post it now")
    parts = await talk._until(lambda: [m for m in talk.group.messages.values() if "photo" in m.content][9:])
    assert parts
    assert labels(await shown(talk, talk.group.id, "What do you think of it?")) == ["👍 Like"]


async def test_an_album_takes_the_place_of_a_text(talk: Conversation) -> None:
    await press(talk, await say(talk, "Ten bags"), "Change content")
    send(talk, "send_album", items=pictures(3))
    assert text_of(await talk.answer()).startswith("Post this?\nAlbum of 3\n")
    assert len(drops(talk)) == 1


async def test_an_album_whose_caption_is_too_long_leaves_no_draft(talk: Conversation) -> None:
    send(talk, "send_album", items=pictures(3), caption="a" * 1100)
    assert text_of(await talk.answer()).startswith("Too long: 1,100 of 1,024 characters")
    assert await talk.silence()
    assert drops(talk) == []


async def test_polls_and_quizzes(talk: Conversation) -> None:
    options = ["Friday", "Saturday"]
    send(talk, "send_poll", question="When?", options=options, is_anonymous=False, allows_multiple_answers=True)
    assert text_of(await talk.answer()).startswith("Post this?\nPoll · When?\n")
    send(talk, "send_poll", question="Capital?", options=["Bonn", "Berlin"], type="quiz", correct_option_id=1)
    screen = await talk.answer()
    assert text_of(screen).startswith("Post this?\nQuiz · Capital?\n")
    poll, quiz = (drop.content.poll for drop in drops(talk))
    assert poll is not None
    assert quiz is not None
    assert (poll.is_anonymous, poll.many_answers, poll.options) == (False, True, ("Friday", "Saturday"))
    assert quiz.correct == 1
    await press(talk, screen, "Post now", "Post it now")
    await talk._until(lambda: [m for m in talk.group.messages.values() if "poll" in m.content])


def test_a_quiz_whose_answer_telegram_keeps_to_itself_is_refused() -> None:
    options = [PollOption(name, 0, persistent_id=name) for name in ("Bonn", "Berlin")]
    forwarded = Poll(
        "1", "Capital?", options, 0, False, True, Poll.QUIZ, False, allows_revoting=False, members_only=False
    )
    message = Message(1, NOW, Chat(1, Chat.PRIVATE), poll=forwarded)
    content = read_content(message)
    assert content is not None
    refusal = check_content(content)
    assert refusal == Refusal("quiz")
    assert render_refusal(refusal, get_catalog("en")).startswith("<b>This quiz cannot be posted</b>\nTelegram tells me")


async def test_videos_voices_and_forwarded_texts_with_their_formatting(talk: Conversation) -> None:
    send(talk, "send_file", name="clip.mp4", data=(CLIPS / "clip1.mp4").read_bytes(), mime_type="video/mp4")
    assert text_of(await talk.answer()).startswith("Post this?\nVideo\n")
    send(
        talk,
        "send_file",
        name="voice.ogg",
        data=(CLIPS / "voice.ogg").read_bytes(),
        mime_type="audio/ogg",
        kind="voice",
    )
    assert text_of(await talk.answer()).startswith("Post this?\nVoice message\n")
    talk.act("send", chat_id=talk.group.id, user_id=talk.members[0], text="see https://example.com and #bags")
    forwarded = {"message_id": max(talk.group.messages), "to_chat_id": talk.manager}
    talk.act("forward", chat_id=talk.group.id, user_id=talk.manager, **forwarded)
    assert text_of(await talk.answer()).startswith("Post this?\nText · see https://example.com and #bags")
    assert [entity["type"] for entity in drops(talk)[-1].content.entities] == ["url", "hashtag"]


async def test_what_no_bot_can_post_is_refused(talk: Conversation) -> None:
    send(talk, "send_dice")
    assert text_of(await talk.answer()).startswith("That I cannot post.")
    assert drops(talk) == []


async def test_the_linked_channel_needs_the_right_to_post(talk: Conversation) -> None:
    channel = talk.act("add_group", user_id=talk.manager, title="Deer Channel", kind="channel")["chat_id"]
    talk.act("link_channel", chat_id=talk.group.id, user_id=talk.manager, channel_id=channel)
    screen = await press(talk, await say(talk, "Autumn bags"), "Where")
    assert "may not post" in await talk.pop_up(talk.manager, screen, "Linked channel")
    talk.act("join", chat_id=channel, user_id=talk.world.bot_id, added_by=talk.manager)
    talk.act("promote", chat_id=channel, user_id=talk.manager, target_id=talk.world.bot_id)
    screen = await press(talk, await say(talk, "Winter bags"), "Where", "Channel: Deer")
    assert "(channel)" in text_of(screen)
    await press(talk, screen, "Post now", "Post it now")
    posts = talk.world.chat(channel).messages
    await talk._until(lambda: [one for one in posts.values() if text_of(one) == "Winter bags"])
    assert drops(talk, State.DRAFT)[0].content.text == "Autumn bags"


async def posted(talk: Conversation, screen: SandboxMessage) -> list[dict[str, Any]]:
    """What a drop became in the group once it was posted at once."""
    before = set(talk.group.messages)
    await press(talk, screen, "Post now", "Post it now")
    await talk._until(lambda: drops(talk, State.SENT))
    return [one.content for at, one in talk.group.messages.items() if at not in before]


@pytest.mark.parametrize(
    "options",
    [
        {"is_disabled": True},
        {"url": "https://example.com/bags", "prefer_small_media": True, "show_above_text": True},
        {"url": "https://example.com/bags", "prefer_large_media": True},
    ],
)
async def test_a_link_is_shown_as_it_was_given(talk: Conversation, options: dict[str, Any]) -> None:
    content = {"text": "see https://example.com/bags", "link_preview_options": options}
    write(talk.world, talk.manager, talk.manager, content)
    (message,) = await posted(talk, await talk.answer())
    assert message["link_preview_options"] == options


async def test_captions_above_and_spoilers_are_posted_as_they_were_given(talk: Conversation) -> None:
    send(talk, "send_file", name="1.png", data=landscape(1), mime_type="image/png", caption="Guess")
    await talk.answer()
    given = next(one.content for one in talk.world.chat(talk.manager).messages.values() if "photo" in one.content)
    write(talk.world, talk.manager, talk.manager, given | {"show_caption_above_media": True, "has_media_spoiler": True})
    (message,) = await posted(talk, await talk.answer())
    assert (message["show_caption_above_media"], message["has_media_spoiler"]) == (True, True)


async def test_an_album_is_posted_with_its_caption_above_and_its_spoilers(talk: Conversation) -> None:
    send(talk, "send_album", items=pictures(2), caption="Two bags")
    screen = await talk.answer()
    (drop,) = drops(talk)
    plain, veiled = drop.content.pieces
    first = msgspec.structs.replace(drop.content, pieces=(plain,), caption_above=True)
    second = Content(pieces=(msgspec.structs.replace(veiled, spoiler=True),))
    whole = add_part(Content(), first)
    whole = add_part(whole, second)
    values = {"content": whole}
    talk.store.write_now(lambda session: change_drop(session, GROUP, 1, {State.DRAFT}, now=NOW, **values))
    parts = await posted(talk, screen)
    assert [one.get("show_caption_above_media") for one in parts] == [True, None]  # where a caption is
    assert [one.get("has_media_spoiler") for one in parts] == [None, True]


async def test_an_album_whose_bot_ended_before_its_screen_is_shown_at_the_next_start(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ended(*_: object) -> None:
        """The bot is killed before the pause after the last part is over."""

    with monkeypatch.context() as patch:
        patch.setattr(compose_intake, "_show_whole", ended)
        async with makers(store) as talk:
            world = talk.world
            send(talk, "send_album", items=pictures(3), caption="Three bags")
            await talk._until(lambda: [one for one in drops(talk) if len(one.content.pieces) == 3])
    monkeypatch.setattr(compose_left, "SOON", timedelta(seconds=0.2))
    async with bot_in(world, store, default_timezone=ZONE) as talk:
        screen = await shown(talk, talk.manager, "Post this?")
        assert text_of(screen).startswith("Post this?\nAlbum of 3 · Three bags\n")
        assert text_of(await press(talk, screen, "When")).startswith("When?")
        assert len(drops(talk)) == 1
