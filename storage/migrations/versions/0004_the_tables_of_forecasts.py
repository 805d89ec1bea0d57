"""The tables of forecasts."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('day_forecast',
    sa.Column('community_id', sa.Integer(), autoincrement=False, nullable=False),
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
    sa.PrimaryKeyConstraint('community_id', 'day'),
    sqlite_with_rowid=False
    )
    op.create_table('outlook',
    sa.Column('community_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('topic_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=True),
    sa.Column('claimed_at', sa.BigInteger(), nullable=True),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('community_id', 'topic_id'),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('posting_rules', schema=None) as batch_op:
        batch_op.add_column(sa.Column('explored_percent', sa.SmallInteger(), nullable=False, server_default='10'))



def downgrade() -> None:
    with op.batch_alter_table('posting_rules', schema=None) as batch_op:
        batch_op.drop_column('explored_percent')

    op.drop_table('outlook')
    op.drop_table('day_forecast')
