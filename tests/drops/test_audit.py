"""What /audit says of each act: in words, in both languages, never by the name it has in the store."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from peakdrop.lint import load_rules
from rendering.audit import render_audit
from rendering.catalog import get_catalog, plain
from storage.audit import NOBODY, Act, AuditView
from tests.drops.conftest import NOW, ZONE

NAMES = {1: "林悦", 2: "米娅"}
DETAILS = {
    Act.SCHEDULED: str(int(NOW.timestamp())),
    Act.PROPOSED: str(int(NOW.timestamp())),
    Act.MOVED: str(int((NOW + timedelta(days=2)).timestamp())),
    Act.FAILED: "too_long",
    Act.HALTED: "no_right",
    Act.RULES: "approval",
    Act.ROLE: "2 editor",
    Act.EDITED: "pin,silent",
}
OBJECTIONS = ("past", "quiet", "blocked", "too_near", "too_many")
WARNINGS = ("label", "dead_link", "many_links", "expired", "same", *(rule.name for rule in load_rules().words))


def said(act: Act, language: str, detail: str | None = None) -> str:
    """The line of one act."""
    by = NOBODY if act in (Act.FAILED, Act.HALTED) else 1
    entry = AuditView(NOW, by, act, None if act in (Act.RULES, Act.ROLE) else 12, detail or DETAILS.get(act, "quiet"))
    page = render_audit([entry], NAMES, "小鹿日常", ZONE, NOW, get_catalog(language))
    return plain(page.splitlines()[-1])


@pytest.mark.parametrize("act", Act)
def test_every_act_is_told_in_words(act: Act) -> None:
    lines = {language: said(act, language) for language in ("en", "zh")}
    assert not re.search(r"[a-z]", re.sub("PeakDrop|Telegram", "", lines["zh"])), lines["zh"]
    assert "_" not in lines["en"] + lines["zh"]
    assert not re.search(r"[\u4e00-\u9fff]", lines["en"].replace("林悦", "").replace("米娅", "")), lines["en"]


@pytest.mark.parametrize("kind", [*OBJECTIONS, *WARNINGS])
def test_every_overruled_warning_is_told_in_words(kind: str) -> None:
    assert said(Act.OVERRULED, "en", f"{kind},{kind}").endswith(f": {said(Act.OVERRULED, 'en', kind).split(': ')[-1]}")
    assert not re.search(r"[a-z]", said(Act.OVERRULED, "zh", kind))


def test_why_a_queue_stopped_and_who_let_it_go_on() -> None:
    assert "PeakDrop: stopped the group's queue: I may not write there." in said(Act.HALTED, "en")
    assert said(Act.RESUMED_GROUP, "zh").endswith("林悦：恢复了本群的队列")
    assert said(Act.FAILED, "en").endswith("could not post drop 12: The text is too long for Telegram. Shorten it.")
