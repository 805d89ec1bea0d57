"""Who is in a chat and what they may do: banned, restricted, promoted, and the refusals in Telegram's words."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.errors import ActionError
from sandbox.model import MEMBER_PERMISSIONS, Member
from tests.sandbox.examples import may_promote
from tests.sandbox.telegram import ALL, Telegram

EVERYTHING = dict.fromkeys(MEMBER_PERMISSIONS, True)
MEDIA = ("audios", "documents", "photos", "videos", "video_notes", "voice_notes")


def about(telegram: Telegram, user_id: int | None = None) -> dict[str, Any]:
    return {"chat_id": telegram.group.id, "user_id": user_id or telegram.second}


async def status(telegram: Telegram, user_id: int | None = None) -> str:
    return str((await telegram.call("getChatMember", **about(telegram, user_id)))["status"])


async def test_a_ban_ends_by_itself_or_by_the_bot(telegram: Telegram) -> None:
    await telegram.updates(allowed_updates=ALL)
    now = telegram.world.now()
    await telegram.call("banChatMember", **about(telegram), until_date=now + 60)
    kinds = {list(u)[1]: u for u in await telegram.updates()}
    assert kinds["chat_member"]["chat_member"]["new_chat_member"]["until_date"] == now + 60
    assert kinds["message"]["message"]["left_chat_member"]["id"] == telegram.second
    with pytest.raises(ActionError, match="may not come back"):
        telegram.act("join", **about(telegram))
    telegram.world.clock = lambda: now + 61
    assert await status(telegram) == "left"
    telegram.act("join", **about(telegram))
    await telegram.call("banChatMember", **about(telegram), until_date=now + 62)  # too short: for ever
    assert (await telegram.call("getChatMember", **about(telegram)))["until_date"] == 0
    await telegram.call("unbanChatMember", **about(telegram), only_if_banned=True)
    assert await status(telegram) == "left"


async def test_unban_removes_a_member_unless_told_not_to(telegram: Telegram) -> None:
    await telegram.call("unbanChatMember", **about(telegram), only_if_banned=True)
    assert await status(telegram) == "member"
    await telegram.call("unbanChatMember", **about(telegram))
    assert await status(telegram) == "left"
    telegram.act("join", **about(telegram))


async def test_restricted_people_do_only_what_is_left_them(telegram: Telegram) -> None:
    await telegram.updates(allowed_updates=ALL)
    await telegram.call("restrictChatMember", **about(telegram), permissions={"can_send_polls": True})
    [update] = await telegram.updates()
    new = update["chat_member"]["new_chat_member"]
    assert (new["status"], new["is_member"], new["can_send_polls"], new["can_send_messages"]) == (
        "restricted",
        True,
        True,
        True,
    )
    telegram.say("words go", telegram.second)
    with pytest.raises(ActionError, match="may not send documents here"):
        telegram.act("send_file", **about(telegram), name="a.txt", data=b"a")
    await telegram.call("restrictChatMember", **about(telegram), permissions={})
    with pytest.raises(ActionError, match="may not send text messages here"):
        telegram.say("nothing goes", telegram.second)
    await telegram.call("restrictChatMember", **about(telegram), permissions=EVERYTHING)
    assert await status(telegram) == "member"


async def test_what_permissions_imply_unless_they_are_independent(telegram: Telegram) -> None:
    wide = {"can_send_other_messages": True}
    await telegram.call("restrictChatMember", **about(telegram), permissions=wide)
    member = await telegram.call("getChatMember", **about(telegram))
    assert all(member[f"can_send_{kind}"] for kind in ("messages", *MEDIA))
    await telegram.call(
        "restrictChatMember", **about(telegram), permissions=wide, use_independent_chat_permissions=True
    )
    member = await telegram.call("getChatMember", **about(telegram))
    assert not any(member[f"can_send_{kind}"] for kind in ("messages", *MEDIA))
    assert member["can_send_other_messages"] is True


async def test_a_restriction_stays_with_who_leaves_and_comes_back(telegram: Telegram) -> None:
    await telegram.call("restrictChatMember", **about(telegram), permissions={"can_send_messages": True})
    telegram.act("leave", **about(telegram))
    member = await telegram.call("getChatMember", **about(telegram))
    assert (member["status"], member["is_member"]) == ("restricted", False)
    assert await telegram.call("getChatMemberCount", chat_id=telegram.group.id) == 3
    telegram.act("join", **about(telegram))
    assert (await telegram.call("getChatMember", **about(telegram)))["is_member"] is True


async def test_promotion_title_and_demotion(telegram: Telegram) -> None:
    may_promote(telegram)
    await telegram.updates(allowed_updates=ALL)
    await telegram.call("promoteChatMember", **about(telegram), can_pin_messages=True)
    await telegram.call("setChatAdministratorCustomTitle", **about(telegram), custom_title="Host")
    member = await telegram.call("getChatMember", **about(telegram))
    assert (member["status"], member["custom_title"], member["can_be_edited"]) == ("administrator", "Host", True)
    assert (member["can_pin_messages"], member["can_delete_messages"]) == (True, False)
    telegram.act("pin", **about(telegram), message_id=telegram.say("pin me"))
    with pytest.raises(ActionError, match="may not make links here"):
        telegram.act("create_link", chat_id=telegram.group.id, user_id=telegram.second)
    await telegram.call("promoteChatMember", **about(telegram))
    assert await status(telegram) == "member"
    changes = [u["chat_member"]["new_chat_member"]["status"] for u in await telegram.updates() if "chat_member" in u]
    assert changes == ["administrator", "administrator", "member"]


async def test_refusals_about_members(telegram: Telegram) -> None:
    world = telegram.world
    telegram.act("promote", chat_id=telegram.group.id, user_id=telegram.lin, target_id=telegram.first)
    stranger = telegram.act("add_user", first_name="Zoe")["user_id"]
    title = {"custom_title": "x"}
    cases: list[tuple[str, int, dict[str, Any], str]] = [
        ("banChatMember", telegram.lin, {}, "can't remove chat owner"),
        ("banChatMember", telegram.first, {}, "user is an administrator of the chat"),
        ("banChatMember", world.bot_id, {}, "can't restrict self"),
        ("banChatMember", 5, {}, "PARTICIPANT_ID_INVALID"),
        ("banChatMember", 0, {}, "invalid user_id specified"),
        ("restrictChatMember", telegram.lin, {"permissions": {}}, "can't remove chat owner"),
        ("restrictChatMember", telegram.second, {}, "can't parse permissions JSON object"),
        ("promoteChatMember", telegram.second, {"can_pin_messages": True}, "not enough rights"),
        ("setChatAdministratorCustomTitle", telegram.lin, title, "only creator can edit their custom title"),
        ("setChatAdministratorCustomTitle", telegram.second, title, "user is not an administrator"),
        (
            "setChatAdministratorCustomTitle",
            telegram.first,
            title,
            "not enough rights to change custom title of the user",
        ),
    ]
    for method, user_id, params, text in cases:
        place = {"chat_id": telegram.group.id, "user_id": user_id}
        assert await telegram.refusal(method, **place, **params) == f"Bad Request: {text}", (method, user_id)
    may_promote(telegram)
    place = about(telegram, telegram.first)
    assert await telegram.refusal("promoteChatMember", **place, can_pin_messages=True) == (
        "Bad Request: CHAT_ADMIN_REQUIRED"
    )
    telegram.group.members[world.bot_id].rights -= {"can_pin_messages"}
    assert await telegram.refusal("promoteChatMember", **about(telegram), can_pin_messages=True) == (
        "Bad Request: RIGHT_FORBIDDEN"
    )
    place = about(telegram, stranger)
    assert await telegram.refusal("promoteChatMember", **place, can_pin_messages=True) == (
        "Bad Request: USER_NOT_MUTUAL_CONTACT"
    )
    telegram.demote_bot()
    for method, params in (("banChatMember", {}), ("restrictChatMember", {"permissions": {}})):
        assert await telegram.refusal(method, **about(telegram), **params) == (
            "Bad Request: not enough rights to restrict/unrestrict chat member"
        )


async def test_a_basic_group_removes_but_does_not_ban(telegram: Telegram) -> None:
    world = telegram.world
    group = telegram.act("add_group", user_id=telegram.lin, title="Old")["chat_id"]
    for user_id in (world.bot_id, telegram.first):
        telegram.act("join", chat_id=group, user_id=user_id, added_by=telegram.lin)
    place = {"chat_id": group, "user_id": telegram.first}
    assert await telegram.refusal("banChatMember", **place) == "Bad Request: CHAT_ADMIN_REQUIRED"
    world.chat(group).members[world.bot_id] = Member(world.bot_id, "administrator")
    await telegram.call("banChatMember", **place)
    assert (await telegram.call("getChatMember", **place))["status"] == "left"
    assert await telegram.refusal("banChatMember", **place) == "Bad Request: USER_NOT_PARTICIPANT"
    assert await telegram.refusal("unbanChatMember", **place) == (
        "Bad Request: method is available for supergroup and channel chats only"
    )
    assert await telegram.refusal("restrictChatMember", **place, permissions={}) == (
        "Bad Request: method is available only for supergroups"
    )


async def test_the_chats_own_permissions_bind_members_and_the_bot(telegram: Telegram) -> None:
    place = {"chat_id": telegram.group.id}
    await telegram.call("setChatPermissions", **place, permissions={"can_send_photos": True})
    with pytest.raises(ActionError, match="may not send documents here"):
        telegram.act("send_file", **about(telegram), name="a.txt", data=b"a")
    await telegram.call("sendDice", **place)  # administrators may
    telegram.demote_bot()
    refusal = await telegram.refusal("sendDice", **place)
    assert refusal == "Bad Request: not enough rights to send dice to the chat"
    refusal = await telegram.refusal("setChatPermissions", **place, permissions=EVERYTHING)
    assert refusal == "Bad Request: not enough rights to change chat permissions"


async def test_administrators_are_listed_without_other_bots(telegram: Telegram) -> None:
    other = telegram.world.add_user("Other", username="OtherBot", is_bot=True)
    telegram.group.members[other.id] = Member(other.id, "administrator")
    admins = await telegram.call("getChatAdministrators", chat_id=telegram.group.id)
    assert [a["user"]["id"] for a in admins] == [telegram.lin, telegram.world.bot_id]
