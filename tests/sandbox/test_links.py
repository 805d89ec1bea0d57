"""Invite links and requests to join, as the bot and the people meet them."""

from __future__ import annotations

import pytest

from sandbox.errors import ActionError
from tests.sandbox.telegram import ALL, Telegram

KINDS = [*ALL, "chat_join_request"]


def newcomer(telegram: Telegram) -> int:
    return int(telegram.act("add_user", first_name="Zoe")["user_id"])


def request(telegram: Telegram, link: str) -> int:
    """Somebody new asks to come in by a link; their id."""
    visitor = newcomer(telegram)
    assert telegram.act("join", chat_id=telegram.group.id, user_id=visitor, link=link) == {"requested": True}
    return visitor


async def asking_link(telegram: Telegram) -> str:
    place = {"chat_id": telegram.group.id}
    return str((await telegram.call("createChatInviteLink", **place, creates_join_request=True))["invite_link"])


async def test_a_request_is_told_and_its_approval_lets_in(telegram: Telegram) -> None:
    await telegram.updates(allowed_updates=KINDS)
    place, link = {"chat_id": telegram.group.id}, await asking_link(telegram)
    visitor = request(telegram, link)
    [update] = await telegram.updates()
    asked = update["chat_join_request"]
    assert (asked["from"]["id"], asked["user_chat_id"], asked["invite_link"]["invite_link"]) == (visitor, visitor, link)
    assert (await telegram.call("getChatMember", **place, user_id=visitor))["status"] == "left"
    assert await telegram.call("approveChatJoinRequest", **place, user_id=visitor) is True
    change, service = await telegram.updates()
    assert change["chat_member"]["via_join_request"] is True
    assert change["chat_member"]["from"]["id"] == telegram.world.bot_id
    assert service["message"]["new_chat_members"][0]["id"] == visitor
    refusal = await telegram.refusal("approveChatJoinRequest", **place, user_id=visitor)
    assert refusal == "Bad Request: USER_ALREADY_PARTICIPANT"


async def test_a_declined_request_is_gone_and_may_be_made_again(telegram: Telegram) -> None:
    place, link = {"chat_id": telegram.group.id}, await asking_link(telegram)
    visitor = request(telegram, link)
    await telegram.call("declineChatJoinRequest", **place, user_id=visitor)
    refusal = await telegram.refusal("declineChatJoinRequest", **place, user_id=visitor)
    assert refusal == "Bad Request: HIDE_REQUESTER_MISSING"
    assert telegram.act("join", **place, user_id=visitor, link=link) == {"requested": True}
    with pytest.raises(ActionError, match="asked already"):
        telegram.act("join", **place, user_id=visitor, link=link)
    telegram.act("answer_join_request", **place, user_id=telegram.lin, target_id=visitor, approved=True)
    assert telegram.group.has(visitor)


async def test_who_asked_may_be_written_to_for_five_minutes(telegram: Telegram) -> None:
    visitor = newcomer(telegram)
    refused = "Forbidden: bot can't initiate conversation with a user"
    assert await telegram.refusal("sendMessage", chat_id=visitor, text="hi") == refused
    telegram.act("join", chat_id=telegram.group.id, user_id=visitor, link=await asking_link(telegram))
    await telegram.call("sendMessage", chat_id=visitor, text="why?")
    telegram.group.join_requests[visitor].date -= 301
    assert await telegram.refusal("sendMessage", chat_id=visitor, text="well?") == refused


async def test_requests_are_for_bots_that_may_invite(telegram: Telegram) -> None:
    await telegram.updates(allowed_updates=KINDS)
    link = await asking_link(telegram)
    telegram.group.members[telegram.world.bot_id].rights -= {"can_invite_users"}
    visitor = request(telegram, link)
    assert await telegram.updates() == []
    place = {"chat_id": telegram.group.id, "user_id": visitor}
    refusal = await telegram.refusal("approveChatJoinRequest", **place)
    assert refusal == "Bad Request: not enough rights to manage chat join requests"
    assert "invite_link" not in await telegram.call("getChat", chat_id=telegram.group.id)


async def test_links_run_out_are_edited_and_revoked(telegram: Telegram) -> None:
    place = {"chat_id": telegram.group.id}
    link = await telegram.call("createChatInviteLink", **place, name="two", member_limit=1)
    url = link["invite_link"]
    telegram.act("join", **place, user_id=newcomer(telegram), link=url)
    with pytest.raises(ActionError, match="expired"):
        telegram.act("join", **place, user_id=newcomer(telegram), link=url)
    edited = await telegram.call("editChatInviteLink", **place, invite_link=url, member_limit=5)
    assert ("name" in edited, edited["member_limit"]) == (False, 5)
    telegram.act("join", **place, user_id=newcomer(telegram), link=url)
    assert (await telegram.call("revokeChatInviteLink", **place, invite_link=url))["is_revoked"] is True
    with pytest.raises(ActionError, match="expired"):
        telegram.act("join", **place, user_id=newcomer(telegram), link=url)
    assert await telegram.refusal("editChatInviteLink", **place, invite_link=url) == "Bad Request: INVITE_HASH_EXPIRED"


async def test_a_revoked_primary_link_has_a_successor(telegram: Telegram) -> None:
    place = {"chat_id": telegram.group.id}
    first = (await telegram.call("getChat", **place))["invite_link"]
    await telegram.call("revokeChatInviteLink", **place, invite_link=first)
    second = (await telegram.call("getChat", **place))["invite_link"]
    third = await telegram.call("exportChatInviteLink", **place)
    assert len({first, second, third}) == 3


async def test_other_peoples_links_are_told_without_their_end(telegram: Telegram) -> None:
    await telegram.updates(allowed_updates=KINDS)
    place = {"chat_id": telegram.group.id}
    url = telegram.act("create_link", **place, user_id=telegram.lin, name="poster")["invite_link"]
    telegram.act("join", **place, user_id=newcomer(telegram), link=url)
    told = (await telegram.updates())[0]["chat_member"]["invite_link"]
    assert told["name"] == "poster"
    assert told["invite_link"] == url[:-8] + "…"
    refusal = await telegram.refusal("revokeChatInviteLink", **place, invite_link=url)
    assert refusal == "Bad Request: INVITE_HASH_EXPIRED"


async def test_the_page_sees_links_and_requests(telegram: Telegram) -> None:
    link = await asking_link(telegram)
    visitor = request(telegram, link)
    chat = (await telegram.client.get(f"/sandbox/chats/{telegram.group.id}")).json()
    assert [(r["user_id"], r["link"]) for r in chat["join_requests"]] == [(visitor, link)]
    assert [(made["invite_link"], made["creates_join_request"]) for made in chat["invite_links"]] == [(link, True)]
