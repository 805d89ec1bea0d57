"""Forecasts of days belong to a topic (-1 is the whole group); a drop keeps whether its time was chosen to learn."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

# Not every database changes a clustered table's key in place: the table is copied.
COLUMNS = 'community_id, day, timezone, stored_at, minute, expected, low, high, audience, best, fixed, scored_at'


def upgrade() -> None:
    topic = sa.Column('topic_id', sa.BigInteger(), autoincrement=False, nullable=False)
    _create('day_forecast_by_topic', topic, key=('community_id', 'topic_id', 'day'))
    op.execute(f'INSERT INTO day_forecast_by_topic (topic_id, {COLUMNS}) SELECT -1, {COLUMNS} FROM day_forecast')
    op.drop_table('day_forecast')
    op.rename_table('day_forecast_by_topic', 'day_forecast')
    with op.batch_alter_table('queued_drop', schema=None) as batch_op:
        batch_op.add_column(sa.Column('explores', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table('queued_drop', schema=None) as batch_op:
        batch_op.drop_column('explores')

    _create('day_forecast_of_groups', key=('community_id', 'day'))
    op.execute(
        f'INSERT INTO day_forecast_of_groups ({COLUMNS}) SELECT {COLUMNS} FROM day_forecast WHERE topic_id = -1'
    )
    op.drop_table('day_forecast')
    op.rename_table('day_forecast_of_groups', 'day_forecast')


def _create(name: str, *more: sa.Column[int], key: tuple[str, ...]) -> None:
    op.create_table(name,
    sa.Column('community_id', sa.Integer(), autoincrement=False, nullable=False),
    *more,
    sa.Column('day', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('timezone', sa.Text(), nullable=False),
    sa.Column('stored_at', sa.BigInteger(), nullable=False),
    sa.Column('minute', sa.SmallInteger(), nullable=False),
    sa.Column('expected', sa.Float(), nullable=False),
    sa.Column('low', sa.Float(), nullable=False),
    sa.Column('high', sa.Float(), nullable=False),
    sa.Column('audience', sa.Integer(), nullable=True),
    sa.Column('best', sa.Integer(), nullable=True),
    sa.Column('fixed', sa.Integer(), nullable=True),
    sa.Column('scored_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint(*key),
    sqlite_with_rowid=False
    )
