"""Sharing a drop: offered inline into any chat, counted once a person, and closed to whoever never saw its buttons."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from handlers.drop_buttons import drop_markup, share_key, share_query
from handlers.sharing import result_of
from rendering.catalog import get_catalog
from sandbox.community import build_world
from sandbox.world import World
from storage.drop_content import Content, Piece, PollContent
from storage.drop_deeds import Deed, count_deeds
from storage.drop_messages import SentMessage
from storage.drops import DropView, State
from storage.store import Store
from tests.bot.conversation import Conversation, bot_in, buttons, text_of
from tests.drops.conftest import NOW
from tests.drops.posted import BUTTONS, NONCE, put_up, read_drop
from tests.drops.posting import post
from tests.drops.sending_desk import sending
from tests.sandbox.telegram import NOW as STARTED

CATALOG = get_catalog("en")
BOLD = {"type": "bold", "offset": 0, "length": 3}
PLACE = SentMessage(-1002000000001, 77)


def drop_of(store: Store, community: int, content: Content) -> DropView:
    number = post(store, community, NOW, 77, content=content, buttons=BUTTONS, nonce=NONCE)
    from storage.drops import find_drop

    found = store.read_now(lambda session: find_drop(session, community, number))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("kind", "result", "field"),
    [
        ("photo", "photo", "photo_file_id"),
        ("video", "video", "video_file_id"),
        ("animation", "mpeg4_gif", "mpeg4_file_id"),
        ("document", "document", "document_file_id"),
        ("audio", "audio", "audio_file_id"),
        ("voice", "voice", "voice_file_id"),
        ("sticker", "sticker", "sticker_file_id"),
    ],
)
def test_a_medium_is_offered_as_what_it_is(
    any_store: Store, community: int, kind: Any, result: str, field: str
) -> None:
    drop = drop_of(any_store, community, Content("New film", (BOLD,), (Piece(kind, "BAAC-x_1"),)))
    told = result_of(drop, [PLACE], CATALOG).to_dict()
    assert (told["type"], told[field], told["id"]) == (result, "BAAC-x_1", share_key(drop))
    assert told.get("caption") == (None if kind == "sticker" else "New film")
    (button,) = told["reply_markup"]["inline_keyboard"][0]
    assert button["url"] == "https://t.me/c/2000000001/77"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (Content("New film", (BOLD,)), "New film"),
        (Content(poll=PollContent("Which cover?", ("A", "B"))), "Which cover?"),
        (Content("Round", pieces=(Piece("video_note", "BAAC"),)), "Round"),
        (Content("From a calendar", pieces=(Piece("photo", "media/cover.jpg"),)), "From a calendar"),
    ],
)
def test_what_cannot_be_a_medium_there_goes_as_text(
    any_store: Store, community: int, content: Content, text: str
) -> None:
    told = result_of(drop_of(any_store, community, content), [], CATALOG).to_dict()
    assert told["type"] == "article"
    assert told["input_message_content"]["message_text"] == text


def test_with_inline_mode_the_share_button_opens_the_choice_of_a_chat(any_store: Store, community: int) -> None:
    drop = drop_of(any_store, community, Content("x"))
    for inline in (True, False):
        markup = drop_markup(drop, {}, CATALOG, inline=inline)
        assert markup is not None
        share = markup.inline_keyboard[0][2]
        assert share.switch_inline_query == (share_query(drop) if inline else None)
        assert bool(share.callback_data) is not inline


@pytest.fixture
async def talk(store: Store) -> AsyncIterator[Conversation]:
    """The bot in an empty group."""
    async with bot_in(build_world(3, True, STARTED), store) as conversation:
        yield conversation


def ask_inline(talk: Conversation, query: str, user_id: int) -> None:
    user = {"id": user_id, "is_bot": False, "first_name": "Ann", "language_code": "en"}
    talk.world.updates.push("inline_query", {"id": "123", "from": user, "query": query, "offset": ""})


def chosen(talk: Conversation, result_id: str, user_id: int) -> None:
    user = {"id": user_id, "is_bot": False, "first_name": "Ann"}
    talk.world.updates.push("chosen_inline_result", {"result_id": result_id, "from": user, "query": ""})


async def test_the_post_is_offered_to_whoever_pressed_share(talk: Conversation) -> None:
    drop, _ = await put_up(talk)
    ask_inline(talk, share_query(drop), talk.members[0])
    answers = await talk._until(lambda: talk.world.calls.since(0, "answerInlineQuery"))
    assert json.loads(answers[0].params["results"])[0]["id"] == share_key(drop)
    wrong = share_query(drop)[:-1] + ("a" if not share_query(drop).endswith("a") else "b")
    ask_inline(talk, wrong, talk.members[0])
    answers = await talk._until(lambda: talk.world.calls.since(0, "answerInlineQuery")[1:])
    assert json.loads(answers[0].params["results"]) == []


async def test_a_share_counts_once_a_person(talk: Conversation) -> None:
    drop, _ = await put_up(talk)
    ann, bob = talk.members[:2]
    for person in (ann, ann, bob):
        chosen(talk, share_key(drop), person)
    chosen(talk, "something else", bob)
    await talk._until(lambda: shares(talk, drop) == 2)
    assert read_drop(talk, drop.community_id, drop.number).state == drop.state


async def test_taken_along_from_the_private_chat_an_album_comes_whole_and_counts_once(
    world: World, store: Store
) -> None:
    async with sending(world, store) as desk:
        number = desk.queue(desk.album(2, "Two bags"), buttons=BUTTONS)
        drop = await desk.until(number, State.SENT)
        ann = desk.talk.members[0]
        for _ in range(2):
            desk.talk.act("send", chat_id=ann, user_id=ann, text=f"/start share_{share_key(drop)}")
        await desk.talk._until(lambda: world.calls.since(0, "copyMessages")[1:])
        await desk.talk._until(lambda: shares(desk.talk, drop))
        private = [one for one in world.chat(ann).messages.values() if one.sender_id == world.bot_id]
        copied = [one for one in private if "photo" in one.content]
        assert [text_of(one) for one in copied] == ["Two bags", ""] * 2
        assert all(not buttons(one) for one in copied)
        assert shares(desk.talk, drop) == 1


def shares(talk: Conversation, drop: DropView) -> int:
    return talk.store.read_now(lambda session: count_deeds(session, drop.community_id, drop.number, Deed.SHARE))
