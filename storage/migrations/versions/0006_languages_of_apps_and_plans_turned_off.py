"""The language that someone's Telegram shows, for what comes by itself; digests that are turned off keep their plan."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('app_language', sa.Text(), nullable=True))
    with op.batch_alter_table('digest_plan', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_on', sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    op.execute(sa.text('DELETE FROM digest_plan WHERE NOT is_on'))
    with op.batch_alter_table('digest_plan', schema=None) as batch_op:
        batch_op.drop_column('is_on')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_column('app_language')
