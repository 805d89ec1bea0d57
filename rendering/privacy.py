"""Words about what is stored of a person."""

from __future__ import annotations

from rendering.catalog import Catalog, bold, italic

Buttons = list[list[tuple[str, str]]]


def render_privacy(catalog: Catalog) -> str:
    """What is stored, what is not, and what one can do."""
    lines = [
        bold(catalog.gettext("What I store")),
        catalog.gettext(
            "That something happened: a message and its length, a reaction, a vote, a press; who and when."
        ),
        catalog.gettext("Your name and username, once per group."),
        bold(catalog.gettext("What I never store")),
        catalog.gettext("What you write: no text, no pictures, no files."),
        bold(catalog.gettext("What you can do, in private with me")),
        "/mydata – " + catalog.gettext("all of it, as a file"),
        "/forgetme – " + catalog.gettext("erase me everywhere"),
        "/optout – " + catalog.gettext("not be recorded from now on"),
        italic(catalog.gettext("It stays on the server of whoever runs me and goes nowhere else.")),
    ]
    return "\n".join(lines)


def render_mydata(catalog: Catalog) -> str:
    """The caption of the file."""
    return catalog.gettext("Everything stored about you. Times are UTC.")


def render_forget_question(catalog: Catalog) -> str:
    """What will happen, before it does."""
    return catalog.gettext(
        "Erase everything stored about you, in all groups? Figures are recounted without you. "
        "It cannot be undone. What you do afterwards is recorded anew, unless you also /optout."
    )


def forget_buttons(catalog: Catalog) -> Buttons:
    """Do it, or leave it."""
    return [[(catalog.gettext("Erase me"), "forget:yes"), (catalog.gettext("Keep it"), "forget:no")]]


def render_forget_kept(catalog: Catalog) -> str:
    """Thought better of."""
    return catalog.gettext("Nothing was erased.")


def render_forgotten(catalog: Catalog) -> str:
    """Done."""
    return catalog.gettext("Done: you are erased. A keyed hash remains, so that no import or backup brings you back.")


def render_optout(catalog: Catalog, *, out: bool) -> str:
    """Whether someone is recorded."""
    if out:
        return catalog.gettext("You are not recorded, in any group. /forgetme also erases what was stored before.")
    return catalog.gettext("You are recorded as /privacy says. Shall I stop?")


def optout_buttons(catalog: Catalog, *, out: bool) -> Buttons:
    """Stop, or take it up again."""
    if out:
        return [[(catalog.gettext("Record me again"), "optout:no")]]
    return [[(catalog.gettext("Stop recording me"), "optout:yes")]]


def render_in_private(catalog: Catalog) -> str:
    """Asked in a group, where others read along."""
    return catalog.gettext("That is between you and me: ask me in private.")


def private_button(catalog: Catalog) -> str:
    """Opens the private chat."""
    return catalog.gettext("Open private chat")
