"""Tables made and migrated: Alembic's migrations, run at the first use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
# The newest migration; a test holds it equal to Alembic's head. Known here so that a start need not import Alembic.
HEAD = "0006"


class NewerSchema(Exception):
    """The database was written by a newer PeakDrop."""


def current(engine: Engine) -> str | None:
    """The migration the database stands at, None where it has no tables yet."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to the newest migration. Raises NewerSchema where it is ahead of this program."""
    found = current(engine)
    if found == HEAD and revision == "head":
        return
    if found is not None and found not in known():
        raise NewerSchema(f"the database was written by a newer PeakDrop (migration {found}): update the program")
    from alembic import command

    command.upgrade(config(engine), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to an earlier migration ("base": no tables)."""
    from alembic import command

    command.downgrade(config(engine), revision)


def known() -> set[str]:
    """The migrations this program brings."""
    return {path.stem.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")}


def config(engine: Engine) -> Config:
    """Alembic's configuration for an engine."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["engine"] = engine
    return settings
