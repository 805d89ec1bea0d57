"""Users, chats, members and messages as the Bot API writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.model import (
    ADMIN_RIGHTS,
    CHANNEL_RIGHTS,
    MEMBER_PERMISSIONS,
    Chat,
    InviteLink,
    Json,
    Member,
    Message,
    Poll,
    User,
)

if TYPE_CHECKING:
    from sandbox.world import World


def user_json(user: User, *, as_sender: bool = False) -> Json:
    """A User; the language is told only where the user is the sender."""
    body: Json = {"id": user.id, "is_bot": user.is_bot, "first_name": user.first_name}
    if user.last_name:
        body["last_name"] = user.last_name
    if user.username:
        body["username"] = user.username
    if as_sender and user.language_code and not user.is_bot:
        body["language_code"] = user.language_code
    if user.is_premium:
        body["is_premium"] = True
    return body


def chat_json(world: World, chat: Chat) -> Json:
    """A Chat as it stands in messages and updates."""
    if chat.is_private:
        user = world.user(chat.id)
        body: Json = {"id": chat.id, "first_name": user.first_name}
        if user.last_name:
            body["last_name"] = user.last_name
        if user.username:
            body["username"] = user.username
        return body | {"type": "private"}
    body = {"id": chat.id, "title": chat.title}
    if chat.username:
        body["username"] = chat.username
    body["type"] = chat.type
    if chat.is_forum:
        body["is_forum"] = True
    if chat.type == "group":
        body["all_members_are_administrators"] = False
    return body


def member_json(world: World, chat: Chat, member: Member) -> Json:
    """A ChatMember with every right of its kind."""
    user = world.user(member.user_id)
    body: Json = {"user": user_json(user), "status": member.status}
    if member.status == "creator":
        body["is_anonymous"] = member.is_anonymous
    elif member.status == "administrator":
        body["can_be_edited"] = member.promoted_by == world.bot_id
        body |= {right: right in member.rights for right in ADMIN_RIGHTS}
        if chat.type == "channel":
            body |= {right: right in member.rights for right in CHANNEL_RIGHTS}
        if not chat.is_forum:
            del body["can_manage_topics"]
        body["is_anonymous"] = member.is_anonymous
    elif member.status == "restricted":
        body["is_member"] = member.is_member
        body |= {right: right in member.rights for right in MEMBER_PERMISSIONS}
        body["until_date"] = member.until_date
    elif member.status == "kicked":
        body["until_date"] = member.until_date
    if member.custom_title and member.status in ("creator", "administrator"):
        body["custom_title"] = member.custom_title
    return body


def invite_link_json(world: World, link: InviteLink, *, told: bool = False, waiting: int = 0) -> Json:
    """A ChatInviteLink; in an update (`told`) the end of other administrators' links is hidden from the bot."""
    hidden = told and link.creator_id != world.bot_id
    body: Json = {
        "invite_link": link.url[:-8] + "…" if hidden else link.url,
        "creator": user_json(world.user(link.creator_id)),
        "creates_join_request": link.creates_join_request,
        "is_primary": link.is_primary,
        "is_revoked": link.is_revoked,
    }
    if link.name:
        body["name"] = link.name
    if link.expire_date:
        body["expire_date"] = link.expire_date
    if link.member_limit:
        body["member_limit"] = link.member_limit
    if waiting:
        body["pending_join_request_count"] = waiting
    return body


def message_json(world: World, message: Message, *, with_reply: bool = True) -> Json:
    """A Message; what it replies to is shown one level deep."""
    chat = world.chat(message.chat_id)
    body: Json = {"message_id": message.id}
    if chat.type != "channel":
        body["from"] = user_json(world.user(message.sender_id), as_sender=True)
    if message.sender_chat_id is not None:
        body["sender_chat"] = chat_json(world, world.chat(message.sender_chat_id))
    if message.author_signature:
        body["author_signature"] = message.author_signature
    body["chat"] = chat_json(world, chat)
    body["date"] = message.date
    if message.edit_date:
        body["edit_date"] = message.edit_date
    body |= _thread_json(chat, message)
    if message.is_automatic_forward:
        body["is_automatic_forward"] = True
    if with_reply and message.reply_to in chat.messages:
        body["reply_to_message"] = message_json(world, chat.messages[message.reply_to], with_reply=False)
    body |= message.extra | message.content
    if "poll" in body:
        poll = world.polls[body["poll"]["id"]]
        mine = poll.sender_id == world.bot_id and "forward_origin" not in body
        body["poll"] = poll_json(poll, revealed=mine or chat.is_private)
        if poll.description.get("text"):
            body["poll"]["description"] = poll.description["text"]
            if poll.description.get("entities"):
                body["poll"]["description_entities"] = poll.description["entities"]
    if message.markup and "inline_keyboard" in message.markup:
        body["reply_markup"] = message.markup
    return body


def _thread_json(chat: Chat, message: Message) -> Json:
    """A topic's messages carry its id; elsewhere a reply carries the id of its thread's first message."""
    if message.thread_id is not None:
        return {"message_thread_id": message.thread_id, "is_topic_message": True}
    if chat.type == "supergroup" and message.reply_to in chat.messages:
        first = chat.messages[message.reply_to]
        seen = {first.id}
        while first.reply_to in chat.messages and first.reply_to not in seen:
            first = chat.messages[first.reply_to]
            seen.add(first.id)
        return {"message_thread_id": first.id}
    return {}


def persistent_id(index: int) -> str:
    """An option's lasting id, by its place in the poll."""
    return f"{index:02d}"


def poll_json(poll: Poll, *, revealed: bool) -> Json:
    """A Poll; `revealed` shows a quiz's right answer, which else only its end does."""
    counts = [0] * len(poll.options)
    for chosen in poll.votes.values():
        for index in chosen:
            counts[index] += 1
    body: Json = {"id": poll.id, "question": poll.question["text"]}
    if poll.question.get("entities"):
        body["question_entities"] = poll.question["entities"]
    body["options"] = [
        {"persistent_id": persistent_id(index), "text": option["text"]}
        | ({"text_entities": option["entities"]} if option.get("entities") else {})
        | {"voter_count": count}
        for index, (option, count) in enumerate(zip(poll.options, counts, strict=True))
    ]
    body["total_voter_count"] = len(poll.votes)
    if poll.open_period and poll.close_date:
        body["open_period"] = poll.open_period
    if poll.close_date:
        body["close_date"] = poll.close_date
    body |= {"is_closed": poll.is_closed, "is_anonymous": poll.is_anonymous, "type": poll.type}
    body |= {"allows_multiple_answers": poll.allows_multiple_answers, "allows_revoting": poll.allows_revoting}
    body["members_only"] = False
    if poll.type == "quiz" and (revealed or poll.is_closed):
        body["correct_option_ids"] = poll.correct_option_ids
        body["correct_option_id"] = poll.correct_option_ids[0]  # its older form
        if poll.explanation.get("text"):
            body["explanation"] = poll.explanation["text"]
            if poll.explanation.get("entities"):
                body["explanation_entities"] = poll.explanation["entities"]
    return body
