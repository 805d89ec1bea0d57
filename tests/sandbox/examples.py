"""A typical call of each Bot API method: its parameters, after whatever must happen before it."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.seeding.pictures import landscape
from tests.sandbox.telegram import ALL, Telegram

Params = dict[str, Any]
Example = Callable[[Telegram], Params | Awaitable[Params]]

PICTURE = ("sea.png", landscape(3), "image/png")
CLIP = ("clip.mp4", b"\0\0\0\x18ftypmp42" + bytes(500), "video/mp4")
SOUND = ("tune.mp3", b"ID3" + bytes(500), "audio/mpeg")
VOICE = ("voice.ogg", b"OggS" + bytes(500), "audio/ogg")
STICKER = ("sticker.webp", b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0/\xff\xc1\x7f\0" + bytes(9), "image/webp")
KEYS = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}, {"text": "More", "url": "https://example.org"}]]}
OPTIONS = [{"text": "Red"}, {"text": "Blue"}]
LATER = 1_900_000_000


def in_group(**params: Any) -> Example:
    """A call about the group."""
    return lambda telegram: {"chat_id": telegram.group.id} | params


def about_person(**params: Any) -> Example:
    """A call about a member of the group."""
    return lambda telegram: {"chat_id": telegram.group.id, "user_id": telegram.second} | params


def about_post(**params: Any) -> Example:
    """A call about a message with buttons that the bot wrote."""

    async def example(telegram: Telegram) -> Params:
        sent = await telegram.call("sendMessage", chat_id=telegram.group.id, text="Well?", reply_markup=KEYS)
        return {"chat_id": telegram.group.id, "message_id": sent["message_id"]} | params

    return example


def about_words(**params: Any) -> Example:
    """A call about a message that a member wrote."""
    return lambda telegram: {"chat_id": telegram.group.id, "message_id": telegram.say("hello")} | params


def about_topic(**params: Any) -> Example:
    """A call about a topic of the forum."""

    def example(telegram: Telegram) -> Params:
        opened = telegram.act("open_topic", chat_id=telegram.group.id, user_id=telegram.lin, name="News")
        return {"chat_id": telegram.group.id, "message_thread_id": opened["thread_id"]} | params

    return example


def to_topic_elsewhere(method: str) -> Example:
    """Copies and forwards: from the group into a private chat."""

    def example(telegram: Telegram) -> Params:
        params: Params = {"chat_id": telegram.start_private(), "from_chat_id": telegram.group.id}
        if method.endswith("s"):
            return params | {"message_ids": [telegram.say("one"), telegram.say("two")]}
        return params | {"message_id": telegram.say("one")}

    return example


def nothing(_telegram: Telegram) -> Params:
    return {}


async def params_of(example: Example, telegram: Telegram) -> Params:
    """Set the stage, and give the call's parameters."""
    found = example(telegram)
    return await found if inspect.isawaitable(found) else found


async def _photo_post(telegram: Telegram) -> Params:
    sent = await telegram.upload("sendPhoto", chat_id=telegram.group.id, photo=PICTURE, caption="before")
    return {"chat_id": telegram.group.id, "message_id": sent["message_id"]}


async def _new_media(telegram: Telegram) -> Params:
    media = {"type": "photo", "media": "attach://new", "caption": "<b>after</b>", "parse_mode": "HTML"}
    return await _photo_post(telegram) | {"media": media, "new": PICTURE}


async def _caption(telegram: Telegram) -> Params:
    return await _photo_post(telegram) | {"caption": "after"}


async def _file(telegram: Telegram) -> Params:
    sent = await telegram.upload("sendPhoto", chat_id=telegram.group.id, photo=PICTURE)
    return {"file_id": sent["photo"][-1]["file_id"]}


async def _press(telegram: Telegram) -> Params:
    place = await params_of(about_post(), telegram)
    pressed = telegram.act("press", **place, user_id=telegram.first, data="yes")
    return {"callback_query_id": pressed["query_id"], "text": "done", "show_alert": True}


async def _poll(telegram: Telegram) -> Params:
    sent = await telegram.call("sendPoll", chat_id=telegram.group.id, question="Which?", options=OPTIONS)
    return {"chat_id": telegram.group.id, "message_id": sent["message_id"]}


async def _checkout(telegram: Telegram) -> Params:
    sent = await telegram.call("sendInvoice", chat_id=telegram.group.id, **INVOICE)
    place = {"chat_id": telegram.group.id, "user_id": telegram.first, "message_id": sent["message_id"]}
    return {"pre_checkout_query_id": telegram.act("pay", **place)["query_id"], "ok": True}


