"""What intake asks of a large store must be found by key: a walk through a community's log would take seconds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from storage.store import Store
from tests.intake.storing import deliver, query
from tests.intake.updates import TOPIC, Json, message, reaction, reaction_count, standing, update, user

WALKED = ("SCAN interaction", "ix_interaction_time", "SCAN member", "SCAN quarter_count", "SCAN reaction_total")


def busy(first_id: int) -> list[Json]:
    """Updates that touch all that intake looks up."""
    bodies = [
        ("message", message(5, **TOPIC)),
        ("edited_message", message(6, edit_date=1_790_000_100)),
        ("message", message(6)),
        ("message_reaction", reaction(5, 1, [], ["👍"])),
        ("message_reaction_count", reaction_count(5, 3)),
        ("message", message(7, 2, new_chat_members=[user(2)])),
        ("chat_member", standing(2, "left", "member")),
    ]
    return [update(first_id + number, kind, body) for number, (kind, body) in enumerate(bodies)]


def test_no_look_up_walks_through_a_communitys_log(store: Store) -> None:
    seen: dict[str, Any] = {}

    def note(_c: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, many: bool) -> None:
        if sql.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            seen[sql] = parameters[0] if many else parameters

    event.listen(store.engine, "before_cursor_execute", note)
    deliver(store, *busy(100))
    deliver(store, *busy(200))  # all known already: the careful way
    event.remove(store.engine, "before_cursor_execute", note)
    assert len(seen) > 10
    with store.engine.connect() as connection:
        plans = {
            sql: [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
            for sql, values in seen.items()
        }
    walks = {sql: plan for sql, plan in plans.items() if any(word in line for line in plan for word in WALKED)}
    assert walks == {}
    assert query(store, "SELECT COUNT(*) FROM interaction WHERE slot = 0") == [(2,)]


def test_the_privacy_key_is_never_met_half_written(store: Store) -> None:
    key = store.privacy_key
    assert len(key) == 32
    assert [path.name for path in store.folder.glob("privacy.key*")] == ["privacy.key"]
    assert (store.folder / "privacy.key").stat().st_mode & 0o777 == 0o600
    again = Store(str(store.engine.url))
    assert again.privacy_key == key
    again.close()
