"""/language, /timezone, /figures: how a group (or a person in private) wants it."""

from __future__ import annotations

from telegram import Chat, Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers.context import App, Context
from handlers.delivery import Answer, acknowledge, deliver
from handlers.digest_sending import plan_wake
from handlers.places import Place, catalog_of, find_place
from peakdrop.series import change_zone
from peakdrop.zones import find_zone, likely_zones
from rendering import settings as words
from rendering.places import render_not_manager
from storage.communities import set_settings
from storage.people import set_person


async def language(update: Update, context: Context) -> None:
    """`/language`, `/language zh`: in a group it is the managers' to set, in private one's own."""
    private = update.effective_chat is not None and update.effective_chat.type == Chat.PRIVATE
    if not private and await _managed(update, context) is None:
        return
    chosen = words.find_language(" ".join(context.args or ()))
    if chosen is not None:
        await _set_language(update, context, chosen)
        return
    catalog = await catalog_of(update, context)
    await deliver(update, Answer(words.render_language(catalog), buttons=words.language_buttons(catalog)))


async def language_pressed(update: Update, context: Context) -> None:
    """A language was chosen by its button."""
    if update.callback_query is not None and update.callback_query.data is not None:
        await _set_language(update, context, update.callback_query.data.split(":")[1])


async def _set_language(update: Update, context: Context, chosen: str) -> None:
    chat, user = update.effective_chat, update.effective_user
    if chat is not None and chat.type == Chat.PRIVATE and user is not None:
        await context.store.write(lambda session: set_person(session, user.id, language=chosen))
    else:
        place = await _managed(update, context)
        if place is None:
            return
        await context.store.write(lambda session: set_settings(session, place.community.id, language=chosen))
    await deliver(update, Answer(words.render_language_set(context.catalog(chosen))))


async def timezone(update: Update, context: Context) -> None:
    """`/timezone`, `/timezone Shanghai`: the zone in which a group's days and hours are shown."""
    place = await _managed(update, context)
    if place is None:
        return
    asked = " ".join(context.args or ())
    if not asked:
        zones = likely_zones(place.timezone)
        text = words.render_timezone(place.timezone, context.clock.now(), place.catalog)
        await deliver(update, Answer(text, buttons=words.zone_buttons(zones, place.timezone)))
        return
    found = find_zone(asked)
    if found.zone is None:
        buttons = words.zone_buttons(found.near, place.timezone)
        await deliver(update, Answer(words.render_unknown_zone(asked, place.catalog), buttons=buttons))
        return
    await _set_zone(update, context, place, found.zone)


async def timezone_pressed(update: Update, context: Context) -> None:
    """A zone was chosen by its button."""
    place = await _managed(update, context)
    data = update.callback_query.data if update.callback_query else None
    found = find_zone((data or "").partition(":")[2])
    if place is not None and found.zone is not None:
        await _set_zone(update, context, place, found.zone)


async def _set_zone(update: Update, context: Context, place: Place, zone: str) -> None:
    now = context.clock.now()
    await context.store.write(lambda session: change_zone(session, place.community.id, zone, now=now))
    await plan_wake(context)
    await deliver(update, Answer(words.render_timezone_set(zone, context.clock.now(), place.catalog)))


async def figures(update: Update, context: Context) -> None:
    """Offer who sees engagement and conversion in the group."""
    place = await _managed(update, context)
    if place is None:
        return
    private = place.community.private_figures
    buttons = words.figures_buttons(place.catalog, private=private)
    await deliver(update, Answer(words.render_figures(place.catalog, private=private), buttons=buttons))


async def figures_pressed(update: Update, context: Context) -> None:
    """It was chosen who sees the rates."""
    place = await _managed(update, context)
    if place is None or update.callback_query is None:
        return
    private = update.callback_query.data == "figures:private"
    await context.store.write(lambda session: set_settings(session, place.community.id, private_figures=private))
    buttons = words.figures_buttons(place.catalog, private=private)
    await deliver(update, Answer(words.render_figures(place.catalog, private=private), buttons=buttons))


async def _managed(update: Update, context: Context) -> Place | None:
    """The place, for managers; others are told so (by a pop-up where they pressed a button)."""
    place = await find_place(update, context)
    if place is None or place.manager:
        return place
    text = render_not_manager(place.catalog)
    if update.callback_query is not None:
        await acknowledge(update, text, alert=True)
    else:
        await deliver(update, Answer(text))
    return None


def setup(app: App) -> None:
    """Answer the settings."""
    app.add_handler(CommandHandler("language", language))
    app.add_handler(CallbackQueryHandler(language_pressed, pattern=r"^language:(en|zh)$"))
    app.add_handler(CommandHandler("timezone", timezone))
    app.add_handler(CallbackQueryHandler(timezone_pressed, pattern=r"^zone:"))
    app.add_handler(CommandHandler("figures", figures))
    app.add_handler(CallbackQueryHandler(figures_pressed, pattern=r"^figures:"))
