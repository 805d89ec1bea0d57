"""How Alembic reaches our tables. Run through storage.schema, never by hand."""

from typing import Literal

from alembic import context
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 (registers them)
from storage.times import UtcDateTime


def _same_type(_context: object, _inspected: object, _metadata: object, _found: object, ours: object) -> bool | None:
    # UtcDateTime is a BIGINT in the database: not a drift.
    return False if isinstance(ours, UtcDateTime) else None


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    return "sa.BigInteger()" if kind == "type" and isinstance(item, UtcDateTime) else False


engine = context.config.attributes["engine"]
with engine.execution_options(peakdrop_writes=True).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        compare_type=_same_type,
        render_item=_render,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
