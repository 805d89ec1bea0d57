"""What people send beside texts and single files, and how they vote."""

from __future__ import annotations

from sandbox import media, polls, posting
from sandbox.acting.registry import action, present, write
from sandbox.api.media import MOST_IN_ALBUM
from sandbox.api.sending import DICE
from sandbox.errors import ActionError
from sandbox.forwarding import forward_fields
from sandbox.model import Json, Poll
from sandbox.world import World


@action
def vote(world: World, chat_id: int, user_id: int, message_id: int, option_ids: list[int]) -> None:
    """Vote in a poll; no options take the vote back."""
    present(world, world.chat(chat_id), user_id)
    polls.vote(world, world.message(chat_id, message_id), user_id, option_ids)


@action
def stop_poll(world: World, chat_id: int, user_id: int, message_id: int) -> None:
    """End a poll of one's own."""
    message = world.message(chat_id, message_id)
    poll = polls.poll_of(world, message)
    if poll is None or message.sender_id != user_id or "forward_origin" in message.extra:
        raise ActionError("not your poll")
    if not poll.is_closed:
        polls.close(world, poll)


@action
def send_poll(
    world: World,
    chat_id: int,
    user_id: int,
    question: str,
    options: list[str],
    is_anonymous: bool = True,
    allows_multiple_answers: bool = False,
    type: str = "regular",
    correct_option_id: int | None = None,
    explanation: str = "",
    thread_id: int | None = None,
) -> Json:
    """Send a poll or a quiz."""
    poll = Poll(
        id=world.next_id(),
        sender_id=user_id,
        question={"text": question.strip()},
        options=[{"text": str(option).strip()} for option in options],
        is_anonymous=is_anonymous,
        type=type,
        allows_multiple_answers=allows_multiple_answers,
        allows_revoting=type != "quiz",
        correct_option_ids=[] if correct_option_id is None else [correct_option_id],
        explanation={"text": explanation.strip()},
    )
    if type not in ("regular", "quiz"):
        raise ActionError("a poll is regular or a quiz")
    polls.check_poll(poll, world.now())
    return write(world, chat_id, user_id, polls.keep(world, poll), thread_id)


@action
def send_album(
    world: World,
    chat_id: int,
    user_id: int,
    items: list[Json],
    caption: str = "",
    thread_id: int | None = None,
    reply_to: int | None = None,
) -> Json:
    """Send two to ten files as one album; each item has name, data and mime_type, the caption goes to the first."""
    if not 2 <= len(items) <= MOST_IN_ALBUM:
        raise ActionError(f"an album has 2 to {MOST_IN_ALBUM} files")
    contents = [
        media.content_for(world, media.file_bytes(item["data"]), item["name"], item.get("mime_type", ""))
        for item in items
    ]
    if any("document" in c for c in contents) and not all("document" in c for c in contents):
        raise ActionError("documents go only with documents")
    contents[0] = posting.caption_content(contents[0], caption.strip())
    group: Json = {"media_group_id": world.next_id()}
    sent = [write(world, chat_id, user_id, c, thread_id, reply_to, extra=dict(group)) for c in contents]
    return {"message_ids": [message["message_id"] for message in sent]}


@action
def send_dice(world: World, chat_id: int, user_id: int, emoji: str = "🎲", thread_id: int | None = None) -> Json:
    """Throw a dice, a dart, a ball, or spin the reels."""
    if emoji not in DICE:
        raise ActionError(f"throw one of {' '.join(DICE)}")
    dice: Json = {"emoji": emoji, "value": world.rng.randint(1, DICE[emoji])}
    return write(world, chat_id, user_id, {"dice": dice}, thread_id)


@action
def forward(
    world: World, chat_id: int, user_id: int, message_id: int, to_chat_id: int, thread_id: int | None = None
) -> Json:
    """Forward a message to another chat, or to the bot in private (the person's own id)."""
    present(world, world.chat(chat_id), user_id)
    message = world.message(chat_id, message_id)
    if message.is_service:
        raise ActionError("a service message cannot be forwarded")
    if message.extra.get("has_protected_content"):
        raise ActionError("the message is protected")
    return write(world, to_chat_id, user_id, message.content, thread_id, extra=forward_fields(world, message))
