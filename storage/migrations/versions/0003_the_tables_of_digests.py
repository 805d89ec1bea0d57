"""The tables of digests."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('digest_delivery',
    sa.Column('community_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('occurrence', sa.Text(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('state', sa.SmallInteger(), nullable=False),
    sa.Column('due_at', sa.BigInteger(), nullable=False),
    sa.Column('claimed_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('community_id', 'occurrence', 'person_id'),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('digest_delivery', schema=None) as batch_op:
        batch_op.create_index('ix_digest_waiting', ['community_id'], unique=False, sqlite_where=sa.text('state = 1'), postgresql_where=sa.text('state = 1'))

    op.create_table('digest_plan',
    sa.Column('community_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('every', sa.SmallInteger(), nullable=False),
    sa.Column('weekday', sa.SmallInteger(), nullable=False),
    sa.Column('minute', sa.SmallInteger(), nullable=False),
    sa.Column('to_group', sa.Boolean(), nullable=False),
    sa.Column('since_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('community_id'),
    sqlite_with_rowid=False
    )
    op.create_table('digest_reader',
    sa.Column('community_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('community_id', 'person_id'),
    sqlite_with_rowid=False
    )
    op.create_table('digest_suggestion',
    sa.Column('community_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('occurrence', sa.Text(), nullable=True),
    sa.Column('kind', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Integer(), nullable=True),
    sa.Column('thread_id', sa.BigInteger(), nullable=False),
    sa.Column('trait', sa.Text(), nullable=True),
    sa.Column('figure', sa.Float(), nullable=True),
    sa.Column('local_time', sa.Text(), nullable=False),
    sa.Column('members', sa.Float(), nullable=True),
    sa.Column('drop_number', sa.Integer(), nullable=True),
    sa.Column('accepted_by', sa.BigInteger(), nullable=True),
    sa.Column('accepted_at', sa.BigInteger(), nullable=True),
    sa.Column('told_in', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('community_id', 'number'),
    sqlite_with_rowid=False
    )


def downgrade() -> None:
    op.drop_table('digest_suggestion')
    op.drop_table('digest_reader')
    op.drop_table('digest_plan')
    with op.batch_alter_table('digest_delivery', schema=None) as batch_op:
        batch_op.drop_index('ix_digest_waiting', sqlite_where=sa.text('state = 1'), postgresql_where=sa.text('state = 1'))

    op.drop_table('digest_delivery')
