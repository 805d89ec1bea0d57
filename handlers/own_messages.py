"""The bot's own messages in groups beside drops, noted, so that none is ever taken for a lost drop."""

from __future__ import annotations

import logging
import secrets

from handlers.context import House
from storage.signs import begin_own, end_own
from storage.store import StoreUnavailable

log = logging.getLogger(__name__)


class OwnMessages:
    """The limiter's journal. An outage of the database never keeps an answer back."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def begin(self, chat_id: int) -> int:
        """A call begins; returns a mark for its outcome."""
        mark = -1 - secrets.randbits(48)
        try:
            now = self._house.clock.now()
            await self._house.store.write(lambda session: begin_own(session, chat_id, mark, now))
        except StoreUnavailable as error:
            log.warning("a message of our own is not noted: %s", error)
        return mark

    async def end(self, chat_id: int, mark: int, message_ids: list[int] | None) -> None:
        """It became these messages; None: nobody knows, and the mark stays."""
        if message_ids is None:
            return
        try:
            now = self._house.clock.now()
            await self._house.store.write(lambda session: end_own(session, chat_id, mark, message_ids, now))
        except StoreUnavailable as error:
            log.warning("a message of our own is not noted: %s", error)
