"""What the rollups must say, counted anew from the log: written apart from storage/rollups.py, to check it."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, SQLModel

from storage.store import Store

Table = dict[tuple[Any, ...], Any]

COUNTED = """
SELECT at / 900 AS quarter, CASE WHEN flags & 16 <> 0 THEN thread_id ELSE 0 END AS topic,
       CASE WHEN actor = 1 AND kind <= 20 THEN 90 ELSE kind END AS kind, 1 AS n
FROM interaction WHERE community_id = :c AND flags & 256 = 0
"""
EXTRA = """
SELECT at / 900, CASE WHEN flags & 16 <> 0 THEN thread_id ELSE 0 END, {kind}, 1
FROM interaction WHERE community_id = :c AND kind <= 13 AND actor <> 1 AND flags & {flag} <> 0
"""
UNNAMED = """
SELECT t.at / 900, t.thread_id, 94, t.total - COALESCE((
    SELECT SUM(CASE i.kind WHEN 30 THEN 1 WHEN 31 THEN -1 ELSE 0 END) FROM interaction i
    WHERE i.community_id = t.community_id AND i.chat_id = t.chat_id AND i.message_id = t.message_id
      AND i.at <= t.as_of), 0)
FROM reaction_total t WHERE t.community_id = :c
"""
QUARTERS = "SELECT quarter, topic_id, kind, n FROM quarter_count WHERE community_id = :c AND n <> 0"
DAYS = "SELECT * FROM member_day WHERE community_id = :c"
COUNTERS = {
    30: "reactions_added",
    31: "reactions_removed",
    51: "votes",
    50: "presses",
    20: "commands",
    40: "joins",
    41: "leaves",
    42: "leaves",
}
ACTIVE = {*range(1, 14), 20, 30, 50, 51}


def kept_quarters(session: Session, community_id: int) -> Table:
    """(quarter, topic, kind) to count, as stored."""
    return {tuple(row[:3]): row[3] for row in session.connection().execute(text(QUARTERS), {"c": community_id})}


def counted_quarters(session: Session, community_id: int) -> Table:
    """(quarter, topic, kind) to count, from the log and the totals of reactions."""
    extras = [EXTRA.format(kind=kind, flag=flag) for kind, flag in ((91, 1), (92, 2), (93, 8))]
    counts: Counter[tuple[Any, ...]] = Counter()
    for query in (COUNTED, *extras, UNNAMED):
        for *key, n in session.connection().execute(text(query), {"c": community_id}):
            counts[tuple(key)] += max(n, 0)
    return {key: n for key, n in counts.items() if n}


def kept_days(session: Session, community_id: int) -> Table:
    """(day, member) to masks and counters, as stored."""
    found = {}
    for row in session.connection().execute(text(DAYS), {"c": community_id}).mappings():
        values = {name: n for name, n in row.items() if n and name not in ("community_id", "day", "member_id")}
        if values:
            found[row["day"], row["member_id"]] = values
    return found


def counted_days(session: Session, community_id: int) -> Table:
    """(day, member) to masks and counters, from the log."""
    query = "SELECT at, kind, member_id, flags FROM interaction WHERE community_id = :c AND actor = 0"
    found: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for at, kind, member_id, flags in session.connection().execute(text(query), {"c": community_id}):
        if flags & 256:
            continue
        day, second = divmod(at, 86_400)
        counts = found[day, member_id]
        counts["messages" if kind < 14 else COUNTERS.get(kind, "others")] += 1
        if kind < 14 and flags & 1:
            counts["replies"] += 1
        if kind in ACTIVE:
            half, quarter = divmod(second // 900, 48)
            counts[("early_mask", "late_mask")[half]] |= 2**quarter
    return {key: dict(counts) for key, counts in found.items()}


def first_actives(session: Session, community_id: int) -> Table:
    """Member to the time of their first activity, from the log."""
    kinds = ", ".join(map(str, sorted(ACTIVE)))
    query = (
        "SELECT member_id, MIN(at) FROM interaction WHERE community_id = :c AND actor = 0 "
        f"AND flags & 256 = 0 AND kind IN ({kinds}) GROUP BY member_id"
    )
    return {(row[0],): row[1] for row in session.connection().execute(text(query), {"c": community_id})}


def kept_first_actives(session: Session, community_id: int) -> Table:
    """Member to the time of their first activity, as stored."""
    query = "SELECT member_id, first_active_at FROM member WHERE community_id = :c AND first_active_at IS NOT NULL"
    return {(row[0],): row[1] for row in session.connection().execute(text(query), {"c": community_id})}


def community_ids(session: Session) -> list[int]:
    """All communities."""
    return [row[0] for row in session.connection().execute(text("SELECT id FROM community ORDER BY id"))]


def assert_rollups_agree(session: Session) -> None:
    """Every rollup equals a recount."""
    for community_id in community_ids(session):
        assert kept_quarters(session, community_id) == counted_quarters(session, community_id)
        assert kept_days(session, community_id) == counted_days(session, community_id)
        assert kept_first_actives(session, community_id) == first_actives(session, community_id)


def dump(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """All that a store holds, by table; a community goes by its lowest chat id, rollups of nothing are left out."""
    connection = session.connection()
    rows = connection.execute(text("SELECT community_id, MIN(chat_id) FROM chat_alias GROUP BY community_id"))
    names = {row[0]: row[1] for row in rows}
    found = {}
    for table in SQLModel.metadata.sorted_tables:
        query = f"SELECT {', '.join(table.columns.keys())} FROM {table.name}"
        kept = []
        for row in connection.execute(text(query.replace("offset", '"offset"'))).mappings():
            values = dict(row)
            for key in ("community_id", "id"):
                if key in values:
                    values[key] = names.get(values[key], values[key])
            counts = [value for key, value in values.items() if key not in table.primary_key.columns]
            if table.name not in ("quarter_count", "member_day") or any(counts):
                kept.append(tuple(values.values()))
        found[table.name] = sorted(kept, key=repr)
    return found


def wipe(store: Store) -> None:
    """Empty all tables, for a property's next example."""

    def empty(session: Session) -> None:
        for table in SQLModel.metadata.sorted_tables:
            session.connection().execute(table.delete())

    store.write_now(empty)
