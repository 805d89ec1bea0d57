"""Reactions: who gave which to what."""

from __future__ import annotations

from sandbox.errors import ActionError
from sandbox.model import Json, Message
from sandbox.notices import announce_reaction
from sandbox.world import World

# The emoji Telegram lets everybody react with.
REACTIONS = tuple(
    [
        "👍",
        "👎",
        "❤",
        "🔥",
        "🥰",
        "👏",
        "😁",
        "🤔",
        "🤯",
        "😱",
        "🤬",
        "😢",
        "🎉",
        "🤩",
        "🤮",
        "💩",
        "🙏",
        "👌",
        "🕊",
        "🤡",
        "🥱",
        "🥴",
        "😍",
        "🐳",
        "❤\u200d🔥",
        "🌚",
        "🌭",
        "💯",
        "🤣",
        "⚡",
        "🍌",
        "🏆",
        "💔",
        "🤨",
        "😐",
        "🍓",
        "🍾",
        "💋",
        "🖕",
        "😈",
        "😴",
        "😭",
        "🤓",
        "👻",
        "👨\u200d💻",
        "👀",
        "🎃",
        "🙈",
        "😇",
        "😨",
        "🤝",
        "✍",
        "🤗",
        "🫡",
        "🎅",
        "🎄",
        "☃",
        "💅",
        "🤪",
        "🗿",
        "🆒",
        "💘",
        "🙉",
        "🦄",
        "😘",
        "💊",
        "🙊",
        "😎",
        "👾",
        "🤷\u200d♂",
        "🤷",
        "🤷\u200d♀",
        "😡",
    ]
)


def plain(emoji: str) -> str:
    """An emoji as the Bot API writes it: without the variation selector at its end."""
    return emoji.removesuffix("\ufe0f")


def set_reactions(world: World, message: Message, user_id: int, given: list[Json]) -> None:
    """Replace somebody's reactions to a message; the same ones again are no change."""
    old = message.reactions.get(user_id, [])
    if old == given:
        return
    if given:
        message.reactions[user_id] = given
    else:
        message.reactions.pop(user_id, None)
    announce_reaction(world, message, user_id, old)


def toggle(world: World, message: Message, user_id: int, emoji: str) -> None:
    """A tap on an emoji: sets it, changes to it, or takes it back. Premium users may give three.

    Raises:
        ActionError: not one of Telegram's reactions.
    """
    emoji = plain(emoji)
    if emoji not in REACTIONS:
        raise ActionError(f"{emoji} is not a reaction")
    chosen: Json = {"type": "emoji", "emoji": emoji}
    old = message.reactions.get(user_id, [])
    if chosen in old:
        set_reactions(world, message, user_id, [r for r in old if r != chosen])
    elif world.user(user_id).is_premium:
        set_reactions(world, message, user_id, [*old[-2:], chosen])
    else:
        set_reactions(world, message, user_id, [chosen])
