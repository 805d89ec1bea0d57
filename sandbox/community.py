"""Worlds to start with: a living community with a past, or an empty group."""

from __future__ import annotations

from datetime import datetime
from random import Random

from sandbox import joining, membership, wire
from sandbox.life import Life
from sandbox.media import media_json, photo_json, store_file, thumbnail_json
from sandbox.model import Chat, Json, Member, Message, Topic
from sandbox.posting import keep, text_content
from sandbox.seeding import cast, footage
from sandbox.seeding.export import telegram_export
from sandbox.seeding.habits import residents_of
from sandbox.seeding.history import Entry
from sandbox.seeding.metrics import metrics_csv
from sandbox.seeding.pictures import landscape
from sandbox.seeding.plot import Plot, make_plot
from sandbox.world import World

__all__ = ["Plot", "build_world", "load_plot", "make_plot", "metrics_csv", "telegram_export"]

SHOWN = 150  # so many of the latest messages are on the page at the start
EMPTY_GROUP_ID = -1_002_100_000_042


def build_world(seed: int, empty: bool, now: datetime) -> World:
    """A world with the manager, the bot as administrator, and members.

    With `empty` there are two members and no past; else the seeded community, the same each time for
    the same seed and `now`. All of its past is in `world.past`, for `telegram_export`.
    """
    world = World(seed=seed)
    if empty:
        _small_group(world)
    else:
        load_plot(world, make_plot(seed, now))
    for visitor in cast.VISITORS:
        world.add_user(visitor.first_name, visitor.last_name, username=visitor.username, language_code=visitor.language)
    return world


def _bot_as_admin(world: World, chat: Chat) -> None:
    chat.members[world.bot_id] = Member(
        world.bot_id, "administrator", membership.USUAL_RIGHTS, promoted_by=world.manager_id
    )


def _small_group(world: World) -> None:
    chat = world.add_chat(EMPTY_GROUP_ID, "supergroup", cast.TITLE, is_forum=True)
    people = [cast.CREATOR, *cast.cast()[2:4]]
    for person in people:
        user = world.add_user(
            person.first_name, person.last_name, username=person.username, language_code=person.language
        )
        chat.members[user.id] = Member(user.id, "creator" if person is cast.CREATOR else "member")
    world.group_id = chat.id
    world.manager_id = next(iter(chat.members))
    _bot_as_admin(world, chat)
    chat.last_message_id = 1  # the group's own beginning


def load_plot(world: World, plot: Plot) -> None:
    """Put a past into a world: all its members, and its latest messages under their own ids."""
    chat = world.add_chat(plot.group_id, "supergroup", cast.TITLE, is_forum=True)
    world.past = plot
    world.group_id = chat.id
    world.manager_id = plot.members[0].user_id
    end = int(plot.now.timestamp())
    for member in plot.members:
        person = member.person
        world.add_user(
            person.first_name,
            person.last_name,
            username=person.username,
            language_code=person.language,
            user_id=member.user_id,
        )
        if member.until >= end and member.since < end:
            chat.members[member.user_id] = _standing(world, member.user_id, person.part)
    _bot_as_admin(world, chat)
    for entry in plot.entries:
        if entry.action == "topic_created":
            name, colour = cast.TOPICS[entry.topic - 1]
            chat.topics[entry.id] = Topic(entry.id, name, colour)
    shown = [e for e in plot.entries if e.action == "topic_created"] + plot.entries[-SHOWN:]
    for entry in shown:
        keep(chat, _message(world, plot, chat, entry))
    chat.last_message_id = plot.entries[-1].id
    world.life = Life(world, residents_of(plot))
    world.life.first_message_id = chat.last_message_id + 1
    joining.new_link(world, chat, world.manager_id, is_primary=True)


def _standing(world: World, user_id: int, part: str) -> Member:
    if part == "creator":
        return Member(user_id, "creator")
    if part == "admin":
        return Member(
            user_id, "administrator", membership.USUAL_RIGHTS, custom_title="Host", promoted_by=world.manager_id
        )
    return Member(user_id)


def _message(world: World, plot: Plot, chat: Chat, entry: Entry) -> Message:
    thread_id = plot.topic_ids.get(entry.topic)
    message = Message(
        id=entry.id,
        chat_id=chat.id,
        sender_id=plot.members[entry.author].user_id,
        date=entry.at,
        content=_content(world, plot, entry),
        thread_id=thread_id,
        reply_to=None if entry.action else entry.reply or thread_id,
    )
    for emoji, giver, _ in entry.reactions:
        message.reactions.setdefault(plot.members[giver].user_id, [{"type": "emoji", "emoji": emoji}])
    return message


def _content(world: World, plot: Plot, entry: Entry) -> Json:
    if entry.action == "topic_created":
        name, colour = cast.TOPICS[entry.topic - 1]
        return {"forum_topic_created": {"name": name, "icon_color": colour}}
    if entry.action == "remove_members":
        return {"left_chat_member": wire.user_json(world.user(plot.members[entry.subject].user_id))}
    if entry.action:
        joined = plot.members[entry.subject if entry.subject >= 0 else entry.author].user_id
        return {"new_chat_members": [wire.user_json(world.user(joined))]}
    caption = {"caption": entry.text} if entry.text else {}
    if entry.media == "photo":
        picture = store_file(world, landscape(entry.id % 24), "photo.png", "image/png")
        return {"photo": photo_json(picture)} | caption
    if entry.media == "video":
        return _video(world, entry) | caption
    if entry.media == "voice":
        return {"voice": media_json(store_file(world, footage.voice(), "voice.ogg", "audio/ogg"), "voice")} | caption
    if entry.media == "sticker":
        return text_content(Random(entry.id).choice("😊😂👍🥰🎉🦌🌸"))
    return text_content(entry.text)


def _video(world: World, entry: Entry) -> Json:
    poster = store_file(world, landscape(entry.id % 24), "photo.png", "image/png")
    clip = store_file(world, footage.clip(entry.id), f"clip{entry.id}.mp4", "video/mp4")
    return {"video": media_json(clip, "video", {"thumbnails": thumbnail_json(poster)})}
