"""The sandbox refuses in Telegram's words: each of its texts stands in errors.tsv with the place where it was seen.

A text that is new: look for it in public bots, libraries and issue threads, in Telegram's own server
(tdlib/telegram-bot-api) first. Found: add a line "text<TAB>repository and path, or issue thread", in order.
Found in other words: take those. Not found: add it with "not found", which is honest and counted.
"""

from __future__ import annotations

from tests.sandbox.error_texts import LIST, NOT_FOUND, found_texts, listed, seen_at

MOST_DOUBTFUL = 12


def test_every_text_that_the_sandbox_can_refuse_with_was_seen_at_telegram() -> None:
    missing = {text: sorted(where) for text, where in found_texts().items() if not seen_at(text)}
    assert not missing, f"not in {LIST.name}; {__doc__}\n" + "\n".join(f"{t}   {w}" for t, w in missing.items())


def test_the_list_says_where_and_admits_what_was_not_found() -> None:
    assert len(found_texts()) > 80
    assert all(where.strip() for where in listed().values())
    assert list(listed()) == sorted(listed())
    doubtful = sorted(text for text in found_texts() if seen_at(text) == NOT_FOUND)
    assert len(doubtful) <= MOST_DOUBTFUL, doubtful
