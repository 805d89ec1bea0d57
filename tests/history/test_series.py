"""Series of activity: every row once, under pseudonyms, in a community of their own or a chosen one."""

from __future__ import annotations

import gzip
from pathlib import Path

from sqlalchemy import text

from storage.communities import list_communities
from storage.kinds import Kind
from storage.members import list_members
from storage.store import Store
from tests.history.exports import GROUP, NOON, bring
from tests.storage.recount import assert_rollups_agree

HEADING = "ts,author,kind,length,is_reply,reactions"
ROWS = (
    f"{NOON},ada,join,0,,",
    f"{NOON},ada,join,0,,",
    f"{NOON + 60},ada,message,12,0,3",
    f"{NOON + 60},bo,message,5,1,",
    f"{NOON + 60},bo,message,5,1,",
    f"{NOON + 90},bo,reaction,,,",
    f"{NOON + 99},ada,leave,0,,",
)


def write(folder: Path, *rows: str, heading: str = HEADING, name: str = "peak_lab.csv.gz") -> Path:
    """Write a series."""
    path = folder / name
    data = "\n".join((heading, *rows, "")).encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def sums(store: Store) -> dict[int, int]:
    """What the rollups hold, by kind."""
    query = text("SELECT kind, SUM(n) FROM quarter_count GROUP BY kind")
    return store.read_now(lambda session: {row[0]: row[1] for row in session.connection().execute(query)})


EXPECTED = {Kind.JOIN: 2, Kind.LEAVE: 1, Kind.TEXT: 3, Kind.REPLY: 2, Kind.REACTION_ADDED: 1, Kind.REACTION_UNNAMED: 3}


def test_each_row_counts_once_even_where_rows_are_alike_and_the_file_comes_twice(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, *ROWS)
    report = bring(store, path, timezone="Europe/Berlin")
    assert (report.chats[0].taken, report.chats[0].members) == (7, 2)
    assert bring(store, path).chats[0].taken == 0
    assert sums(store) == EXPECTED
    (community,) = store.read_now(list_communities)
    assert (community.title, community.timezone) == ("peak_lab", "Europe/Berlin")
    members = store.read_now(lambda session: list_members(session, community.id))
    assert sorted(one.name for one in members) == ["ada", "bo"]
    store.read_now(assert_rollups_agree)


def test_columns_in_any_order_rows_too_and_unknown_columns_are_ignored(store: Store, tmp_path: Path) -> None:
    names = HEADING.split(",")
    order = [3, 0, 5, 1, 4, 2]
    rows = [",".join([row.split(",")[place] for place in order] + ["x"]) for row in reversed(ROWS)]
    heading = ",".join([names[place] for place in order] + ["mood"])
    bring(store, write(tmp_path, *rows, heading=heading, name="peak_lab.csv"))
    assert sums(store) == EXPECTED


def test_bad_rows_are_named_by_line_and_the_rest_is_taken(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, *ROWS, "soon,ada,message,1,,", f"{NOON},ada,dance,,,", f"{NOON},,message,1,,", "1,2")
    chat = bring(store, path).chats[0]
    assert chat.taken == 7
    assert [one.number for one in chat.broken_entries] == [9, 10, 11, 12]


def test_a_series_goes_into_the_chosen_community(store: Store, tmp_path: Path) -> None:
    bring(store, write(tmp_path, *ROWS), chat_id=GROUP)
    assert [view.chat_id for view in store.read_now(list_communities)] == [GROUP]


def test_a_packed_file_that_was_cut_short_gives_what_is_there(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, *(f"{NOON + n * 7919},ada{n * n},message,{n},," for n in range(3000)))
    path.write_bytes(path.read_bytes()[:-3000])
    report = bring(store, path)
    assert report.truncated
    assert 1000 < report.chats[0].taken < 3000
    store.read_now(assert_rollups_agree)
