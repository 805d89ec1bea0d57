"""What Telegram's errors mean for a post: wait, follow, stop, mend, or doubt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from handlers.content_calls import MissingFile

FLOOD_UNTOLD = 5.0  # seconds to wait where a 429 does not say how long


class Verdict(Enum):
    """What to do about a call that failed."""

    FLOOD = "flood"  # nothing was done: wait, in this chat only
    MIGRATED = "migrated"  # nothing was done: the chat has a new id
    HALTED = "halted"  # nothing was done, and nothing can be posted there
    REFUSED = "refused"  # nothing was done: this content cannot be posted
    UNSENT = "unsent"  # Telegram was not reached: nothing was done
    DOUBT = "doubt"  # perhaps it was done


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict; `reason` is one of our words (rendering.delivery), `detail` is Telegram's own."""

    verdict: Verdict
    reason: str = ""
    detail: str = ""
    seconds: float = 0.0
    new_chat_id: int = 0


# The first that matches decides; Telegram's texts are listed with their places in docs/delivery.md.
_HALTS = (
    (r"bot was kicked", "kicked"),
    (r"bot is not a member", "not_member"),
    (r"chat not found|channel_private|peer_id_invalid", "not_found"),
    (r"group chat was deactivated|chat was deleted", "not_found"),
    (r"need administrator rights|chat_admin_required", "no_right"),
    (r"not enough rights to send text messages", "no_right"),
    (r"have no rights to send|chat_write_forbidden|chat_restricted|user_banned_in_channel", "no_right"),
)
_REFUSALS = (
    (r"message is too long|caption is too long|media_caption_too_long|message_too_long", "too_long"),
    (r"message thread not found|topic_closed|topic_deleted|topic_id_invalid", "topic"),
    (r"not enough rights to send|chat_send_\w+_forbidden", "no_media_right"),
    (r"wrong file identifier|wrong remote file|file reference|wrong type of file|file_id", "file_gone"),
    (r"failed to get http url|wrong http url|wrong type of the web page|webpage_|url host is empty", "address"),
    (r"too large|too big|photo_invalid_dimensions|file must be non-empty", "too_large"),
    (r"can't parse entities|entity|entities", "formatting"),
    (r"button_url_invalid|inline keyboard button url|button_data_invalid|reply markup", "buttons"),
    (r"poll", "poll"),
)


def judge(error: Exception) -> Judged:
    """What an error of a call means. Whatever is not known to have done nothing leaves a doubt."""
    detail = str(error)
    if isinstance(error, MissingFile):
        return Judged(Verdict.REFUSED, "file_missing", detail)
    if isinstance(error, RetryAfter):
        return Judged(Verdict.FLOOD, "flood", detail, seconds=seconds_of(error))
    if isinstance(error, ChatMigrated):
        return Judged(Verdict.MIGRATED, new_chat_id=error.new_chat_id)
    if isinstance(error, InvalidToken):
        return Judged(Verdict.UNSENT, "token", detail)
    if isinstance(error, (Forbidden, BadRequest)):
        return _judge_refusal(error)
    if isinstance(error, NetworkError):
        return _judge_network(error)
    return Judged(Verdict.DOUBT, "doubt", detail)


def _judge_refusal(error: TelegramError) -> Judged:
    detail = str(error)
    if "failed to send message #" in detail.lower():
        return Judged(Verdict.DOUBT, "doubt", detail)  # of an album: its other parts may stand there
    halt = next((word for pattern, word in _HALTS if re.search(pattern, detail.lower())), None)
    if halt is None and isinstance(error, Forbidden):
        halt = "no_right"
    if halt is not None:
        return Judged(Verdict.HALTED, halt, detail)
    found = next((word for pattern, word in _REFUSALS if re.search(pattern, detail.lower())), "refused")
    return Judged(Verdict.REFUSED, found, detail)


def _judge_network(error: NetworkError) -> Judged:
    """Where the connection itself was not made, or no free one was had, nothing has left this machine."""
    detail, cause = str(error), error.__cause__
    if isinstance(cause, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)):
        return Judged(Verdict.UNSENT, "unreachable", type(cause).__name__)
    if isinstance(cause, httpx.UnsupportedProtocol):
        return Judged(Verdict.UNSENT, "unreachable", type(cause).__name__)
    if "too many requests" in detail.lower():
        return Judged(Verdict.FLOOD, "flood", detail, seconds=FLOOD_UNTOLD)
    if "entity too large" in detail.lower():
        return Judged(Verdict.REFUSED, "too_large", detail)
    return Judged(Verdict.DOUBT, "doubt", detail or type(error).__name__)


def is_refusal(error: Exception) -> bool:
    """Whether a failed call surely did nothing."""
    return judge(error).verdict is not Verdict.DOUBT


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks to wait."""
    wait = error.retry_after
    return float(wait) if isinstance(wait, (int, float)) else wait.total_seconds()
