"""Pop-ups and words about a drop's buttons."""

from __future__ import annotations

from rendering.catalog import Catalog
from rendering.drop_words import first_words, kind_words
from storage.drop_content import Content


def render_liked(stands: bool | None, catalog: Catalog) -> str:
    """What a press of the like button did (pop-up)."""
    if stands is None:
        return catalog.gettext("You asked not to be recorded, so your like is not counted. /optout changes that.")
    return catalog.gettext("You like this.") if stands else catalog.gettext("Your like is taken back.")


def render_how_to_comment(catalog: Catalog, *, in_channel: bool) -> str:
    """The comment button (pop-up): a bot cannot open the answer for anybody."""
    if in_channel:
        return catalog.gettext("Open the comments under this post and write there.")
    return catalog.gettext("Reply to this post (swipe it, or hold it and choose Reply): your words land in its thread.")


def render_button_gone(catalog: Catalog) -> str:
    """A button of a drop that is not there any more (pop-up)."""
    return catalog.gettext("This post is not kept here any more.")


def render_not_posted(catalog: Catalog) -> str:
    """A button under a preview (pop-up)."""
    return catalog.gettext("This is a preview: the buttons work once it is posted.")


def render_take_along(content: Content, catalog: Catalog) -> str:
    """In private: a post to forward."""
    begins = first_words(content, 40) or kind_words(content, catalog)
    return catalog.gettext("Here is “{words}”: forward it to whoever should see it.").format(words=begins)


def render_not_to_share(catalog: Catalog) -> str:
    """In private: the post to share is gone or not to be copied."""
    return catalog.gettext("This post cannot be taken along: it is gone, or its group forbids copying.")


def shared_title(content: Content, catalog: Catalog) -> str:
    """How a drop is offered in the chat it is shared to."""
    return first_words(content, 50) or kind_words(content, catalog)


def shared_text(content: Content) -> str:
    """A drop's words where it is shared as text."""
    return content.poll.question if content.poll is not None else content.text


def open_button(catalog: Catalog) -> str:
    """Opens the place where a drop was posted."""
    return catalog.gettext("Open the post")
