"""The webhook: strangers are refused, updates stored before their 200, an outage brings Telegram back later."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from handlers.web.webhook import LARGEST_BODY, PATH, SECRET_HEADER, create_web_app
from storage.store import Store, StoreUnavailable
from tests.clock import FakeClock
from tests.intake.answering import Noting, make_intake
from tests.intake.storing import log, query
from tests.intake.updates import command, message, update

SECRET = "a-secret"


class Caller:
    """Posts as Telegram does."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.answering = Noting()
        app = create_web_app(make_intake(store, clock, self.answering), SECRET)
        transport = httpx.ASGITransport(app)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://test")

    async def post(self, body: object, secret: str | None = SECRET) -> int:
        """The status of one delivery."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = [] if secret is None else [(SECRET_HEADER.encode(), secret.encode())]
        return (await self.client.post(PATH, content=raw, headers=headers)).status_code


@pytest.fixture
def caller(store: Store, clock: FakeClock) -> Caller:
    return Caller(store, clock)


async def test_an_update_is_stored_and_handed_on_before_its_200(store: Store, caller: Caller) -> None:
    one = update(1, "message", message(1, **command("/stats")))
    assert await caller.post(one) == 200
    assert len(log(store)) == 1
    assert await caller.post(one) == 200  # delivered again
    assert len(log(store)) == 1
    assert caller.answering.given == [1]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "ünicode"])
async def test_strangers_are_refused(store: Store, caller: Caller, secret: str | None) -> None:
    assert await caller.post(update(1, "message", message(1)), secret) == 403
    assert log(store) == []


async def test_only_posts_are_taken(caller: Caller) -> None:
    assert (await caller.client.get(PATH)).status_code == 405


def test_a_webhook_without_a_secret_does_not_start(store: Store, clock: FakeClock) -> None:
    with pytest.raises(ValueError, match="secret"):
        create_web_app(make_intake(store, clock), "")


@pytest.mark.parametrize("body", [b"", b"no JSON", b'{"update_id": 5, "message": {}}', b'{"update_id": 5', b"[]"])
async def test_what_cannot_be_read_is_quarantined_and_done_with(store: Store, caller: Caller, body: bytes) -> None:
    assert await caller.post(body) == 200
    assert await caller.post(body) == 200
    assert len(query(store, "SELECT * FROM quarantined_update")) == 1


async def test_a_body_beyond_all_bounds_is_quarantined_by_its_id(store: Store, caller: Caller) -> None:
    assert await caller.post(update(5, "message", message(5, text="x" * LARGEST_BODY))) == 200
    assert query(store, "SELECT update_id FROM quarantined_update") == [(5,)]


async def test_many_at_once(store: Store, caller: Caller) -> None:
    posts = [update(number, "message", message(number)) for number in range(1, 121)]
    assert set(await asyncio.gather(*(caller.post(one) for one in posts + posts))) == {200}
    assert len(log(store)) == 120


async def test_an_outage_is_a_503_and_the_next_delivery_counts(
    store: Store, caller: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def full(_fn: object) -> None:
        raise StoreUnavailable("database or disk is full")

    posts = [update(number, "message", message(number)) for number in range(1, 4)]
    with monkeypatch.context() as patch:
        patch.setattr(store, "write", full)
        assert await asyncio.gather(*(caller.post(one) for one in posts)) == [503] * 3
    assert await asyncio.gather(*(caller.post(one) for one in posts)) == [200] * 3
    assert len(log(store)) == 3
    assert len(caplog.records) == 2
    assert caller.answering.reloads == 1
