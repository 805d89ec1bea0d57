"""The short way of counting a slice gives what the careful one gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storage import bulk_rollups, rollups
from storage.facts import Interaction
from storage.kinds import Actor, Flag, Kind
from tests.history.exports import NOON

LOGGED = [kind for kind in Kind if kind < Kind.BOT_MESSAGE]
FLAGS = st.sampled_from(
    [0, 0, Flag.IMPORTED, Flag.REPLY, Flag.TOPIC, Flag.FORWARD, Flag.DOUBLED, Flag.REPLY | Flag.TOPIC]
)
ROWS = st.builds(
    lambda number, at, kind, actor, member_id, flags: Interaction(
        -5, number, 0, 0, NOON + at, int(kind), int(actor), member_id, 7, int(flags)
    ),
    st.integers(1, 1000),
    st.integers(0, 200_000),
    st.sampled_from([Kind.TEXT, Kind.PHOTO, *LOGGED]),
    st.sampled_from([Actor.MEMBER, Actor.MEMBER, *Actor]),
    st.integers(1, 4),
    FLAGS,
)


@given(st.lists(ROWS, max_size=60))
def test_slices_roll_up_as_single_rows_do(rows: list[Interaction]) -> None:
    quick, careful = bulk_rollups.roll(rows), rollups.roll(rows)
    assert rollups.same(quick, careful)
    assert quick.first_active == careful.first_active
