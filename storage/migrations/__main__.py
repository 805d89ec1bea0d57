"""`python -m storage.migrations "what changed"`: writes the migration from the newest one to the models; read it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command

from storage import schema
from storage.dialects import open_engine


def write_migration(message: str) -> None:
    """Compare the models with an empty database at the newest migration and write what is missing."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder)}/empty.db")
        settings = schema.config(engine)
        command.upgrade(settings, "head")
        number = f"{max(map(int, schema.known())) + 1:04}"
        command.revision(settings, message, autogenerate=True, rev_id=number)
        engine.dispose()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit('usage: python -m storage.migrations "what changed"')
    write_migration(sys.argv[1])
