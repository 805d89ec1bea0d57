"""Fixtures shared by all tests: real stores, made quickly, and a clock that tests set."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.clock import FakeClock
from tests.postgres import PostgresServer, running_postgres
from tests.shapes import Shapes

DATABASES = ("sqlite", "postgres")


def pytest_collection_finish() -> None:
    """What is imported by now stays: to look through it for garbage again and again was a tenth of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def shapes() -> Iterator[Shapes]:
    """Listens to what the sandbox serves, in all worlds of this process."""
    listening = Shapes()
    with pytest.MonkeyPatch.context() as patch:
        listening.install(patch)
        yield listening
    listening.close()


@pytest.fixture(autouse=True)
def served_as_telegram_would(shapes: Shapes, request: pytest.FixtureRequest) -> Iterator[None]:
    """A test in which the sandbox serves what Telegram never would is in error (benchmarks only measure)."""
    yield
    if request.node.get_closest_marker("bench"):
        shapes.forget()
        return
    strange = shapes.strange_refusals()
    assert not strange, f"error texts that are not in tests/sandbox/errors.tsv (see test_errors.py): {strange}"
    complaints = shapes.complaints()
    assert not complaints, "the sandbox served what aiogram's models do not know:\n" + "\n".join(complaints[:20])


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still until it is told to move."""
    return FakeClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with all tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "peakdrop.db"
    store = Store(f"sqlite:///{path}")
    store.prepare()
    store.close()
    return path


@pytest.fixture
def store(tmp_path: Path, sqlite_template: Path) -> Iterator[Store]:
    """A store in a SQLite file of its own, with all tables and nothing in them."""
    opened = _sqlite_store(tmp_path, sqlite_template)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server, one for each test process."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PostgreSQL database with all tables and nothing in them, to be copied."""
    name = postgres.create()
    opened = Store(postgres.url(name))
    opened.prepare()
    opened.close()
    return name


@pytest.fixture
def postgres_store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Store]:
    """A store in a PostgreSQL database of its own; files beside it lie in tmp_path/data."""
    server: PostgresServer = request.getfixturevalue("postgres")
    name = server.create(request.getfixturevalue("postgres_template"))
    monkeypatch.chdir(tmp_path)
    opened = Store(server.url(name))
    yield opened
    opened.close()
    server.drop(name)


@pytest.fixture(params=DATABASES)
def any_store(request: pytest.FixtureRequest) -> Store:
    """A store in either database: the same laws hold in both."""
    fixture = "store" if request.param == "sqlite" else "postgres_store"
    found: Store = request.getfixturevalue(fixture)
    return found


def _sqlite_store(folder: Path, template: Path) -> Store:
    path = folder / "peakdrop.db"
    shutil.copyfile(template, path)
    return Store(f"sqlite:///{path}")
