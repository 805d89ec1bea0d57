"""The words of an import: what was taken, what was not and why, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from peakdrop.history.reports import HistoryRefusal, RefusalReason
from rendering.catalog import get_catalog, plain
from rendering.history import render_history_refusal, render_history_report
from storage.store import Store
from tests.history import exports
from tests.history.exports import BEN, bring, message, service, write


def told(store: Store, folder: Path, language: str = "en") -> list[str]:
    """The report of an import in which much goes wrong, line by line."""
    entries = [message(n, reactions=[{"type": "emoji", "count": 2, "emoji": "👍"}]) for n in (1, 2, 3)]
    entries += [service(4, "join_group_by_link", BEN), service(5, "group_call"), {"id": 6, "type": "unsupported"}]
    entries.append(message(7) | {"from_id": "alien<5>"})
    lab = exports.chat(*map(exports.without_zone, entries), name="Peak <Lab>")
    private = exports.chat(message(1), kind="personal_chat", bare_id=5)
    report = bring(store, write(folder, exports.account(lab, private)), timezone="Europe/Berlin")
    report.seconds = 2.0
    return plain(render_history_report(report, get_catalog(language))).splitlines()


def test_a_report_says_what_was_taken_and_what_was_not(store: Store, tmp_path: Path) -> None:
    assert told(store, tmp_path) == [
        "Peak <Lab> · 15 Oct 2025",
        "Taken: 3 messages, 6 reactions, 1 join",
        "2 members",
        "The file gives times without a zone; they were taken as Europe/Berlin.",
        "1 that Telegram Desktop could not export.",
        "Service messages that are not counted: group_call 1",
        "1 could not be read:",
        "· no. 7: alien<5> is no sender",
        "1 private chat passed over (messages: 1): only groups and channels are imported.",
        "7 read in 2.0 s, 4 a second",
    ]


def test_the_same_file_again_says_that_nothing_is_new(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, exports.chat(message(1)))
    bring(store, path)
    assert "Nothing new: all of it was there already." in render_history_report(bring(store, path), get_catalog("en"))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("reason", RefusalReason)
def test_each_refusal_is_a_sentence_on_one_line(reason: RefusalReason, language: str) -> None:
    words = plain(render_history_refusal(HistoryRefusal(reason, "a<b>.json", "Mars"), get_catalog(language)))
    assert words.startswith("a<b>.json")
    assert "\n" not in words
    assert "{" not in words
