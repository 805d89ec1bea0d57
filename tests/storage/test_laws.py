"""Laws of the store: each fact counts once, in whatever order and however often it comes."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, Phase, given, settings

from storage.store import Store
from tests import facts
from tests.storage.recount import assert_rollups_agree, dump, wipe
from tests.storage.streams import deliver, draw_stream, seeds, sizes

several = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)


@several
@given(seeds, sizes)
def test_rollups_equal_a_recount(any_store: Store, seed: int, size: int) -> None:
    wipe(any_store)
    rng = random.Random(seed)
    facts.put(any_store, *deliver(rng, draw_stream(rng, size)))
    any_store.read_now(lambda session: assert_rollups_agree(session))


@several
@given(seeds, sizes)
def test_any_order_and_any_repetition_give_the_same_store(any_store: Store, seed: int, size: int) -> None:
    stream = draw_stream(random.Random(seed), size)
    wipe(any_store)
    facts.put(any_store, *stream)
    plain = any_store.read_now(dump)
    wipe(any_store)
    facts.put(any_store, *deliver(random.Random(seed + 1), stream))
    mixed = any_store.read_now(dump)
    for name, rows in plain.items():
        assert mixed[name] == rows, name
