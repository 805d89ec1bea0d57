"""A group's own past as the store knows it: who was there when, and when nobody looked."""

from __future__ import annotations

from datetime import timedelta

from peakdrop.own_activity import own_activity
from storage.communities import find_community
from storage.coverage import keep_listening, start_listening
from storage.store import Store
from storage.times import to_epoch
from tests import facts
from tests.drops.conftest import CHAT, NOW, ZONE
from tests.drops.conftest import community as community  # the fixture
from tests.drops.test_figures import ANN, Desk


def test_downtime_is_a_gap_and_the_rest_is_activity(any_store: Store, community: int) -> None:
    desk = Desk(any_store, community)
    began = NOW - timedelta(days=20)
    desk.put(facts.bot_standing(chat_id=CHAT, at=to_epoch(began)))
    spans = ((began, NOW - timedelta(days=12)), (NOW - timedelta(days=9), NOW))
    for since, until in spans:
        any_store.write_now(lambda s, a=since, b=until: keep_listening(s, start_listening(s, a), b))  # type: ignore[misc]
    for number, (days, who) in enumerate([(19, 0), (19, 1), (5, 0)]):
        at = to_epoch(NOW - timedelta(days=days))
        desk.put(facts.message(10 + number, chat_id=CHAT, member_id=ANN + who, at=at))
    found = any_store.read_now(lambda session: find_community(session, CHAT))
    assert found is not None
    own = any_store.read_now(lambda session: own_activity(session, found, ZONE, NOW))
    assert sorted(own.activity.quarters.tolist()) == [to_epoch(NOW - timedelta(days=d)) // 900 for d in (19, 19, 5)]
    assert len(set(own.activity.members.tolist())) == 2
    ((low, high),) = own.gaps
    assert low * 900 == to_epoch(NOW - timedelta(days=12))
    assert high * 900 == to_epoch(NOW - timedelta(days=10))  # Telegram kept a day for us


def test_a_group_in_which_nothing_happened_has_no_activity(any_store: Store, community: int) -> None:
    found = any_store.read_now(lambda session: find_community(session, CHAT))
    assert found is not None
    own = any_store.read_now(lambda session: own_activity(session, found, ZONE, NOW))
    assert (len(own.activity), own.gaps) == (0, ())
