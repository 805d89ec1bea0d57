"""A file of video figures, sent to the bot in private by a manager."""

from __future__ import annotations

import asyncio

from telegram import Document, Message, Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from handlers.context import App, Context
from handlers.delivery import Answer, deliver, persist, pressed_message
from handlers.places import Place, find_place
from peakdrop.metrics.imports import Outcome, import_metrics
from peakdrop.metrics.reading import read_metrics
from peakdrop.metrics.records import MetricsRefused
from rendering import metrics as words
from rendering.catalog import bold, escape
from rendering.compose_ends import as_file_button

TABLES = (".csv", ".tsv", ".xlsx", ".xls", ".json")


class _Table(filters.MessageFilter):
    """A document that by its name is a table of figures."""

    def filter(self, message: Message) -> bool:
        """Whether it is one."""
        return message.document is not None and (message.document.file_name or "").lower().endswith(TABLES)


TABLE = _Table()
# A bot cannot fetch larger files.
LARGEST = 20 * 2**20


async def file_sent(update: Update, context: Context) -> None:
    """Read a file and keep its figures."""
    message = update.effective_message
    if message is not None and message.document is not None:
        await take_file(update, context, message.document, skip_bad=False)


async def good_rows_pressed(update: Update, context: Context) -> None:
    """Keep the good rows of a file that has bad ones; the file is the message that the report answers."""
    document = asked_document(update)
    if document is not None:
        await take_file(update, context, document, skip_bad=True)


def asked_document(update: Update) -> Document | None:
    """The file that the message under a pressed button answers."""
    message = pressed_message(update)
    asked = message.reply_to_message if message is not None else None
    return asked.document if asked is not None else None


async def take_file(update: Update, context: Context, document: Document, *, skip_bad: bool) -> None:
    """Fetch, read and store a file; say what was taken and what could not be had."""
    place = await find_place(update, context)
    if place is not None:
        await deliver(update, await read_file(context, place, document, skip_bad=skip_bad))


async def read_file(context: Context, place: Place, document: Document, *, skip_bad: bool) -> Answer:
    """Fetch a file from Telegram and store what it tells."""
    if (document.file_size or 0) > LARGEST:
        return Answer(words.render_too_large(place.catalog))
    file = await persist(lambda: context.bot.get_file(document.file_id))
    data = bytes(await persist(file.download_as_bytearray))
    return await import_file(context, place, data, document.file_name or "", skip_bad=skip_bad)


async def import_file(context: Context, place: Place, data: bytes, name: str, *, skip_bad: bool) -> Answer:
    """Store what a file tells, and word it."""
    now = context.clock.now()
    try:
        # Large sheets take a while to read: not on the event loop.
        file = await asyncio.to_thread(read_metrics, data, name, timezone=place.timezone, imported_at=now)
    except MetricsRefused as refused:
        as_file = [[(as_file_button(place.catalog), "drop:aside")]]
        return Answer(words.render_metrics_refusal(refused, place.catalog), buttons=as_file, quotes=True)
    report = await context.store.write(
        lambda session: import_metrics(session, place.community.id, file, skip_bad=skip_bad, now=now)
    )
    text = f"{bold(escape(place.community.title))}\n{words.render_metrics_report(report, place.catalog)}"
    if report.outcome is Outcome.BAD_ROWS:
        buttons = [[(words.good_rows_button(place.catalog), "metrics:good")]]
    else:
        buttons = [[(words.videos_button(place.catalog), "stats:videos:all")]]
    return Answer(text, buttons=buttons, quotes=True)


def setup(app: App) -> None:
    """Take files in private."""
    app.add_handler(MessageHandler(filters.Document.ALL & filters.ChatType.PRIVATE, file_sent))
    app.add_handler(CallbackQueryHandler(good_rows_pressed, pattern=r"^metrics:good$"))
