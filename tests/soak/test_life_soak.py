"""A week of the living community at speed 3600, with the real bot: nothing is skipped."""

from __future__ import annotations

import pytest

from storage.store import Store
from tests.bot.living import live


@pytest.mark.soak
@pytest.mark.timeout(1500)
async def test_a_week_at_3600(store: Store) -> None:
    lived = await live(store, 7 * 24, 3600)
    acts = sum(lived.done.values())
    print(f"\n{lived.passed / 86400:.2f} days in {lived.real:.0f} s, {acts} acts: {dict(lived.done)}")
    assert acts > 1_500
    done = lived.done.copy()
    done["write"] += done.pop("reply", 0)
    assert done.pop("refused", 0) == 0
    assert lived.stored == done
