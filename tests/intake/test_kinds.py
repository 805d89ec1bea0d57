"""Each kind of interaction: the update that tells it, the rows of the log, and what the rollups then count."""

from __future__ import annotations

import pytest

from storage.kinds import Actor, Flag, Kind
from storage.store import Store
from tests.intake.storing import counts, deliver, log, query
from tests.intake.updates import (
    CHANNEL,
    GROUP,
    NOW,
    TOPIC,
    Json,
    chat,
    command,
    message,
    poll,
    press,
    reaction,
    reaction_count,
    sender,
    standing,
    update,
    user,
    vote,
)
from tests.storage.recount import assert_rollups_agree

K, F = Kind, Flag
FILE: Json = {"file_id": "x", "file_unique_id": "y"}
PHOTO: Json = {"photo": [FILE | {"width": 1, "height": 1}]}
PLACE: Json = {"latitude": 1.5, "longitude": 2}
PARENT: Json = {"message_id": 3, "date": NOW, "chat": chat(), "text": "earlier"}
ROOT: Json = {"message_id": 77, "date": NOW, "chat": chat(), "forum_topic_created": {"name": "News", "icon_color": 1}}
POSTED: Json = PARENT | {"is_automatic_forward": True}
AS_CHANNEL: Json = {"from": user(99, is_bot=True), "sender_chat": chat(CHANNEL)}
AS_GROUP: Json = {"from": user(0, id=1087968824, is_bot=True), "sender_chat": chat(GROUP)}
ORIGIN: Json = {"forward_origin": {"type": "hidden_user", "date": NOW, "sender_user_name": "Someone"}}
BY_GROUP: Json = {"user": None, "actor_chat": chat(GROUP)}
M, B, ADMIN, CH = Actor.MEMBER, Actor.BOT, Actor.ANONYMOUS_ADMIN, Actor.CHANNEL

