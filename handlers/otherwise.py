"""In private, whatever nothing else answers gets a line that says what does."""

from __future__ import annotations

from telegram import Update
from telegram.ext import MessageHandler, filters

from handlers.context import App, Context
from handlers.delivery import Answer, deliver
from handlers.places import catalog_of
from rendering.start import render_otherwise


async def otherwise(update: Update, context: Context) -> None:
    """A text, a picture or a command that we do not know."""
    await deliver(update, Answer(render_otherwise(await catalog_of(update, context))))


def setup(app: App) -> None:
    """Answer what is left over; this module is asked last."""
    app.add_handler(MessageHandler(filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL, otherwise))
