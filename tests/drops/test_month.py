"""The month as a picture: every drop of its days, and as many more as do not fit, in any month and script."""

from __future__ import annotations

import struct
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from peakdrop.queue import MonthReport, free_days, month_after, weeks_of
from rendering.catalog import get_catalog
from rendering.charts.canvas import Canvas
from rendering.charts.month import month_chart
from storage.communities import CommunityView
from storage.drop_content import Content
from storage.drops import DropView, State
from storage.posting_rules import Rules
from tests.drops.conftest import NOW, ZONE
from tests.drops.test_lint import BLANK

GROUP = CommunityView(1, "supergroup", "小鹿日常 · Deer Diaries", -1, True, ZONE, None, False, NOW)


def month(first: date, drops: list[tuple[datetime, DropView]], **rules: Any) -> MonthReport:
    return MonthReport(GROUP, first, date(2026, 11, 24), tuple(drops), Rules(**rules))


def drop(number: int, text: str = "新片", state: State = State.SCHEDULED) -> DropView:
    return replace(BLANK, number=number, content=Content(text), state=state)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    texts: list[str] = []
    put = Canvas.text

    def note(self: Canvas, x: float, y: float, text: str, **how: Any) -> None:
        texts.append(text)
        put(self, x, y, text, **how)

    monkeypatch.setattr(Canvas, "text", note)
    return texts


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("first", [date(2026, 11, 1), date(2027, 2, 1), date(2026, 8, 1)])
def test_every_day_stands_once_and_nothing_is_small(language: str, first: date, written: list[str]) -> None:
    at = datetime(first.year, first.month, 5, 20, 30)
    png = month_chart(month(first, [(at, drop(1))], blocked_days=frozenset({6})), get_catalog(language))
    assert struct.unpack(">II", png[16:24]) == (1280, 960)
    days = [int(text) for text in written if text.isdigit()]
    assert days == list(range(1, (month_after(first) - first).days + 1))
    assert any(text.startswith("20:30") for text in written)


def test_of_many_drops_the_first_stand_and_the_rest_are_counted(written: list[str]) -> None:
    drops = [(datetime(2026, 11, 26, 9 + n), drop(n)) for n in range(9)]
    month_chart(month(date(2026, 11, 1), drops), get_catalog("en"))
    shown = [text for text in written if text[2:3] == ":"]
    assert f"+{9 - len(shown)} more" in written
    assert "9 drops coming" in written


def test_weeks_and_free_days() -> None:
    assert [len(weeks_of(date(2026, month, 1))) for month in (2, 8, 11)] == [5, 6, 6]
    busy = [(datetime(2026, 11, 26, 9), drop(1))]
    assert free_days(month(date(2026, 11, 1), busy, blocked_days=frozenset({6}))) == 5
    assert month_after(date(2026, 12, 9)) == date(2027, 1, 1)
    assert month_after(date(2026, 1, 31), -1) == date(2025, 12, 1)
