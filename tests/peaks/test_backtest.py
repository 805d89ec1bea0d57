"""The backtest: its figures equal a recount, its past ends where it says, its refusals are one line."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from peakdrop.activity import Activity, hour_grid
from peakdrop.activity_files import SeriesRefusal, read_series
from peakdrop.backtest import backtest, backtest_json
from peakdrop.plain_methods import METHODS, plain_hours
from rendering.backtest import render_backtest
from rendering.catalog import get_catalog
from tests.bot.test_cli import only_line
from tests.peaks.communities import ZONE, make_habits, save, write_rows
from tests.peaks.recount import Recount


def read(path: Path) -> Activity:
    """The activity of a file that is good."""
    found = read_series(path)
    assert isinstance(found, Activity)
    return found


@pytest.mark.parametrize(("people", "zone"), [(40, ZONE), (14, "Asia/Kathmandu"), (20, "America/New_York")])
def test_the_plain_methods_score_what_a_recount_says(tmp_path: Path, people: int, zone: str) -> None:
    rng = random.Random(people)
    rows = write_rows(rng, make_habits(rng, people), 80, zone)
    document = backtest_json(backtest(read(save(tmp_path / "group.csv.gz", rows)), zone))
    for hours, part in ((1, document), (2, document["window_2h"])):
        recount = Recount(rows, zone, hours)
        for method in METHODS:
            days, score = recount.score(method)
            assert part["days"] == days
            assert part["baselines"][method] == pytest.approx(score, abs=1e-9), (method, hours)


def test_a_tie_goes_to_the_earliest_hour_and_the_weekday_counts(tmp_path: Path) -> None:
    rows = [(day * 86_400 + hour * 3600, f"a{day}", "message") for day in range(14) for hour in (7, 9)]
    rows += [(6 * 86_400 + 22 * 3600, name, "message") for name in "xyz"]
    chosen = plain_hours(hour_grid(read(save(tmp_path / "two.csv", rows)), "UTC").past(14, 1))
    assert chosen["day_all"] == [7] * 7
    assert chosen["week_all"] == [7, 7, 7, 7, 7, 7, 22]
    assert chosen["last_week"] == [7] * 7
    assert chosen["fixed_19"] == [19] * 7


def test_nothing_after_the_midnight_of_the_choice_is_looked_at(tmp_path: Path) -> None:
    rng = random.Random(5)
    habits = make_habits(rng, 20)
    rows = write_rows(rng, habits, 75)
    day_63 = rows[0][0] // 86_400 * 86_400 + 63 * 86_400
    other = [row for row in rows if row[0] < day_63] + [(at, "b" + who, kind) for at, who, kind in rows if at >= day_63]
    first, second = (backtest(read(save(tmp_path / f"{n}.csv", one)), "UTC") for n, one in enumerate((rows, other)))
    for scores, same in ((first.hour, second.hour), (first.two_hours, second.two_hours)):
        before = [day < 63 for day in scores.days].count(True)
        for method, shares in scores.shares.items():
            assert shares[:before] == same.shares[method][:before]


def test_a_group_without_enough_past_has_no_score(tmp_path: Path) -> None:
    rng = random.Random(1)
    report = backtest(read(save(tmp_path / "young.csv", write_rows(rng, make_habits(rng, 9), 50))), ZONE)
    document = backtest_json(report)
    assert document["days"] == document["window_2h"]["days"] == 0
    assert document["score"] is None
    assert document["baselines"] == dict.fromkeys(METHODS)
    assert document["interval_coverage"] == {"nominal": 0.8, "actual": None}
    assert "eight weeks" in render_backtest(report, get_catalog("en"))


def test_a_groups_own_past_scores_as_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rng = random.Random(2)
    save(tmp_path / "own.csv.gz", write_rows(rng, make_habits(rng, 12), 65))

    def said(*words: str) -> str:
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, done.stderr
        return done.stdout

    from_file = said("backtest", "own.csv.gz", "--timezone", "berlin", "--json")
    said("import", "history", "own.csv.gz", "--chat", "-1001", "--timezone", ZONE)
    assert json.loads(said("backtest", "--chat", "-1001", "--json")) == json.loads(from_file)
    report = backtest(read(tmp_path / "own.csv.gz"), ZONE)
    shown = render_backtest(report, get_catalog("en"))
    assert "PeakDrop's forecast" in shown
    assert "always 19:00" in shown
    assert "固定 19:00" in render_backtest(report, get_catalog("zh"))


BAD = {
    "empty.csv": b"",
    "headings.csv": b"time,name\n1,a\n",
    "word.csv": b"ts,author\n1546231961,a\nyesterday,b\n",
    "nobody.csv": b"ts,author\n1546231961,\n",
    "never.csv": b"ts,author\nnan,a\n",
    "short.csv": b"ts,author\n5,a\n1546231961\n",
    "none.csv": b"ts,author,kind\n1546231961,a,join\n",
    "not_packed.csv.gz": b"ts,author\n1546231961,a\n",
    "cut.csv.gz": gzip.compress(b"ts,author\n" + b"1546231961,a\n" * 99)[:40],
    "latin.csv": b"ts,author\n1546231961,\xe9\xff\n",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(BAD[name])
    refusal = read_series(tmp_path / name)
    assert isinstance(refusal, SeriesRefusal)
    assert refusal.file_name == name
    if name in ("word.csv", "short.csv"):
        assert refusal.detail == "3"


def test_refusals_are_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "word.csv").write_bytes(BAD["word.csv"])

    def refused(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["backtest", *words])
        assert done.stdout == ""
        return done.exit_code, only_line(done.stderr)

    assert refused("word.csv", "--timezone", "UTC", "--json") == (
        1,
        "peakdrop: Line 3 of word.csv is no row: ts is epoch seconds, author a name.",
    )
    code, line = refused("nowhere.csv", "--timezone", "UTC")
    assert code == 1
    assert "nowhere.csv" in line
    assert refused("--chat", "5")[0] == 1
    for wrong in ([], ["word.csv"], ["word.csv", "--chat", "5"], ["word.csv", "--timezone", "Mars"]):
        assert refused(*wrong)[0] == 2


def test_the_forecast_of_a_steady_group_beats_a_fixed_hour_and_knows_how_sure_it_is(tmp_path: Path) -> None:
    rng = random.Random(11)
    rows = write_rows(rng, make_habits(rng, 60), 150)
    document = backtest_json(backtest(read(save(tmp_path / "steady.csv.gz", rows)), ZONE))
    for part in (document, document["window_2h"]):
        assert part["score"] > part["baselines"]["fixed_19"]
        assert part["score"] > part["baselines"]["last_week"]
    assert 0.7 < document["interval_coverage"]["actual"] < 0.92
