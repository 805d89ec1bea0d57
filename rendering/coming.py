"""/next and its reminders in words."""

from __future__ import annotations

from datetime import datetime

from peakdrop.coming import ComingReport, Wish
from peakdrop.local_times import local_of
from rendering.catalog import Catalog, bold, escape
from rendering.drop_words import ahead_words, drop_title, kind_words, opening, time_words
from storage.drops import DropView


def render_coming(report: ComingReport, catalog: Catalog) -> str:
    """When the next drops come, and what they are as far as members may know."""
    title = bold(catalog.gettext("Next in {group}").format(group=escape(report.community.title)))
    if not report.shows:
        return f"{title}\n" + catalog.gettext("What comes next is a surprise here.")
    if not report.drops:
        return f"{title}\n" + catalog.gettext("Nothing is planned yet.")
    return "\n".join([title, *(_line(one, report, catalog) for one in report.drops)])


def _line(drop: DropView, report: ComingReport, catalog: Catalog) -> str:
    now_local = local_of(report.as_of, report.timezone)
    local = local_of(drop.due_at or report.as_of, report.timezone)
    what = drop_title(drop.content, catalog) if report.with_words else kind_words(drop.content, catalog)
    ahead = ahead_words(local, now_local, catalog)
    when = time_words(local, now_local, catalog)
    more = catalog.brackets(ahead) if ahead and ahead not in when else ""  # "tomorrow" is said already
    return f"{bold(opening(when))}{more}\n{what}"


def remind_button(drop: DropView, report: ComingReport, catalog: Catalog) -> str:
    """Remind me; with the time where several drops are shown."""
    if len(report.drops) == 1:
        return "🔔 " + catalog.gettext("Remind me")
    now_local = local_of(report.as_of, report.timezone)
    return "🔔 " + time_words(local_of(drop.due_at or report.as_of, report.timezone), now_local, catalog)


def private_button(catalog: Catalog) -> str:
    """Opens the private chat with the bot."""
    return catalog.gettext("Private chat")


def render_wish(wish: Wish, catalog: Catalog) -> str:
    """What became of "remind me" (a pop-up that only they see)."""
    words = {
        Wish.NOTED: catalog.gettext("I will tell you in private when it is out."),
        Wish.TAKEN_BACK: catalog.gettext("I will not remind you."),
        Wish.NEEDS_PRIVATE: catalog.gettext(
            "Noted, but I may write to you only once you have opened our private chat: "
            "press “Private chat” below, then Start."
        ),
        Wish.GONE: catalog.gettext("This one is out already, or comes no more. /next shows what is coming."),
    }
    return words[wish]


def render_kept(drop: DropView, timezone: str, now: datetime, catalog: Catalog) -> str:
    """In private: the reminder is noted."""
    when = time_words(local_of(drop.due_at or now, timezone), local_of(now, timezone), catalog)
    return catalog.gettext("I will tell you here when it is out: {when}.").format(when=bold(when))


def render_vain(catalog: Catalog) -> str:
    """In private: there is nothing to be reminded of any more."""
    return render_wish(Wish.GONE, catalog)


def render_reminder(drop: DropView, group: str, catalog: Catalog) -> str:
    """In private: it is out."""
    title = bold(catalog.gettext("Just out in {group}").format(group=escape(group)))
    return f"{title}\n{drop_title(drop.content, catalog)}"