# name: (bodies in the order they come, rows as (kind, actor, flags, size), counts)
Row = tuple[int, ...]
MESSAGES: dict[str, tuple[list[Json], list[Row], dict[Kind, int]]] = {
    "text": ([message(5)], [(K.TEXT, M, 0, 11)], {K.TEXT: 1}),
    "photo with a caption": ([message(5, **PHOTO, caption="look")], [(K.PHOTO, M, 0, 4)], {K.PHOTO: 1}),
    "video": ([message(5, video=FILE)], [(K.VIDEO, M, 0, 0)], {K.VIDEO: 1}),
    "video note": ([message(5, text=None, video_note=FILE)], [(K.VIDEO_NOTE, M, 0, 0)], {K.VIDEO_NOTE: 1}),
    "voice": ([message(5, text=None, voice=FILE)], [(K.VOICE, M, 0, 0)], {K.VOICE: 1}),
    "audio": ([message(5, text=None, audio=FILE)], [(K.AUDIO, M, 0, 0)], {K.AUDIO: 1}),
    "document": ([message(5, text=None, document=FILE)], [(K.DOCUMENT, M, 0, 0)], {K.DOCUMENT: 1}),
    "animation": (
        [message(5, text=None, animation=FILE, document=FILE)],
        [(K.ANIMATION, M, 0, 0)],
        {K.ANIMATION: 1},
    ),
    "sticker": ([message(5, text=None, sticker=FILE)], [(K.STICKER, M, 0, 0)], {K.STICKER: 1}),
    "poll": ([message(5, **poll("9"))], [(K.POLL, M, 0, 0)], {K.POLL: 1}),
    "location": ([message(5, text=None, location=PLACE)], [(K.LOCATION, M, 0, 0)], {K.LOCATION: 1}),
    "venue": (
        [message(5, text=None, location=PLACE, venue={"title": "Bar", "location": PLACE})],
        [(K.LOCATION, M, 0, 0)],
        {K.LOCATION: 1},
    ),
    "story": ([message(5, text=None, story={"id": 1, "chat": chat()})], [(K.STORY, M, 0, 0)], {K.STORY: 1}),
    "dice": ([message(5, text=None, dice={"emoji": "🎲", "value": 3})], [(K.OTHER, M, 0, 0)], {K.OTHER: 1}),
    "paid media": (
        [message(5, text=None, paid_media={"star_count": 25, "paid_media": []})],
        [(K.OTHER, M, 0, 0), (K.PAID_STAR, M, 0, 25)],
        {K.OTHER: 1, K.PAID_STAR: 1},
    ),
    "album of two": (
        [message(5, **PHOTO, media_group_id="7"), message(6, **PHOTO, media_group_id="7")],
        [(K.PHOTO, M, F.ALBUM, 0)] * 2,
        {K.PHOTO: 2},
    ),
    "reply": ([message(5, reply_to_message=PARENT)], [(K.TEXT, M, F.REPLY, 11)], {K.TEXT: 1, K.REPLY: 1}),
    "reply to a message of another chat": (
        [message(5, external_reply={"origin": {}})],
        [(K.TEXT, M, F.REPLY, 11)],
        {K.TEXT: 1, K.REPLY: 1},
    ),
    "forward": ([message(5, **ORIGIN)], [(K.TEXT, M, F.FORWARD, 11)], {K.TEXT: 1, K.FORWARD: 1}),
    "in a topic, which replies to its root": (
        [message(5, **TOPIC, reply_to_message=ROOT)],
        [(K.TEXT, M, F.TOPIC, 11)],
        {K.TEXT: 1},
    ),
    "a reply in a topic": (
        [message(5, **TOPIC, reply_to_message=PARENT)],
        [(K.TEXT, M, F.TOPIC | F.REPLY, 11)],
        {K.TEXT: 1, K.REPLY: 1},
    ),
    "command": ([message(5, **command("/stats 7d"))], [(K.COMMAND, M, 0, 9)], {K.COMMAND: 1}),
    "a slash that is no command": ([message(5, text="/ or")], [(K.TEXT, M, 0, 4)], {K.TEXT: 1}),
    "pin": ([message(5, text=None, pinned_message=PARENT)], [(K.PIN, M, 0, 0)], {K.PIN: 1}),
    "topic opened": (
        [message(77, text=None, **TOPIC, forum_topic_created={"name": "News"})],
        [(K.TOPIC_OPENED, M, F.TOPIC, 0)],
        {K.TOPIC_OPENED: 1},
    ),
    "topic closed": (
        [message(80, text=None, **TOPIC, forum_topic_closed={})],
        [(K.TOPIC_CLOSED, M, F.TOPIC, 0)],
        {K.TOPIC_CLOSED: 1},
    ),
    "boost": ([message(5, text=None, boost_added={"boost_count": 2})], [(K.BOOST, M, 0, 0)], {K.BOOST: 1}),
    "a new title is nobody's interaction": ([message(5, text=None, new_chat_title="Bakers")], [], {}),
    "automatic forward of a channel post": (
        [message(5, None, **AS_CHANNEL, is_automatic_forward=True, **ORIGIN)],
        [(K.TEXT, CH, F.AUTO_FORWARD, 11)],
        {K.TEXT: 1},
    ),
    "comment on a channel post": (
        [message(6, message_thread_id=5, reply_to_message=POSTED)],
        [(K.TEXT, M, F.REPLY | F.COMMENT, 11)],
        {K.TEXT: 1, K.REPLY: 1, K.COMMENT: 1},
    ),
    "anonymous admin": ([message(5, None, **AS_GROUP)], [(K.TEXT, ADMIN, 0, 11)], {K.TEXT: 1}),
    "a channel as itself": ([message(5, None, **AS_CHANNEL)], [(K.TEXT, CH, 0, 11)], {K.TEXT: 1}),
    "a bot": (
        [message(5, None, **sender(50, is_bot=True))],
        [(K.TEXT, B, 0, 11)],
        {K.BOT_MESSAGE: 1},
    ),
    "service messages of two who join at once": (
        [message(5, 1, new_chat_members=[user(1), user(2)])],
        [(K.JOIN, M, F.NOTICE, 0)] * 2,
        {K.JOIN: 2},
    ),
    "service message of one who leaves": (
        [message(5, 1, left_chat_member=user(1))],
        [(K.LEAVE, M, F.NOTICE, 0)],
        {K.LEAVE: 1},
    ),
    "service message of one who is removed": (
        [message(5, 2, left_chat_member=user(1))],
        [(K.REMOVAL, M, F.NOTICE, 0)],
        {K.REMOVAL: 1},
    ),
    "private": ([message(5, chat_id=5_000_001)], [], {}),
}
LINK: Json = {"invite_link": {"invite_link": "https://t.me/+abc"}}
Case = tuple[list[tuple[str, Json]], list[Row], dict[Kind, int]]
OTHERS: dict[str, Case] = {
    "edit": (
        [("message", message(5)), ("edited_message", message(5, edit_date=NOW + 9, text="hello"))],
        [(K.TEXT, M, 0, 11), (K.EDIT, M, 0, 0)],
        {K.TEXT: 1, K.EDIT: 1},
    ),
    "edit of a message never seen": (
        [("edited_message", message(5, edit_date=NOW + 9))],
        [(K.TEXT, M, F.FROM_EDIT, 0), (K.EDIT, M, 0, 0)],
        {K.TEXT: 1, K.EDIT: 1},
    ),
    "edit of paid media before its message": (
        [
            ("edited_message", message(5, edit_date=NOW + 9, text=None, paid_media={"star_count": 25})),
            ("message", message(5, text=None, caption="see", paid_media={"star_count": 25})),
        ],
        [(K.OTHER, M, 0, 3), (K.EDIT, M, 0, 0), (K.PAID_STAR, M, 0, 25)],
        {K.OTHER: 1, K.EDIT: 1, K.PAID_STAR: 1},
    ),
    "reaction added": (
        [("message_reaction", reaction(5, 1, [], ["👍"]))],
        [(K.REACTION_ADDED, M, 0, 0)],
        {K.REACTION_ADDED: 1},
    ),
    "reaction changed": (
        [("message_reaction", reaction(5, 1, ["👍"], ["❤"]))],
        [(K.REACTION_ADDED, M, 0, 0), (K.REACTION_REMOVED, M, 0, 0)],
        {K.REACTION_ADDED: 1, K.REACTION_REMOVED: 1},
    ),
    "second reaction beside the first": (
        [("message_reaction", reaction(5, 1, ["👍"], ["👍", "❤"]))],
        [(K.REACTION_ADDED, M, 0, 0)],
        {K.REACTION_ADDED: 1},
    ),
    "paid reaction": (
        [("message_reaction", reaction(5, 1, [], []) | {"new_reaction": [{"type": "paid"}]})],
        [(K.REACTION_ADDED, M, 0, 0)],
        {K.REACTION_ADDED: 1},
    ),
    "reaction of an anonymous admin": (
        [("message_reaction", reaction(5, 1, [], ["👍"]) | BY_GROUP)],
        [(K.REACTION_ADDED, ADMIN, 0, 0)],
        {K.REACTION_ADDED: 1},
    ),
    "totals of reactions, the newest wins": (
        [
            ("message_reaction_count", reaction_count(5, 7, at=NOW + 60)),
            ("message_reaction_count", reaction_count(5, 4)),
        ],
        [],
        {K.REACTION_UNNAMED: 7},
    ),
    "totals beside named changes": (
        [("message_reaction", reaction(5, 1, [], ["👍"])), ("message_reaction_count", reaction_count(5, 4))],
        [(K.REACTION_ADDED, M, 0, 0)],
        {K.REACTION_ADDED: 1, K.REACTION_UNNAMED: 3},
    ),
    "join by a link": ([("chat_member", standing(1, "left", "member", **LINK))], [(K.JOIN, M, 0, 0)], {K.JOIN: 1}),
    "leave": ([("chat_member", standing(1, "member", "left"))], [(K.LEAVE, M, 0, 0)], {K.LEAVE: 1}),
    "ban": ([("chat_member", standing(1, "member", "kicked"))], [(K.REMOVAL, M, 0, 0)], {K.REMOVAL: 1}),
    "promotion is no join": ([("chat_member", standing(1, "member", "administrator"))], [], {}),
    "join told twice, the notice first": (
        [("message", message(5, 1, new_chat_members=[user(1)])), ("chat_member", standing(1, "left", "member"))],
        [(K.JOIN, M, F.NOTICE | F.DOUBLED, 0), (K.JOIN, M, 0, 0)],
        {K.JOIN: 1},
    ),
    "press": ([("callback_query", press(1, 1, 5))], [(K.PRESS, M, 0, 0)], {K.PRESS: 1}),
    "vote after its poll": (
        [("message", message(5, **poll("9"))), ("poll_answer", vote("9", 2, 0))],
        [(K.POLL, M, 0, 0), (K.VOTE, M, 0, 0)],
        {K.POLL: 1, K.VOTE: 1},
    ),
    "vote before its poll, then taken back": (
        [
            ("poll_answer", vote("9", 2, 0)),
            ("poll_answer", vote("9", 2)),
            ("message", message(5, **poll("9"))),
        ],
        [(K.POLL, M, 0, 0), (K.VOTE, M, 0, 0), (K.VOTE_RETRACTED, M, 0, 0)],
        {K.POLL: 1, K.VOTE: 1, K.VOTE_RETRACTED: 1},
    ),
    "channel post": (
        [("channel_post", message(5, None, CHANNEL, sender_chat=chat(CHANNEL)))],
        [(K.TEXT, CH, F.CHANNEL_POST, 11)],
        {K.TEXT: 1},
    ),
    "the bot's own standing is no interaction": ([("my_chat_member", standing(1, "left", "member"))], [], {}),
}
CASES: dict[str, Case] = {
    name: ([("message", body) for body in bodies], rows, counted) for name, (bodies, rows, counted) in MESSAGES.items()
} | OTHERS


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("at_once", [True, False], ids=["one batch", "one by one"])
def test_each_kind_is_logged_and_counted(store: Store, name: str, at_once: bool) -> None:
    bodies, rows, counted = CASES[name]
    updates = [update(number, kind, body) for number, (kind, body) in enumerate(bodies, 1)]
    for batch in [updates] if at_once else [[one] for one in updates]:
        deliver(store, *batch)
    assert sorted(log(store)) == sorted((int(k), int(a), int(f), size) for k, a, f, size in rows)
    assert counts(store) == {int(kind): n for kind, n in counted.items()}
    store.read_now(assert_rollups_agree)
    assert query(store, "SELECT reason FROM quarantined_update") == []


