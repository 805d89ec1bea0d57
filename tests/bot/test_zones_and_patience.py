"""Time zones by what people call them; a limit on answers that is said once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.patience import ANSWERS, SPAN, Patience, Verdict
from peakdrop.zones import COMMON, find_zone, likely_zones

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Asia/Shanghai", "Asia/Shanghai"),
        ("asia/shanghai", "Asia/Shanghai"),
        ("shanghai", "Asia/Shanghai"),
        ("北京", "Asia/Shanghai"),
        (" New  York ", "America/New_York"),
        ("new_york", "America/New_York"),
        ("UTC+8", "Etc/GMT-8"),
        ("gmt -3", "Etc/GMT+3"),
        ("utc", "UTC"),
    ],
)
def test_zones_are_found(typed: str, zone: str) -> None:
    assert find_zone(typed).zone == zone


def test_an_offset_means_what_people_mean() -> None:
    zone = find_zone("UTC+8").zone
    assert zone is not None
    assert NOON.astimezone(ZoneInfo(zone)).hour == 20


def test_what_is_no_zone_gets_some_that_sound_alike() -> None:
    found = find_zone("Shanghia")
    assert found.zone is None
    assert "Asia/Shanghai" in found.near
    assert find_zone("xyzzy").near
    assert find_zone("UTC+99").zone is None


def test_the_zone_in_force_is_among_those_offered() -> None:
    assert likely_zones("Asia/Kathmandu")[0] == "Asia/Kathmandu"
    assert likely_zones("UTC") == COMMON


def test_patience_says_once_that_it_is_enough() -> None:
    patience = Patience()
    verdicts = [patience.ask(-1, NOON + timedelta(seconds=second)) for second in range(ANSWERS + 3)]
    assert verdicts == [Verdict.ANSWER] * ANSWERS + [Verdict.SAY_ONCE, Verdict.SILENT, Verdict.SILENT]
    assert patience.ask(-2, NOON) is Verdict.ANSWER  # another chat
    assert patience.ask(-1, NOON + SPAN + timedelta(minutes=1)) is Verdict.ANSWER
