"""Numbers, dates and names as people read them, in both languages."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakdrop.rates import Rate
from rendering.catalog import Catalog, button_name, ellipsis, escape, get_catalog
from rendering.stats import conversion_text, engagement_text
from rendering.stats_menu import render_why

EN, ZH = get_catalog("en"), get_catalog("zh")
TODAY = date(2026, 11, 22)


def test_numbers_and_rates_with_their_parts() -> None:
    assert EN.number(1284) == "1,284"
    assert EN.number(None) == "–"
    assert conversion_text(Rate(115, 2500), EN) == "<b>4.6\xa0%</b> (115 / 2,500)"
    assert conversion_text(Rate(115, 2500), ZH) == "<b>4.6%</b>（115 / 2,500）"
    assert engagement_text(Rate(3412, 5566), EN) == "<b>0.613</b> (3,412 / 5,566\xa0s)"
    assert engagement_text(Rate(3412, 5566), ZH, estimated=True) == "<b>≈ 0.613</b>（3,412 / 5,566\xa0秒）"
    assert conversion_text(Rate(5, 0), EN) == "–"


def test_changes() -> None:
    assert EN.change(3940, 3518) == "▲\xa012\xa0%"
    assert ZH.change(97, 100) == "▼\xa03%"
    assert EN.change(1, 3) == "▼\xa02"  # of small counts a percentage says nothing
    assert EN.change(5, None) == ""
    assert EN.change_points(0.046, 0.043) == "▲\xa00.3\xa0pt"
    assert ZH.change_points(0.043, 0.046) == "▼\xa00.3\xa0个百分点"


@pytest.mark.parametrize(
    ("first", "last", "english", "chinese"),
    [
        (date(2026, 11, 16), TODAY, "16–22 Nov", "11月16日–22日"),
        (date(2026, 10, 26), TODAY, "26 Oct – 22 Nov", "10月26日–11月22日"),
        (TODAY, TODAY, "22 Nov", "11月22日"),
        (date(2025, 11, 23), TODAY, "23 Nov 2025 – 22 Nov 2026", "2025年11月23日–2026年11月22日"),
        (date(2025, 10, 1), date(2025, 10, 31), "1–31 Oct 2025", "2025年10月1日–31日"),
    ],
)
def test_spans_of_days(first: date, last: date, english: str, chinese: str) -> None:
    assert EN.days(first, last, TODAY) == english
    assert ZH.days(first, last, TODAY) == chinese


def test_zones_are_named_as_people_name_them() -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert EN.zone("Asia/Shanghai", noon) == "Shanghai"
    assert ZH.zone("Asia/Shanghai", noon) == "上海"
    assert EN.zone("UTC", noon) == "UTC"
    assert EN.duration(timedelta(hours=2)) == "2 h"
    assert ZH.duration(timedelta(days=3)) == "3 天"


@given(st.text())
def test_any_name_is_valid_telegram_html(name: str) -> None:
    shown = escape(name)
    assert not re.search(r"<|>|&(?!amp;|lt;|gt;)", shown)
    shown.encode()
    assert "\x00" not in html.unescape(shown)


@given(st.text(min_size=1), st.integers(1, 30))
def test_a_name_is_cut_within_its_width(name: str, width: int) -> None:
    cut = ellipsis(name, width)
    assert len(cut) <= width
    assert cut == name or cut.endswith("…")


def test_a_joined_emoji_is_never_cut_in_two() -> None:
    family = "👩‍👩‍👧 family"
    for width in range(1, len(family)):
        kept = ellipsis(family, width).removesuffix("…")
        assert not kept.endswith("\u200d")
        assert kept == "" or kept.startswith("👩‍👩‍👧")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Deals of the day 2026", "Deals of the day 20…"),
        ("Deals of the day 202", "Deals of the day 202"),
        ("新品预告与试穿实录", "新品预告与试穿…"),
        ("新品预告与试穿实", "新品预告与试穿实"),
        ("Deals 特价专区每日更新", "Deals 特价专区…"),
    ],
)
def test_a_name_on_a_button_is_short_enough(name: str, shown: str) -> None:
    assert button_name(name) == shown


@pytest.mark.parametrize("catalog", [EN, ZH], ids=["en", "zh"])
def test_pop_ups_fit(catalog: Catalog) -> None:
    assert len(render_why(catalog)) <= 200
