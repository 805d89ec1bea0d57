"""Times: aware in Python, whole seconds in the database, never naive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError
from sqlmodel import Session, select

from storage.inbox_models import UpdateId
from storage.models import PollSpan
from storage.store import Store
from storage.times import from_epoch, to_epoch
from tests import facts

zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1970, 1, 3), datetime(2200, 1, 1), timezones=zones)  # noqa: DTZ001 (bounds are naive)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moments)
def test_a_time_comes_back_as_it_went_in(any_store: Store, moment: datetime) -> None:
    any_store.write_now(lambda session: session.add(PollSpan(start_at=moment, end_at=moment)))

    def newest(session: Session) -> datetime:
        return session.exec(select(PollSpan.start_at).order_by(PollSpan.id.desc())).first()  # type: ignore[union-attr, return-value]

    back = any_store.read_now(newest)
    assert back == moment.replace(microsecond=0)
    assert back.tzinfo == UTC


@given(st.integers(-(2**35), 2**35))
def test_epoch_seconds_and_times_are_the_same(seconds: int) -> None:
    assert to_epoch(from_epoch(seconds)) == seconds


def test_a_naive_time_is_refused(any_store: Store) -> None:
    naive = datetime(2026, 10, 15, 12)  # noqa: DTZ001 (that is the point)
    with pytest.raises(ValueError, match="time zone"):
        to_epoch(naive)
    with pytest.raises(StatementError, match="time zone"):
        any_store.write_now(lambda session: session.add(UpdateId(update_id=1, at=naive)))


def test_times_are_compared_as_moments(any_store: Store) -> None:
    shanghai = timezone(timedelta(hours=8))
    any_store.write_now(lambda session: session.add(UpdateId(update_id=1, at=from_epoch(facts.NOON))))
    same = datetime(2025, 10, 15, 20, tzinfo=shanghai)
    query = select(UpdateId.update_id).where(UpdateId.at == same)
    assert any_store.read_now(lambda session: session.exec(query).all()) == [1]
