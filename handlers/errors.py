"""Whatever goes wrong: a short reference for the person, the trace for the log. No traceback reaches a chat."""

from __future__ import annotations

import logging
import secrets

from telegram import Update
from telegram.error import Forbidden, NetworkError, RetryAfter, TelegramError

from handlers.context import App, Context
from handlers.delivery import Answer, acknowledge, deliver
from handlers.places import catalog_of
from rendering.errors import render_failure, render_store_away
from storage.store import StoreUnavailable

log = logging.getLogger(__name__)


async def report_error(update: object, context: Context) -> None:
    """Log what happened under a reference, and tell the person that reference."""
    error = context.error
    reference = secrets.token_hex(3).upper()
    if isinstance(error, (Forbidden, NetworkError, RetryAfter)):
        log.warning("%s: Telegram did not take an answer: %s", reference, error)
    elif isinstance(error, StoreUnavailable):
        log.error("%s: the database cannot be used: %s", reference, error)
    else:
        log.error("%s: an update could not be answered", reference, exc_info=error)
    if isinstance(update, Update) and not isinstance(error, (Forbidden, RetryAfter)):
        await _tell(update, context, reference)


async def _tell(update: Update, context: Context, reference: str) -> None:
    away = isinstance(context.error, StoreUnavailable)
    try:
        catalog = context.catalog(None) if away else await catalog_of(update, context)
        text = render_store_away(reference, catalog) if away else render_failure(reference, catalog)
        if update.callback_query is not None:
            await acknowledge(update, text, alert=True)
        else:
            await deliver(update, Answer(text))
    except (TelegramError, StoreUnavailable) as error:
        log.warning("%s: could not even say so: %s", reference, error)


def setup(app: App) -> None:
    """Catch what handlers let through."""
    app.add_error_handler(report_error)
