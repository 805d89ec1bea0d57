"""A digest that comes by itself speaks as the manager and the group do, though nobody ever said /language."""

from __future__ import annotations

from datetime import timedelta

from storage.drops import State
from storage.people import find_person, keep_app_language
from storage.store import Store
from tests.bot.conversation import Conversation, text_of
from tests.digests.talking import MONDAY, digest_in, fill, until
from tests.drops.making import drops, labels, say


async def test_what_comes_by_itself_speaks_the_language_of_the_managers_app(talk: Conversation) -> None:
    fill(talk)
    talk.act("speak", user_id=talk.manager, language_code="zh-hans")
    screen = await say(talk, "/digest 每周一 09:00")
    await talk.press(talk.manager, screen, "发到群")
    await until(talk, MONDAY + timedelta(minutes=1))
    for chat_id in (talk.manager, talk.group.id):
        assert "11月16日–22日" in text_of(await digest_in(talk, chat_id, "一周"))


async def test_a_chosen_language_counts_more_than_the_apps(talk: Conversation) -> None:
    fill(talk)
    talk.act("speak", user_id=talk.manager, language_code="zh-hans")
    await say(talk, "/language en")
    screen = await say(talk, "/digest weekly mon 09:00")
    await talk.press(talk.manager, screen, "To the group")
    await until(talk, MONDAY + timedelta(minutes=1))
    for chat_id in (talk.manager, talk.group.id):
        assert "Members" in text_of(await digest_in(talk, chat_id, "Week 16"))


async def test_members_are_asked_in_the_language_in_which_it_was_suggested(talk: Conversation) -> None:
    fill(talk)
    talk.act("speak", user_id=talk.manager, language_code="zh-hans")
    digest = await say(talk, "/digest")
    label = next(one for one in labels(digest) if one.startswith("排到"))
    await talk.pop_up(talk.manager, digest, label)
    (made,) = drops(talk, State.SCHEDULED)
    assert f"“{made.content.text}”" in text_of(digest)


def test_nothing_is_kept_of_who_never_opened_the_private_chat(any_store: Store) -> None:
    any_store.write_now(lambda session: keep_app_language(session, 7, "zh"))
    assert any_store.read_now(lambda session: find_person(session, 7)) is None
