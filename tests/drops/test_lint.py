"""The lint warns of what it should, and not of what is harmless."""

from __future__ import annotations

from dataclasses import replace

import pytest

from peakdrop.lint import Law, LintWarning, likeness, links_of, lint_drop, load_rules
from rendering.catalog import get_catalog, plain
from rendering.lint import render_warnings
from storage.drop_content import Content, DropButton, Piece, PollContent
from storage.drops import DropView, State, Step, Timing
from tests.drops.conftest import NOW

LAW = Law("《广告法》第九条（三）", "Advertising Law of the PRC, Article 9(3)")
BLANK = DropView(
    community_id=1, number=9, state=State.DRAFT, author_id=1, created_at=NOW, changed_at=NOW, content=Content("你好"),
    content_key="", target_chat_id=None, thread_id=0, timing=Timing.PEAK, due_at=None, explores=False, local_time=None,
    late_seconds=7200, repeat=None, series=None, occurrence=None, pin=False, silent=False, delete_after=None,
    replaces=False, is_ad=False, is_hidden=False, tags=(), campaign=None, buttons=(), attempt=0, nonce=0,
    claimed_by=None, claimed_until=None, claimed_at=None, after_id=None,
    sent_at=None, steps=Step(0), failure=None, failure_detail=None,
    asked_at=None, remove_at=None, approved_by=None,
)  # fmt: skip


def a_drop(text: str = "", **values: object) -> DropView:
    return replace(BLANK, content=Content(text), **values)  # type: ignore[arg-type]


def kinds(text: str, **values: object) -> list[tuple[str, str]]:
    return [(one.kind, one.quote) for one in lint_drop(a_drop(text, **values), [])]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("全网最低价，今晚开抢", [("absolute", "全网最低价")]),
        ("我们的围巾是最好的，销量第一", [("absolute", "最好"), ("absolute", "销量第一")]),
        ("国家级品质", [("absolute", "国家级")]),
        ("We are No.1 in town", [("absolute", "No.1")]),
        ("这款面膜有疗效", [("medical", "疗效")]),
        ("跟着我稳赚不赔", [("promise", "稳赚不赔")]),
        ("最佳，最佳，还是最佳", [("absolute", "最佳")]),
    ],
)
def test_words_that_the_law_objects_to(text: str, found: list[tuple[str, str]]) -> None:
    assert kinds(text) == found
    assert all(one.law and one.law.zh.startswith("《广告法》第") for one in lint_drop(a_drop(text), []))


@pytest.mark.parametrize(
    "text",
    [
        "第一次露营⛺", "最近很忙，最后一条", "这条视频太治愈了", "治愈系日常", "我最喜欢的一集", "最高气温 12 度",
        "A number of things", "top10 songs", "The best is yet to come", "100% cotton 帆布包", "评论区第一名是我",
        "秋天的第一杯奶茶", "第一口就爱上", "今晚拆第一箱", "直播第一晚",
    ],
)  # fmt: skip
def test_harmless_phrases_are_left_alone(text: str) -> None:
    assert kinds(text) == []


def test_a_harmless_phrase_does_not_hide_its_neighbour() -> None:
    assert kinds("第一次见到销量第一的围巾") == [("absolute", "销量第一")]


def test_paid_content_needs_its_label() -> None:
    assert kinds("新围巾上架", is_ad=True) == [("label", "")]
    assert kinds("本期赞助：小鹿茶") == [("label", "本期赞助")]
    assert kinds("Sponsored by Deer Tea") == [("label", "Sponsored by")]
    for labelled in ("【广告】新围巾上架", "New scarf #ad", "Advertisement: the scarf"):
        assert kinds(labelled, is_ad=True) == []


def test_polls_are_read_too() -> None:
    poll = Content(poll=PollContent("哪个最好？", ("全网最低价", "B")))
    assert [one.quote for one in lint_drop(replace(BLANK, content=poll), [])] == ["最好", "全网最低价"]


def test_links_in_text_behind_words_and_on_buttons() -> None:
    content = Content(
        "看这里 https://example.com/a，还有 t.me/deer。",
        ({"type": "text_link", "offset": 0, "length": 1, "url": "https://b.example/"},),
    )
    drop = replace(BLANK, content=content, buttons=(DropButton("link", "shop", "https://shop.example/?x=1"),))
    assert links_of(drop) == ["https://example.com/a", "t.me/deer", "https://b.example/", "https://shop.example/?x=1"]
    found = lint_drop(drop, [], dead_links={"https://b.example/"})
    assert [(one.kind, one.quote) for one in found] == [("dead_link", "https://b.example/"), ("many_links", "4")]


def test_near_duplicates_name_the_drop_they_resemble() -> None:
    text = "新片：雨天的通勤，和小鹿一起回家的三十秒"
    earlier = [a_drop(text, number=4), a_drop("完全不同的一条：旧物新生，缝缝补补又三年", number=5)]
    assert lint_drop(a_drop(text + "！！"), earlier) == [LintWarning("same", other=4)]
    assert lint_drop(a_drop("新片：阳台花园，三十秒把角落变绿"), earlier) == []
    clip = Content("A", pieces=(Piece("video", "f1", "U1"),))
    again = replace(BLANK, content=Content("B", pieces=(Piece("video", "f2", "U1"),)))
    assert lint_drop(again, [replace(BLANK, number=3, content=clip)]) == [LintWarning("same", other=3)]
    assert lint_drop(again, [again]) == []
    assert lint_drop(a_drop(text, series=4), [a_drop(text, number=4, series=4)]) == []
    assert likeness("短", "短") == 0


def test_every_kind_has_words_in_both_languages() -> None:
    kinds_ = ["label", *(rule.name for rule in load_rules().words), "dead_link", "many_links", "same"]
    cited = {"zh": LAW.zh, "en": f"{LAW.en} ({LAW.zh})"}
    for language in ("en", "zh"):
        found = [LintWarning(kind, "<b>最好", LAW, 4) for kind in kinds_]
        lines = render_warnings(found, get_catalog(language))
        assert len(lines) == 7
        assert "<b>" not in "".join(lines)
        assert plain(lines[1]).endswith(cited[language])
        assert all(len(plain(line)) < 160 for line in lines)
    assert (
        render_warnings([LintWarning("same", other=n) for n in range(9)], get_catalog("en"))[-1]
        == "and 3 more warnings"
    )
