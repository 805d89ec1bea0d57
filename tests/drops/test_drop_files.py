"""A content calendar as a table: what is taken, what is named as bad, and the same form back."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peakdrop.drop_files import BadRow, FileRow, read_drops, write_drops
from peakdrop.drop_imports import take_row
from peakdrop.drop_media import kind_of
from peakdrop.local_times import local_of, moment_of
from peakdrop.metrics.records import MetricsRefused
from rendering.catalog import get_catalog
from rendering.drop_files import render_bad_row
from storage.communities import create
from storage.drop_content import Content, DropButton, Piece, PollContent, Repeat
from storage.drops import COMING, DropView, State, Timing, list_drops
from storage.facts import ChatSeen
from storage.store import Store
from tests.drops.conftest import CHAT, NOW, ZONE
from tests.drops.test_lint import BLANK

GOOD = """time,text,media,tags,buttons,remark
2026-12-01 20:30,新片：雨天的通勤,,新片;雨,看完整版|https://v.example/1; 店铺|https://shop.example/,mine
peak,Hotpot for one,clip.mp4,food,,
2026-12-02T09:00+01:00,两张图,a.png; b.png,,,
2026/12/3 8:00,,https://cdn.example/sea.jpg?size=2,,,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("clip.mp4", "a.png", "b.png", "talk.mp3", "empty.png"):
        (tmp_path / name).write_bytes(b"" if name == "empty.png" else name.encode())
    return tmp_path


def read(text: str | bytes, folder: Path) -> tuple[list[FileRow], list[BadRow]]:
    data = text if isinstance(text, bytes) else text.encode()
    return read_drops(data, base=folder, folder=folder / "store", timezone=ZONE, now=NOW)


def test_rows_become_content_with_their_times(folder: Path) -> None:
    good, bad = read(GOOD, folder)
    assert bad == []
    assert [row.local for row in good] == [
        datetime(2026, 12, 1, 20, 30), None, datetime(2026, 12, 2, 16, 0), datetime(2026, 12, 3, 8, 0),
    ]  # fmt: skip
    assert [row.content.kind for row in good] == ["text", "video", "album", "photo"]
    assert good[0].values["tags"] == ("新片", "雨")
    assert good[0].values["buttons"] == (
        DropButton("link", "看完整版", "https://v.example/1"),
        DropButton("link", "店铺", "https://shop.example/"),
    )
    kept = folder / "store" / good[1].content.pieces[0].file
    (folder / "clip.mp4").unlink()
    assert kept.read_bytes() == b"clip.mp4"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_chinese_headings_in_any_encoding(folder: Path, encoding: str) -> None:
    good, bad = read("时间,文案,标签\n2026-12-01 20:30,雨天的通勤,新片\n高峰,一个人的火锅,\n".encode(encoding), folder)
    assert bad == []
    assert [(row.local, row.content.text) for row in good] == [
        (datetime(2026, 12, 1, 20, 30), "雨天的通勤"),
        (None, "一个人的火锅"),
    ]


def test_bad_rows_are_named_by_line_and_the_rest_is_read(folder: Path) -> None:
    rows = [
        "time,text,media,tags,buttons",
        "2026-12-01 20:30,fine,,,",
        ",no time,,,",
        "some day,unclear,,,",
        "2026-12-01,no hour,,,",
        "2026-11-01 20:30,past,,,",
        "peak,,,,",
        "peak,x,nowhere.mp4,,",
        "peak,x,empty.png,,",
        "peak,x,a.png; talk.mp3,,",
        f"peak,x,{'; '.join(['a.png'] * 11)},,",
        "peak,x,,,label without address",
        f"peak,{'长' * 4097},,,",
        f"peak,{'长' * 1025},a.png,,",
        "peak,last,,,",
    ]
    good, bad = read("\n".join(rows), folder)
    assert [row.content.text for row in good] == ["fine", "last"]
    assert [(one.line, one.problem) for one in bad] == [
        (3, "no_time"), (4, "bad_time"), (5, "bad_time"), (6, "past"), (7, "no_content"), (8, "missing_file"),
        (9, "bad_media"), (10, "mixed_album"), (11, "too_many_media"), (12, "bad_button"), (13, "too_long"),
        (14, "too_long"),
    ]  # fmt: skip
    for language in ("en", "zh"):
        words = [render_bad_row(one, get_catalog(language)) for one in bad]
        assert all(str(one.line) in text and "{" not in text for one, text in zip(bad, words, strict=True))


@pytest.mark.parametrize("data", [b"", b"hello", b"a,b\n1,2\n", b"time,text\n", b"\x00\x01\x02", b"%PDF-1.7"])
def test_what_is_no_calendar_is_refused(folder: Path, data: bytes) -> None:
    with pytest.raises(MetricsRefused):
        read(data, folder)


def test_rows_are_queued_once_however_often_the_file_comes(any_store: Store, community: int, folder: Path) -> None:
    good, _ = read(GOOD, folder)
    take = partial(take_row, community_id=community, timezone=ZONE, now=NOW)
    first = [any_store.write_now(partial(take, row=row)) for row in good]
    again = [any_store.write_now(partial(take, row=row)) for row in good]
    queued = any_store.read_now(lambda session: list_drops(session, community, COMING))
    assert {drop.number: drop.due_at for drop in queued} == {one.number: one.due_at for one in first}  # type: ignore[union-attr]
    assert {drop.state for drop in queued} == {State.SCHEDULED}
    assert [one.problem for one in again] == ["there"] * 4  # type: ignore[union-attr]
    assert len(any_store.read_now(lambda session: list_drops(session, community, list(State)))) == 4


