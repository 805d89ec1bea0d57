"""Which messages reach the bot: its rights, privacy mode, and since when it is in the chat."""

from __future__ import annotations

from sandbox.entity_scan import commands_in
from sandbox.model import Chat, Message
from sandbox.world import World


def bot_sees(world: World, chat: Chat, message: Message) -> bool:
    """Whether an incoming or edited message reaches the bot."""
    if chat.is_private:
        return not world.user(chat.id).bot_blocked
    if not world.bot_present(chat) or message.id <= chat.bot_since:
        return False
    if message.is_service:
        return True
    if _by_other_bot(world, message):
        return False
    return chat.type == "channel" or reads_all(world, chat) or _meant_for_us(world, chat, message)


def reads_all(world: World, chat: Chat) -> bool:
    """Whether privacy mode keeps nothing from the bot: it is administrator, or the mode is off."""
    return world.bot_is_admin(chat) or world.reads_all_messages


def _by_other_bot(world: World, message: Message) -> bool:
    """Written by a bot; what anonymous administrators and channels write comes from accounts that are bots too."""
    sender = world.user(message.sender_id)
    return sender.is_bot and sender.id != world.bot_id and message.sender_chat_id is None


def _meant_for_us(world: World, chat: Chat, message: Message) -> bool:
    """Each message is for one bot at most: the one replied to before all, then the one named or used."""
    target = chat.messages.get(message.reply_to or 0)
    if target is not None and not target.is_service and _by_other_bot(world, target):
        return False
    answers_us = target is not None and (target.sender_id == world.bot_id or _asks_us(world, chat, target))
    return answers_us or _asks_us(world, chat, message)


def _asks_us(world: World, chat: Chat, message: Message) -> bool:
    """A command with our name, a message sent via us, or a general command while no other bot wrote last."""
    text = message.content.get("text") or message.content.get("caption") or ""
    entities = message.content.get("entities") or message.content.get("caption_entities") or []
    named = [command.partition("@")[2].lower() for command in commands_in(text, entities)]
    if world.bot.username.lower() in named:
        return True
    via = message.extra.get("via_bot", {}).get("id")
    if via is not None or any(named):
        return bool(via == world.bot_id)
    return bool(named) and _last_bot(world, chat, message.id) in (None, world.bot_id)


def _last_bot(world: World, chat: Chat, before: int) -> int | None:
    """The bot that wrote last in a chat before a message; None where none did."""
    for other in reversed(chat.messages.values()):
        if other.id >= before or other.is_service:
            continue
        if other.sender_id == world.bot_id or _by_other_bot(world, other):
            return other.sender_id
    return None
