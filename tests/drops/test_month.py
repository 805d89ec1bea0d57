"""The month as a picture: every drop of its days, and as many more as do not fit, in any month and script."""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session

from peakdrop.queue import MonthReport, Planned, free_days, month_after, report_month, weeks_of
from rendering.catalog import get_catalog
from rendering.charts.canvas import LIGHT, Canvas
from rendering.charts.month import month_chart
from storage.communities import CommunityView
from storage.drop_content import Content, Repeat
from storage.drops import DropView, State, add_drop, change_drop
from storage.posting_rules import Rules, set_rules
from storage.store import Store
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


def test_a_full_day_has_room_while_other_weeks_are_quiet(written: list[str]) -> None:
    drops = [(datetime(2026, 11, 26, 9 + n), drop(n, "The lighthouse")) for n in range(5)]
    month_chart(month(date(2026, 11, 1), drops), get_catalog("en"))
    assert [text for text in written if ":" in text] == ["09:00", "10:00", "11:00", "12:00", "13:00"]
    assert len([text for text in written if text.startswith("The light")]) == 5
    assert not [text for text in written if "more" in text]


def test_of_many_drops_the_first_stand_and_the_rest_are_counted(written: list[str]) -> None:
    drops = [(datetime(2026, 11, 26, 9, 10 * n % 60), drop(n)) for n in range(19)]
    month_chart(month(date(2026, 11, 1), drops), get_catalog("en"))
    shown = [text for text in written if text[2:3] == ":"]
    assert f"+{19 - len(shown)} more" in written
    assert "19 drops coming" in written


def test_a_series_stands_on_all_its_dates_of_a_month_up_to_its_end(any_store: Store, community: int) -> None:
    daily = Repeat(date(2026, 11, 28), at="09:00", until=date(2026, 12, 3))
    peaks = Repeat(date(2026, 11, 27), every=2)

    def queue(session: Session, repeat: Repeat, occurrence: str, **values: Any) -> None:
        number = add_drop(session, community, now=NOW, author_id=1, content=Content("早安"), state=State.SCHEDULED)
        values |= {"repeat": repeat, "series": number, "occurrence": occurrence, "due_at": NOW + timedelta(days=4)}
        change_drop(session, community, number, {State.SCHEDULED}, now=NOW, **values)

    any_store.write_now(lambda session: queue(session, daily, "2026-11-28T09:00"))
    any_store.write_now(lambda session: queue(session, peaks, "2026-11-27"))
    any_store.write_now(lambda session: set_rules(session, community, blocked_days=frozenset({6})))
    found = {}
    for first in (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2026, 10, 1)):
        report = any_store.read_now(partial(report_month, community=GROUP, first=first, timezone=ZONE, now=NOW))
        found[first.month] = [(one.local.day, one.has_time) for one in report.planned]
    assert found[11] == [(29, True), (30, True)]  # Sunday 29 is blocked: no peak is looked for then
    assert found[12][:5] == [(1, False), (1, True), (2, True), (3, False), (3, True)]
    assert found[12][5:] == [(day, False) for day in range(5, 32, 2) if day not in (6, 13, 20, 27)]
    assert found[1][:2] == [(2, False), (4, False)]
    assert found[10] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_a_series_brings_is_light_and_without_a_time_where_the_peak_decides(
    language: str, written: list[str]
) -> None:
    catalog = get_catalog(language)
    planned = (Planned(datetime(2026, 11, 26, 9, 30), True, drop(1)), Planned(datetime(2026, 11, 27), False, drop(2)))
    report = replace(month(date(2026, 11, 1), [(datetime(2026, 11, 26, 8), drop(3))]), planned=planned)
    picture = month_chart(report, catalog, format="svg").decode()
    assert [text for text in written if "新片" in text] == ["新片"] * 3
    assert [text for text in written if ":" in text] == ["08:00", "09:30"]
    assert written.count(catalog.gettext("peak")) == 1
    assert catalog.gettext("coming again") in written
    assert catalog.ngettext("{n} drop coming", "{n} drops coming", 3).format(n=3) in written
    for name, colour in (("drop-3", LIGHT.accent), ("planned-1-260930", LIGHT.accent_soft)):
        assert re.search(rf'id="{name}">\s*<path[^>]*{colour}', picture), name
    assert free_days(report) == 5


def test_weeks_and_free_days() -> None:
    assert [len(weeks_of(date(2026, month, 1))) for month in (2, 8, 11)] == [5, 6, 6]
    busy = [(datetime(2026, 11, 26, 9), drop(1))]
    assert free_days(month(date(2026, 11, 1), busy, blocked_days=frozenset({6}))) == 5
    assert month_after(date(2026, 12, 9)) == date(2027, 1, 1)
    assert month_after(date(2026, 1, 31), -1) == date(2025, 12, 1)