async def _charge(telegram: Telegram) -> Params:
    await telegram.call("answerPreCheckoutQuery", **await _checkout(telegram))
    payment = (await telegram.updates())[-1]["message"]["successful_payment"]
    return {"user_id": telegram.first, "telegram_payment_charge_id": payment["telegram_payment_charge_id"]}


def _inline(telegram: Telegram) -> Params:
    asked = telegram.act("query_inline", user_id=telegram.first, chat_id=telegram.group.id, query="sea")
    result = {"type": "article", "id": "1", "title": "Sea", "input_message_content": {"message_text": "sea"}}
    return {"inline_query_id": asked["query_id"], "results": [result], "cache_time": 0, "is_personal": True}


async def _link(telegram: Telegram) -> Params:
    link = await telegram.call("createChatInviteLink", chat_id=telegram.group.id, name="shop", expire_date=LATER)
    return {"chat_id": telegram.group.id, "invite_link": link["invite_link"]}


async def _edited_link(telegram: Telegram) -> Params:
    return await _link(telegram) | {"name": "new shop", "member_limit": 5}


def _request(telegram: Telegram) -> Params:
    visitor = telegram.act("add_user", first_name="Zoe")["user_id"]
    link = telegram.act("create_link", chat_id=telegram.group.id, user_id=telegram.lin, creates_join_request=True)
    telegram.act("join", chat_id=telegram.group.id, user_id=visitor, link=link["invite_link"])
    return {"chat_id": telegram.group.id, "user_id": visitor}


def may_promote(telegram: Telegram) -> None:
    """The bot gets the one right it usually lacks."""
    telegram.group.members[telegram.world.bot_id].rights |= {"can_promote_members"}


def _promotion(telegram: Telegram) -> Params:
    may_promote(telegram)
    return {"chat_id": telegram.group.id, "user_id": telegram.second, "can_pin_messages": True}


async def _title(telegram: Telegram) -> Params:
    place = _promotion(telegram)
    await telegram.call("promoteChatMember", **place)
    return {"chat_id": telegram.group.id, "user_id": telegram.second, "custom_title": "Host"}


async def _closed_topic(telegram: Telegram) -> Params:
    place = await params_of(about_topic(), telegram)
    await telegram.call("closeForumTopic", **place)
    return place


async def _closed_general(telegram: Telegram) -> Params:
    await telegram.call("closeGeneralForumTopic", chat_id=telegram.group.id)
    return {"chat_id": telegram.group.id}


async def _hidden_general(telegram: Telegram) -> Params:
    await telegram.call("hideGeneralForumTopic", chat_id=telegram.group.id)
    return {"chat_id": telegram.group.id}


async def _pinned(telegram: Telegram) -> Params:
    place: Params = await params_of(about_post(), telegram)
    await telegram.call("pinChatMessage", **place)
    return place


def _eleven_minutes_later(telegram: Telegram) -> Params:
    telegram.world.started_at -= 660
    return {}


async def _hook(telegram: Telegram) -> Params:
    await telegram.call("setWebhook", url="https://127.0.0.1/hook", allowed_updates=ALL, max_connections=3)
    return {}


async def _wordy(telegram: Telegram) -> Params:
    answered = telegram.say("hello")
    text = '<b>Bold</b> <a href="https://example.org">link</a> <tg-spoiler>x</tg-spoiler> #tag @name /stats 😀'
    reply = {"message_id": answered}
    return {"chat_id": telegram.group.id, "text": text, "parse_mode": "HTML", "reply_parameters": reply} | {
        "reply_markup": KEYS
    }


INVOICE = {
    "title": "Ticket",
    "description": "One seat",
    "payload": "seat-7",
    "currency": "XTR",
    "prices": [{"label": "Seat", "amount": 300}],
}
COMMANDS = [{"command": "stats", "description": "Figures"}]

