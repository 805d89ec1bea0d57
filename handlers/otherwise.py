"""In private, whatever nothing else answers gets a line that says what whoever asks can do here."""

from __future__ import annotations

from telegram import Update
from telegram.ext import MessageHandler, filters

from handlers.actors import drop_communities
from handlers.context import App, Context
from handlers.delivery import Answer, deliver
from handlers.places import catalog_of
from rendering.start import render_otherwise


async def otherwise(update: Update, context: Context) -> None:
    """A command that we do not know; of members anything that is none."""
    user = update.effective_user
    makes_drops = user is not None and bool(await drop_communities(context, user.id))
    await deliver(update, Answer(render_otherwise(await catalog_of(update, context), makes_drops=makes_drops)))


def setup(app: App) -> None:
    """Answer what is left over; this module is asked last."""
    app.add_handler(MessageHandler(filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL, otherwise))