def test_details_that_a_row_carries(store: Store) -> None:
    custom = reaction(5, 1, [], []) | {"new_reaction": [{"type": "custom_emoji", "custom_emoji_id": "42"}]}
    deliver(
        store,
        update(1, "message", message(5, reply_to_message=PARENT)),
        update(2, "message_reaction", custom),
        update(3, "message_reaction", reaction(5, 2, [], ["👍"])),
        update(4, "chat_member", standing(1, "left", "member", **LINK)),
    )
    assert query(store, "SELECT kind, ref, detail FROM interaction ORDER BY kind, detail") == [
        (K.TEXT, 3, None),
        (K.REACTION_ADDED, 0, "custom:42"),
        (K.REACTION_ADDED, 0, "👍"),
        (K.JOIN, 0, "https://t.me/+abc"),
    ]


def test_only_members_count_as_active_people(store: Store) -> None:
    deliver(
        store,
        update(1, "message", message(5, 1)),
        update(2, "message", message(6, None, **AS_GROUP)),
        update(3, "message", message(7, None, **AS_CHANNEL)),
        update(4, "message", message(8, None, **sender(50, is_bot=True))),
        update(5, "message_reaction", reaction(5, 2, [], ["👍"])),
    )
    assert query(store, "SELECT member_id FROM member_day ORDER BY member_id") == [(5_000_001,), (5_000_002,)]


def test_no_text_is_stored(store: Store) -> None:
    secret = "my own words"
    bodies = [
        message(5, text=secret),
        message(6, **PHOTO, caption=secret),
        message(7, reply_to_message=PARENT | {"text": secret}),
        message(8, **poll("9") | {"poll": poll("9")["poll"] | {"question": secret}}),
    ]
    updates = [update(number, "message", body) for number, body in enumerate(bodies)]
    broken = update(9, "message", message(9, text=secret) | {"date": secret})
    deliver(store, *updates, broken, update(10, "secret_kind", {"text": secret}))
    assert len(query(store, "SELECT * FROM update_id")) == 6
    store.close()
    assert not [path for path in store.folder.iterdir() if secret.encode() in path.read_bytes()]
