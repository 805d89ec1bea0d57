"""Changing a group's posting rules: what its managers press or type, and what becomes of the rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from sqlmodel import Session

from peakdrop.drops import Actor
from storage.audit import Act, note_act
from storage.posting_rules import Rules, get_rules, set_rules

GAPS: tuple[int, ...] = (0, 30, 60, 120, 240)
MOST: tuple[int, ...] = (0, 1, 2, 3, 5)
SAME: tuple[int, ...] = (0, 7, 14, 30)
NEXT: tuple[int, ...] = (0, 1, 3)
EXPLORED: tuple[int, ...] = (0, 5, 10, 20)  # per cent
NO_QUIET = (None, None)
QUIET: tuple[tuple[int | None, int | None], ...] = (NO_QUIET, (23 * 60, 7 * 60), (22 * 60, 8 * 60), (0, 8 * 60))
OFF = frozenset({"off", "none", "any", "关", "关闭", "无", "不限"})
SLOT = re.compile(r"(\d{1,2})(?::|：|点|h)?(\d{2})?$")


def press_rule(rules: Rules, name: str, value: int) -> dict[str, Any]:
    """What a button changes of the rules: `name` of the rule, `value` as its button has it.

    quiet: index into QUIET; gap, most, same, next, tries: the number itself; day: the weekday to switch; approval,
    words: 0 or 1.
    """
    if name == "quiet":
        start, end = QUIET[value % len(QUIET)]
        return dict(quiet_from=start, quiet_to=end)
    if name == "day":
        return dict(blocked_days=rules.blocked_days ^ {value % 7})
    if name == "gap":
        return dict(gap_minutes=max(0, value))
    if name == "most":
        return dict(most_a_day=max(0, value))
    if name == "same":
        return dict(same_within_days=max(0, value))
    if name == "next":
        return dict(next_shown=max(0, value))
    if name == "tries":
        return dict(explored_percent=min(max(0, value), 50))
    if name == "words":
        return dict(next_words=bool(value))
    if name == "slots":
        return dict(slots=())
    return dict(needs_approval=bool(value))


def read_rule(name: str, text: str) -> dict[str, Any] | None:
    """What a typed rule (quiet, slots) changes, "off" too; None where it cannot be read."""
    is_off = text.strip().lower() in OFF
    if name == "slots":
        slots = () if is_off else read_slots(text)
        return None if slots is None else {"slots": slots}
    quiet = NO_QUIET if is_off else read_quiet(text)
    return None if quiet is None else {"quiet_from": quiet[0], "quiet_to": quiet[1]}


def read_quiet(text: str) -> tuple[int, int] | None:
    """Quiet hours typed as 23:00-08:00, in minutes after midnight; None where they cannot be read."""
    ends = re.split(r"\s*(?:-|–|—|~|至|到|to)\s*", text.strip())
    found = [_minutes(one) for one in ends]
    if len(found) != 2 or found[0] is None or found[1] is None or found[0] == found[1]:
        return None
    return found[0], found[1]


def read_slots(text: str) -> tuple[str, ...] | None:
    """Posting times typed as 9:00 12:30 20:30, sorted as HH:MM; None where one cannot be read."""
    found = [_minutes(one) for one in re.split(r"[\s,，、;；]+", text.strip()) if one]
    if not found or len(found) > 24 or None in found:
        return None
    return tuple(f"{time(minute // 60, minute % 60):%H:%M}" for minute in sorted({m for m in found if m is not None}))


def _minutes(text: str) -> int | None:
    match = SLOT.fullmatch(text.strip())
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    return None if hour > 23 or minute > 59 else hour * 60 + minute


def change_rules(
    session: Session,
    community_id: int,
    change: Callable[[Rules], dict[str, Any]],
    by: Actor,
    what: str,
    *,
    now: datetime,
) -> Rules:
    """Change rules as they stand now, whatever a screen showed, and note who changed what."""
    kept = get_rules(session, community_id)
    values = change(kept)
    if any(getattr(kept, name) != value for name, value in values.items()):
        set_rules(session, community_id, **values)
        note_act(session, community_id, Act.RULES, by=by.person_id, now=now, detail=what)
    return get_rules(session, community_id)