def test_ten_drops_at_the_peak_do_not_fall_together(any_store: Store, community: int, folder: Path) -> None:
    text = "time,text\n" + "".join(f"peak,number {n}\n" for n in range(10))
    good, _ = read(text, folder)
    due = [any_store.write_now(partial(take_row, community_id=community, row=r, timezone=ZONE, now=NOW)) for r in good]
    times = sorted(local_of(one.due_at, ZONE) for one in due)  # type: ignore[union-attr]
    assert len(set(times)) == 10
    assert [one.hour for one in times].count(20) == 7  # an evening for each day first


texts = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)
    .map(lambda t: t.strip())
    .filter(bool)
)
labels = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=12)
pieces = st.lists(
    st.builds(
        Piece, st.sampled_from(["photo", "video"]), st.sampled_from(["AgAC-_1", "BAAC2"]), st.sampled_from(["", "AQ1"])
    ),
    max_size=3,
)
buttons = st.one_of(
    st.builds(
        DropButton, st.just("link"), labels, st.sampled_from(["https://a.example/", "https://b.example/?x=1;2|3"])
    ),
    st.builds(DropButton, st.sampled_from(["like", "share"])),
)
repeats = st.one_of(st.none(), st.just(Repeat(date(2026, 12, 1), days=(1, 3), at="20:30")))


@st.composite
def queued(draw: st.DrawFn) -> DropView:
    poll = draw(st.one_of(st.none(), st.just(PollContent("哪个？", ("A", "B"), correct=1))))
    content = Content(draw(texts), (), () if poll else tuple(draw(pieces)), poll)
    local = draw(st.datetimes(datetime(2026, 12, 1), datetime(2027, 12, 1))).replace(second=0, microsecond=0)
    timing = draw(st.sampled_from([Timing.PEAK, Timing.TIME]))
    return replace(
        BLANK,
        content=content,
        timing=timing,
        due_at=moment_of(local, ZONE),
        local_time=local.isoformat(timespec="minutes") if timing == Timing.TIME else None,
        buttons=tuple(draw(st.lists(buttons, max_size=3))),
        tags=tuple(draw(st.lists(st.sampled_from(["新片", "rain", "a b"]), unique=True, max_size=3))),
        pin=draw(st.booleans()),
        delete_after=draw(st.sampled_from([None, 86_400])),
        repeat=draw(repeats),
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(queued(), min_size=1, max_size=4))
def test_what_is_exported_is_read_again_as_it_was(tmp_path: Path, drops: list[DropView]) -> None:
    text = write_drops(drops, folder=tmp_path, timezone=ZONE)
    good, bad = read(text, tmp_path)
    assert bad == []
    for row, drop in zip(good, drops, strict=True):
        assert row.content == drop.content
        assert (row.local.isoformat(timespec="minutes") if row.local else None) == drop.local_time
        for name, value in row.values.items():
            assert value == getattr(drop, name), name


def test_kinds_by_their_ending() -> None:
    names = ("a.PNG", "b.gif", "c.mp4", "d.mp3", "e.pdf", "f", "https://x.example/y.mov?z=1.png")
    assert [kind_of(name) for name in names] == [
        "photo", "animation", "video", "audio", "document", "document", "video",
    ]  # fmt: skip


@pytest.fixture
def peakdrop(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`peakdrop …` in a folder whose store has one group."""
    store = Store(f"sqlite:///{tmp_path}/data/peakdrop.db")
    store.prepare()
    store.write_now(lambda session: create(session, ChatSeen(CHAT, "supergroup", "小鹿", True, 1), 1, ZONE))
    store.close()

    def call(*args: str) -> subprocess.CompletedProcess[str]:
        root = str(Path(__file__).parents[2])
        environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": root, "HOME": str(tmp_path)}
        command = [sys.executable, "-m", "bot.cli", *args]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)

    return call


def test_on_the_command_line(peakdrop: Callable[..., subprocess.CompletedProcess[str]], folder: Path) -> None:
    later = datetime.now(UTC).year + 1  # noqa: TID251 - the command has the wall clock
    rows = f"time,text,media\n{later}-12-01 20:30,雨天的通勤,clip.mp4\npeak,Hotpot,\nnever,x,\n"
    (folder / "plan.csv").write_text(rows, encoding="utf-8")
    done = peakdrop("import", "drops", "plan.csv", "--chat", str(CHAT))
    assert done.returncode == 1
    assert "2 drops queued" in done.stderr
    assert "line 4: time “never” cannot be read" in done.stderr
    exported = peakdrop("export", "drops", "--chat", str(CHAT))
    assert exported.returncode == 0
    found = list(csv.DictReader(io.StringIO(exported.stdout)))
    assert sorted(row["time"] for row in found) == sorted([f"{later}-12-01T20:30+08:00", "peak"])
    assert {row["text"] for row in found} == {"雨天的通勤", "Hotpot"}
    again = peakdrop("import", "drops", "plan.csv", "--chat", str(CHAT))
    assert "0 drops queued" in again.stderr
    assert "line 2: is in the queue already, as drop 1" in again.stderr
