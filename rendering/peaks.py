"""Words of /peaks: the best hours of the coming week, what they rest on, how good forecasts were."""

from __future__ import annotations

from peakdrop.peaks_report import PeaksReport
from rendering.catalog import Catalog, bold, button_name, escape, italic
from rendering.drop_words import opening, time_words
from rendering.hopes import basis_words, people_words, record_words, render_reasons
from storage.outlooks import WHOLE_GROUP

Buttons = list[list[tuple[str, str]]]


def render_peaks(report: PeaksReport, catalog: Catalog) -> str:
    """The best time, the next ones, the record; at the end zone and time."""
    title = catalog.gettext("Best hours · next 7 days")
    if report.topic_id != WHOLE_GROUP:
        title = f"{title} · {topic_name(report, catalog)}"
    lines = [bold(escape(title)), *_best(report, catalog)]
    usual = report.outlook.usual_best()
    if usual is not None:
        lines.append(catalog.gettext("A day’s best time usually has {n}.").format(n=catalog.number(round(usual))))
    if report.reasons is not None and report.reasons.members is None:
        lines.append(basis_words(report.reasons, catalog))
    elif report.reasons is not None and (report.topic_id == WHOLE_GROUP or report.reasons.record.days):
        lines.append(record_words(report.reasons.record, catalog))
    zone = catalog.zone(report.timezone, report.now_local)
    seen = catalog.gettext("{zone} time · as of {time}").format(zone=zone, time=catalog.clock(report.now_local))
    return "\n".join([*lines, italic(escape(seen))])


def topic_name(report: PeaksReport, catalog: Catalog) -> str:
    """The shown topic; by its number where Telegram never told its name: it was opened before the bot came."""
    return report.topics.get(report.topic_id) or catalog.gettext("topic {id}").format(id=report.topic_id)


def _best(report: PeaksReport, catalog: Catalog) -> list[str]:
    """Thu 20:30: about 41 people then (33–50); next: Fri 20:15 · 39."""
    if not report.best:
        return [catalog.gettext("The rules and the queue leave no free time in these days (/schedule).")]
    first, *rest = report.best
    best = bold(opening(time_words(first.local, report.now_local, catalog)))
    if first.members is None or first.low is None or first.high is None:
        return [catalog.gettext("{time} may be best.").format(time=best)]
    in_topic = report.topic_id != WHOLE_GROUP
    people = people_words(first.members, first.low, first.high, catalog, in_topic=in_topic)
    lines = [catalog.gettext("{time}, {people}").format(time=best, people=people)]
    others = [
        f"{time_words(one.local, report.now_local, catalog)} · {catalog.number(round(one.members or 0))}"
        for one in rest
    ]
    if others:
        comma = "、" if catalog.is_chinese else ", "
        lines.append(catalog.gettext("Next: {times}").format(times=comma.join(others)))
    return lines


def peaks_buttons(report: PeaksReport, catalog: Catalog) -> Buttons:
    """The whole group and its topics, the shown one marked; why."""
    rows: Buttons = []
    shown = {WHOLE_GROUP: catalog.gettext("Whole group"), **report.topics}
    shown.setdefault(report.topic_id, topic_name(report, catalog))
    if len(shown) > 1:
        cut = [(topic, button_name(name)) for topic, name in shown.items()]
        buttons = [(f"·{name}·" if topic == report.topic_id else name, f"peaks:show:{topic}") for topic, name in cut]
        rows = [buttons[at : at + 3] for at in range(0, len(buttons), 3)]
    if report.reasons is not None:
        rows.append([(catalog.gettext("Why?"), f"peaks:why:{report.topic_id}")])
    return rows


def render_why(report: PeaksReport, catalog: Catalog) -> str:
    """What the first best time rests on."""
    if report.reasons is None:
        return render_peaks(report, catalog)
    return render_reasons(report.reasons, report.now_local, catalog)


def why_buttons(report: PeaksReport, catalog: Catalog) -> Buttons:
    """Back to the week."""
    return [[("‹ " + catalog.gettext("Back"), f"peaks:show:{report.topic_id}")]]
