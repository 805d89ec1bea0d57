"""Times as people type them."""

from __future__ import annotations

from datetime import datetime

import pytest

from peakdrop.said_times import Said, read_said

NOW = datetime(2026, 11, 24, 21, 20)  # a Tuesday


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tomorrow 9pm", "2026-11-25 21:00"),
        ("Tomorrow at 9 pm", "2026-11-25 21:00"),
        ("明晚8点", "2026-11-25 20:00"),
        ("明天晚上8点半", "2026-11-25 20:30"),
        ("明天 20:30", "2026-11-25 20:30"),
        ("in 2h", "2026-11-24 23:20"),
        ("in 45 minutes", "2026-11-24 22:05"),
        ("2小时后", "2026-11-24 23:20"),
        ("两小时后", "2026-11-24 23:20"),
        ("半小时后", "2026-11-24 21:50"),
        ("3天后晚上8点", "2026-11-27 20:00"),
        ("2026-12-01 20:30", "2026-12-01 20:30"),
        ("2026-12-01T20:30", "2026-12-01 20:30"),
        ("２０２６-１２-０１ ２０：３０", "2026-12-01 20:30"),
        ("12月1日 20:30", "2026-12-01 20:30"),
        ("十二月一日晚上八点", "2026-12-01 20:00"),
        ("1月3号下午3点", "2027-01-03 15:00"),
        ("Dec 1 8:30pm", "2026-12-01 20:30"),
        ("1 December 20:30", "2026-12-01 20:30"),
        ("friday 8pm", "2026-11-27 20:00"),
        ("Friday 9", "2026-11-27 09:00"),
        ("fri at 21", "2026-11-27 21:00"),
        ("Tomorrow 9", "2026-11-25 09:00"),
        ("周五9点", "2026-11-27 09:00"),
        ("周五晚上8点", "2026-11-27 20:00"),
        ("下周三 19:30", "2026-12-02 19:30"),
        ("周一早上9点", "2026-11-30 09:00"),
        ("tonight at 11", "2026-11-24 23:00"),
        ("tonight 11pm", "2026-11-24 23:00"),
        ("今晚11点", "2026-11-24 23:00"),
        ("今晚12点", "2026-11-25 00:00"),
        ("后天中午12点", "2026-11-26 12:00"),
        ("后天中午", "2026-11-26 12:00"),
        ("明早七点三刻", "2026-11-25 07:45"),
        ("21:00", "2026-11-25 21:00"),
        ("22:00", "2026-11-24 22:00"),
        ("8pm", "2026-11-25 20:00"),
        ("晚上10点", "2026-11-24 22:00"),
        ("noon", "2026-11-25 12:00"),
    ],
)
def test_a_time_is_read_as_it_was_meant(text: str, meant: str) -> None:
    assert read_said(text, NOW) == Said(datetime.fromisoformat(meant), True)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("昨天8点", "2026-11-23 08:00"),
        ("昨晚8点", "2026-11-23 20:00"),
        ("前天 20:30", "2026-11-22 20:30"),
        ("大前天中午", "2026-11-21 12:00"),
        ("上周五8点", "2026-11-20 08:00"),
        ("两小时前", "2026-11-24 19:20"),
        ("半小时前", "2026-11-24 20:50"),
        ("3天前晚上8点", "2026-11-21 20:00"),
        ("今早8点", "2026-11-24 08:00"),
        ("yesterday 8pm", "2026-11-23 20:00"),
        ("2 hours ago", "2026-11-24 19:20"),
        ("2020-01-01 10:00", "2020-01-01 10:00"),
        ("2020年1月1日10点", "2020-01-01 10:00"),
    ],
)
def test_a_time_that_is_past_is_understood_as_that(text: str, meant: str) -> None:
    said = read_said(text, NOW)
    assert said == Said(datetime.fromisoformat(meant), True)
    assert said.is_past(NOW)


def test_a_day_is_past_once_it_is_over() -> None:
    for text in ("昨天", "yesterday", "2020-01-01", "3 days ago"):
        said = read_said(text, NOW)
        assert said is not None, text
        assert said.is_past(NOW), text
    for text in ("今天", "today", "21:20", "in 2h"):
        said = read_said(text, NOW)
        assert said is not None, text
        assert not said.is_past(NOW), text


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("tomorrow", "2026-11-25"),
        ("明天", "2026-11-25"),
        ("Dec 1", "2026-12-01"),
        ("周五", "2026-11-27"),
        ("Fri 27", "2026-11-27"),
    ],
)
def test_a_day_alone_has_no_time(text: str, day: str) -> None:
    assert read_said(text, NOW) == Said(datetime.fromisoformat(day), False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "whenever you like",
        "明天25点",
        "2月30日 20:00",
        "2026-13-01 20:00",
        "晚上",
        "你好",
        "x" * 500,
        "明天见",
    ],
)
def test_what_is_no_time_is_not_guessed(text: str) -> None:
    assert read_said(text, NOW) is None
