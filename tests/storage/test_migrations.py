"""Migrations: there and back, equal to the models, the same on both databases."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import UniqueConstraint, inspect
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 (registers them)
from storage import schema
from storage.models import GLOBAL_TABLES
from storage.store import Store
from storage.times import UtcDateTime


def test_up_down_up_leaves_what_it_found(any_store: Store) -> None:
    schema.downgrade(any_store.engine, "base")
    left = set(inspect(any_store.engine).get_table_names()) - {"alembic_version"}
    assert left == set()
    assert schema.current(any_store.engine) is None
    any_store.prepare()
    assert set(inspect(any_store.engine).get_table_names()) == {*SQLModel.metadata.tables, "alembic_version"}
    assert schema.current(any_store.engine) == schema.HEAD


def test_forecasts_of_days_are_those_of_whole_groups_until_topics_have_some(any_store: Store) -> None:
    def run(query: str) -> list[tuple[object, ...]]:
        with any_store.engine.begin() as connection:
            found = connection.exec_driver_sql(query)
            return [tuple(row) for row in found] if found.returns_rows else []

    schema.downgrade(any_store.engine, "0004")
    columns = "community_id, day, timezone, stored_at, minute, expected, low, high, audience"
    run(f"INSERT INTO day_forecast ({columns}) VALUES (1, 20000, 'UTC', 5, 1200, 40.5, 30, 50, 44)")
    any_store.prepare()
    kept = f"SELECT topic_id, {columns} FROM day_forecast"
    before = (1, 20000, "UTC", 5, 1200, 40.5, 30.0, 50.0, 44)
    assert run(kept) == [(-1, *before)]
    run(f"INSERT INTO day_forecast (topic_id, {columns}) VALUES (7, 1, 20000, 'UTC', 5, 540, 4.5, 3, 5, 4)")
    schema.downgrade(any_store.engine, "0004")
    assert run(f"SELECT {columns} FROM day_forecast") == [before]
    any_store.prepare()
    assert run(kept) == [(-1, *before)]


def test_models_and_migrations_say_the_same(any_store: Store) -> None:
    def same_type(_context: object, _inspected: object, _metadata: object, _found: object, ours: object) -> bool | None:
        return False if isinstance(ours, UtcDateTime) else None

    with any_store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": same_type})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_times_are_big_integers_in_the_database(any_store: Store) -> None:
    found = inspect(any_store.engine)
    for table in SQLModel.metadata.tables.values():
        types = {column["name"]: str(column["type"]) for column in found.get_columns(table.name)}
        for column in table.columns:
            if isinstance(column.type, UtcDateTime):
                assert types[column.name] == "BIGINT", f"{table.name}.{column.name}"


def test_head_is_known_without_alembic(store: Store) -> None:
    scripts = ScriptDirectory.from_config(schema.config(store.engine))
    assert scripts.get_heads() == [schema.HEAD]
    assert schema.known() == {script.revision for script in scripts.walk_revisions()}


def test_clustered_tables_have_no_hidden_row_number(store: Store) -> None:
    with sqlite3.connect(str(store.engine.url.database)) as connection:
        for table in SQLModel.metadata.tables.values():
            clustered = table.dialect_options["sqlite"]["with_rowid"] is False
            sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", [table.name]).fetchone()[0]
            assert ("WITHOUT ROWID" in sql) == clustered, table.name
    connection.close()


def test_every_key_of_a_community_starts_with_it() -> None:
    for table in SQLModel.metadata.tables.values():
        if table.name in GLOBAL_TABLES:
            continue
        keys = [list(table.primary_key.columns)]
        keys += [list(index.columns) for index in table.indexes]
        keys += [list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
        for columns in keys:
            assert columns[0].name == "community_id", f"{table.name}: {[column.name for column in columns]}"
    assert set(SQLModel.metadata.tables) >= GLOBAL_TABLES


def test_tables_are_made_at_the_first_use(tmp_path: Path) -> None:
    fresh = Store(f"sqlite:///{tmp_path}/deep/down/peakdrop.db")
    fresh.prepare()
    fresh.prepare()
    assert schema.current(fresh.engine) == schema.HEAD
    fresh.close()


def test_a_newer_database_is_refused(any_store: Store) -> None:
    with any_store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(schema.NewerSchema, match="update the program"):
        any_store.prepare()
