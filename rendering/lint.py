"""Words of the lint: what was found, why it matters, how to mend it."""

from __future__ import annotations

from collections.abc import Sequence

from peakdrop.lint import Law, LintWarning
from rendering.catalog import Catalog, ellipsis, escape

SHOWN = 6


def render_warnings(warnings: Sequence[LintWarning], catalog: Catalog) -> list[str]:
    """A line for each warning, in Telegram HTML; of very many the first ones and a count."""
    lines = [_line(one, catalog) for one in warnings[:SHOWN]]
    rest = len(warnings) - len(lines)
    if rest:
        lines.append(catalog.ngettext("and {n} more warning", "and {n} more warnings", rest).format(n=rest))
    return lines


def _line(one: LintWarning, catalog: Catalog) -> str:
    quote = escape(ellipsis(one.quote, 40))
    words = {
        "label": catalog.gettext("Paid content without a label. Add “广告” (or #ad) to the text. {law}"),
        "absolute": catalog.gettext("“{quote}” claims too much in advertising. Say what is measured instead. {law}"),
        "medical": catalog.gettext("“{quote}” promises a cure, which only medicine may. Leave it out. {law}"),
        "promise": catalog.gettext("“{quote}” promises a gain. Leave it out, or name the risk. {law}"),
        "dead_link": catalog.gettext("The link {quote} does not answer. Open it and correct it."),
        "many_links": catalog.gettext("{quote} links: people follow none of many. Keep the one that matters."),
        "expired": catalog.gettext("“{quote}” will be over then. Take an earlier time, or change the words."),
        "same": catalog.gettext("Nearly the same as drop {other}. Change the words, or leave a longer gap."),
    }
    law = f"<i>{escape(_cited(one.law, catalog))}</i>" if one.law else ""
    return words[one.kind].format(quote=quote, law=law, other=one.other).rstrip()


def _cited(law: Law, catalog: Catalog) -> str:
    """The article by its name; in English with the Chinese one, by which it is found."""
    return law.zh if catalog.is_chinese else f"{law.en} ({law.zh})"
