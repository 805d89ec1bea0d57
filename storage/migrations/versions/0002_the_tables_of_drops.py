"""The tables of drops."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_entry',
    sa.Column('community_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('sequence', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('act', sa.Text(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('detail', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('community_id', 'sequence'),
    sqlite_with_rowid=False
    )
    op.create_table('composing',
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('community_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('awaits', sa.Text(), nullable=True),
    sa.Column('screen_id', sa.BigInteger(), nullable=True),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('person_id'),
    sqlite_with_rowid=False
    )
    op.create_table('drop_deed',
    sa.Column('community_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('deed', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('member_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('community_id', 'number', 'deed', 'member_id'),
    sqlite_with_rowid=False
    )
    op.create_table('drop_message',
    sa.Column('community_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('chat_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('message_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('thread_id', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('removed_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('community_id', 'chat_id', 'message_id'),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('drop_message', schema=None) as batch_op:
        batch_op.create_index('ix_drop_message_number', ['community_id', 'number'], unique=False)

    op.create_table('drop_sign',
    sa.Column('community_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('chat_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('message_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('seen_at', sa.BigInteger(), nullable=False),
    sa.Column('posted_at', sa.BigInteger(), nullable=False),
    sa.Column('nonce', sa.BigInteger(), nullable=True),
    sa.Column('likeness', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('community_id', 'chat_id', 'message_id'),
    sqlite_with_rowid=False
    )
    op.create_table('own_message',
    sa.Column('community_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('chat_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('message_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('community_id', 'chat_id', 'message_id'),
    sqlite_with_rowid=False
    )
    op.create_table('posting_rules',
    sa.Column('community_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('quiet_from', sa.SmallInteger(), nullable=True),
    sa.Column('quiet_to', sa.SmallInteger(), nullable=True),
    sa.Column('gap_minutes', sa.Integer(), nullable=False),
    sa.Column('most_a_day', sa.Integer(), nullable=False),
    sa.Column('blocked_days', sa.SmallInteger(), nullable=False),
    sa.Column('slots', sa.Text(), nullable=False),
    sa.Column('same_within_days', sa.Integer(), nullable=False),
    sa.Column('needs_approval', sa.Boolean(), nullable=False),
    sa.Column('next_shown', sa.SmallInteger(), nullable=False),
    sa.Column('next_words', sa.Boolean(), nullable=False),
    sa.Column('halted', sa.Text(), nullable=True),
    sa.Column('halted_at', sa.BigInteger(), nullable=True),
    sa.Column('halt_told_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('community_id'),
    sqlite_with_rowid=False
    )
    op.create_table('queued_drop',
    sa.Column('community_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('state', sa.SmallInteger(), nullable=False),
    sa.Column('author_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('content_key', sa.Text(), nullable=False),
    sa.Column('target_chat_id', sa.BigInteger(), nullable=True),
    sa.Column('thread_id', sa.BigInteger(), nullable=False),
    sa.Column('timing', sa.SmallInteger(), nullable=False),
    sa.Column('due_at', sa.BigInteger(), nullable=True),
    sa.Column('local_time', sa.Text(), nullable=True),
    sa.Column('late_seconds', sa.Integer(), nullable=False),
    sa.Column('repeat', sa.Text(), nullable=True),
    sa.Column('series', sa.Integer(), nullable=True),
    sa.Column('occurrence', sa.Text(), nullable=True),
    sa.Column('pin', sa.Boolean(), nullable=False),
    sa.Column('silent', sa.Boolean(), nullable=False),
    sa.Column('delete_after', sa.Integer(), nullable=True),
    sa.Column('replaces', sa.Boolean(), nullable=False),
    sa.Column('is_ad', sa.Boolean(), nullable=False),
    sa.Column('is_hidden', sa.Boolean(), nullable=False),
    sa.Column('tags', sa.Text(), nullable=False),
    sa.Column('campaign', sa.Text(), nullable=True),
    sa.Column('buttons', sa.Text(), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('nonce', sa.BigInteger(), nullable=False),
    sa.Column('claimed_by', sa.Text(), nullable=True),
    sa.Column('claimed_until', sa.BigInteger(), nullable=True),
    sa.Column('claimed_at', sa.BigInteger(), nullable=True),
    sa.Column('after_id', sa.BigInteger(), nullable=True),
    sa.Column('sent_at', sa.BigInteger(), nullable=True),
    sa.Column('steps', sa.SmallInteger(), nullable=False),
    sa.Column('failure', sa.Text(), nullable=True),
    sa.Column('failure_detail', sa.Text(), nullable=True),
    sa.Column('asked_at', sa.BigInteger(), nullable=True),
    sa.Column('remove_at', sa.BigInteger(), nullable=True),
    sa.Column('approved_by', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('community_id', 'number')
    )
    with op.batch_alter_table('queued_drop', schema=None) as batch_op:
        batch_op.create_index('ix_drop_due', ['community_id', 'due_at'], unique=False, sqlite_where=sa.text('state = 3'), postgresql_where=sa.text('state = 3'))
        batch_op.create_index('ix_drop_remove', ['community_id', 'remove_at'], unique=False, sqlite_where=sa.text('remove_at IS NOT NULL'), postgresql_where=sa.text('remove_at IS NOT NULL'))
        batch_op.create_index('ix_drop_series', ['community_id', 'series', 'occurrence'], unique=False)
        batch_op.create_index('ix_drop_state', ['community_id', 'state', 'due_at'], unique=False)
        batch_op.create_index('ix_drop_under_way', ['community_id'], unique=False, sqlite_where=sa.text('state IN (5, 7)'), postgresql_where=sa.text('state IN (5, 7)'))
        batch_op.create_index('ix_drop_untold', ['community_id'], unique=False, sqlite_where=sa.text('failure IS NOT NULL AND asked_at IS NULL'), postgresql_where=sa.text('failure IS NOT NULL AND asked_at IS NULL'))

    op.create_table('reminder',
    sa.Column('community_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('community_id', 'number', 'person_id'),
    sqlite_with_rowid=False
    )
    op.create_table('role',
    sa.Column('community_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('role', sa.SmallInteger(), nullable=False),
    sa.Column('given_by', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('community_id', 'person_id'),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('interaction', schema=None) as batch_op:
        batch_op.create_index('ix_interaction_ref', ['community_id', 'chat_id', 'ref'], unique=False, sqlite_where=sa.text('slot = 0 AND (flags & 33) <> 0'), postgresql_where=sa.text('slot = 0 AND (flags & 33) <> 0'))

    with op.batch_alter_table('poll', schema=None) as batch_op:
        batch_op.add_column(sa.Column('voters', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('voters_at', sa.BigInteger(), nullable=True))
        batch_op.create_index('ix_poll_message', ['chat_id', 'message_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('poll', schema=None) as batch_op:
        batch_op.drop_index('ix_poll_message')
        batch_op.drop_column('voters_at')
        batch_op.drop_column('voters')

    with op.batch_alter_table('interaction', schema=None) as batch_op:
        batch_op.drop_index('ix_interaction_ref', sqlite_where=sa.text('slot = 0 AND (flags & 33) <> 0'), postgresql_where=sa.text('slot = 0 AND (flags & 33) <> 0'))

    op.drop_table('role')
    op.drop_table('reminder')
    with op.batch_alter_table('queued_drop', schema=None) as batch_op:
        batch_op.drop_index('ix_drop_untold', sqlite_where=sa.text('failure IS NOT NULL AND asked_at IS NULL'), postgresql_where=sa.text('failure IS NOT NULL AND asked_at IS NULL'))
        batch_op.drop_index('ix_drop_under_way', sqlite_where=sa.text('state IN (5, 7)'), postgresql_where=sa.text('state IN (5, 7)'))
        batch_op.drop_index('ix_drop_state')
        batch_op.drop_index('ix_drop_series')
        batch_op.drop_index('ix_drop_remove', sqlite_where=sa.text('remove_at IS NOT NULL'), postgresql_where=sa.text('remove_at IS NOT NULL'))
        batch_op.drop_index('ix_drop_due', sqlite_where=sa.text('state = 3'), postgresql_where=sa.text('state = 3'))

    op.drop_table('queued_drop')
    op.drop_table('posting_rules')
    op.drop_table('own_message')
    op.drop_table('drop_sign')
    with op.batch_alter_table('drop_message', schema=None) as batch_op:
        batch_op.drop_index('ix_drop_message_number')

    op.drop_table('drop_message')
    op.drop_table('drop_deed')
    op.drop_table('composing')
    op.drop_table('audit_entry')