EXAMPLES: dict[str, Example] = {
    "getMe": nothing,
    "getUpdates": lambda telegram: {"limit": 10, "allowed_updates": ALL, "offset": telegram.say("hello") * 0},
    "setWebhook": lambda _: {"url": "https://127.0.0.1/hook", "secret_token": "s3cret"},
    "deleteWebhook": lambda _: {"drop_pending_updates": True},
    "getWebhookInfo": _hook,
    "close": _eleven_minutes_later,
    "logOut": nothing,
    "sendMessage": _wordy,
    "sendPhoto": in_group(photo=PICTURE, caption="<i>sea</i>", parse_mode="HTML", has_spoiler=True),
    "sendDocument": in_group(document=("a.txt", b"a", "text/plain"), caption="a file"),
    "sendVideo": in_group(video=CLIP, caption="a clip", show_caption_above_media=True, thumbnail=PICTURE),
    "sendAnimation": in_group(animation=CLIP, has_spoiler=True),
    "sendAudio": in_group(audio=SOUND, title="Tune", performer="Lin"),
    "sendVoice": in_group(voice=VOICE, duration=4),
    "sendVideoNote": in_group(video_note=CLIP),
    "sendSticker": in_group(sticker=STICKER, emoji="🌸"),
    "sendDice": in_group(emoji="🎯"),
    "sendMediaGroup": in_group(
        media=[{"type": "photo", "media": "attach://a", "caption": "two"}, {"type": "video", "media": "attach://b"}],
        a=PICTURE,
        b=CLIP,
    ),
    "sendPoll": in_group(question="Which?", options=OPTIONS, type="quiz", correct_option_id=1, explanation="So."),
    "stopPoll": _poll,
    "forwardMessage": to_topic_elsewhere("forwardMessage"),
    "forwardMessages": to_topic_elsewhere("forwardMessages"),
    "copyMessage": to_topic_elsewhere("copyMessage"),
    "copyMessages": to_topic_elsewhere("copyMessages"),
    "deleteMessages": lambda telegram: {"chat_id": telegram.group.id, "message_ids": [telegram.say("one"), 999]},
    "sendInvoice": in_group(**INVOICE),
    "answerPreCheckoutQuery": _checkout,
    "refundStarPayment": _charge,
    "answerInlineQuery": _inline,
    "sendChatAction": in_group(action="typing"),
    "answerCallbackQuery": _press,
    "editMessageText": about_post(text="changed", reply_markup=KEYS),
    "editMessageReplyMarkup": about_post(reply_markup={"inline_keyboard": []}),
    "editMessageCaption": _caption,
    "editMessageMedia": _new_media,
    "deleteMessage": about_words(),
    "pinChatMessage": about_words(),
    "unpinChatMessage": _pinned,
    "setMessageReaction": about_words(reaction=[{"type": "emoji", "emoji": "👍"}]),
    "getFile": _file,
    "getChat": in_group(),
    "getChatMember": about_person(),
    "getChatMemberCount": in_group(),
    "getChatMembersCount": in_group(),
    "getChatAdministrators": in_group(),
    "leaveChat": in_group(),
    "createChatInviteLink": in_group(name="shop", expire_date=LATER, member_limit=9),
    "exportChatInviteLink": in_group(),
    "revokeChatInviteLink": _link,
    "editChatInviteLink": _edited_link,
    "approveChatJoinRequest": _request,
    "declineChatJoinRequest": _request,
    "banChatMember": about_person(until_date=LATER),
    "kickChatMember": about_person(),
    "unbanChatMember": about_person(only_if_banned=True),
    "restrictChatMember": about_person(permissions={"can_send_messages": True}, until_date=LATER),
    "setChatPermissions": in_group(permissions={"can_send_messages": True}),
    "promoteChatMember": _promotion,
    "setChatAdministratorCustomTitle": _title,
    "unpinAllChatMessages": _pinned,
    "createForumTopic": in_group(name="News", icon_color=9367192),
    "editForumTopic": about_topic(name="Old news"),
    "closeForumTopic": about_topic(),
    "reopenForumTopic": _closed_topic,
    "deleteForumTopic": about_topic(),
    "unpinAllForumTopicMessages": about_topic(),
    "editGeneralForumTopic": in_group(name="Talk"),
    "closeGeneralForumTopic": in_group(),
    "reopenGeneralForumTopic": _closed_general,
    "hideGeneralForumTopic": in_group(),
    "unhideGeneralForumTopic": _hidden_general,
    "unpinAllGeneralForumTopicMessages": in_group(),
    "setMyCommands": lambda _: {"commands": COMMANDS, "scope": {"type": "all_private_chats"}},
    "getMyCommands": nothing,
    "deleteMyCommands": nothing,
    "setMyName": lambda _: {"name": "Peak"},
    "getMyName": nothing,
    "setMyDescription": lambda _: {"description": "Figures"},
    "getMyDescription": nothing,
    "setMyShortDescription": lambda _: {"short_description": "Figures"},
    "getMyShortDescription": nothing,
    "setChatMenuButton": lambda _: {"menu_button": {"type": "commands"}},
    "getChatMenuButton": nothing,
}
