"""Shop orders to buyers: distinct customers by the local day of their first payment in the file.

Names and e-mail addresses are used for telling customers apart while the file is read, and kept nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from peakdrop.metrics.cells import as_text
from peakdrop.metrics.dates import parse_moment
from peakdrop.metrics.headings import plain_heading
from peakdrop.metrics.layouts import Layout
from peakdrop.metrics.numbers import Unreadable, is_missing, parse_number
from peakdrop.metrics.records import BadRow, MetricsFile, NewBuyers, Notice
from peakdrop.metrics.tables import Line, Table

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Shop:
    """How a shop writes orders. Times without a zone are UTC where the shop says so, local otherwise."""

    is_order: Callable[[Cells], bool]
    is_paid: Callable[[Cells], bool]
    customer: Sequence[str]
    paid_at: Sequence[str]
    created_at: str
    zone: tzinfo | None


def _amount(cells: Cells, heading: str) -> Decimal:
    written = cells.get(heading, "")
    return Decimal(0) if is_missing(written) else parse_number(written)


def _shopify_paid(cells: Cells) -> bool:
    paid = cells.get("financialstatus", "").lower() in ("paid", "partially_refunded")
    return paid and not cells.get("cancelledat")


def _stripe_paid(cells: Cells) -> bool:
    if cells.get("status", "").lower() != "paid":
        return False
    return _amount(cells, "amountrefunded") < _amount(cells, "amount")


SHOPS = {
    # Continuation rows of an order (its further items) have no financial status.
    "shopify": _Shop(
        lambda cells: bool(cells.get("financialstatus")),
        _shopify_paid,
        ("email", "phone", "billingphone", "billingname", "name"),
        ("paidat", "createdat"),
        "createdat",
        UTC,
    ),
    "stripe": _Shop(
        lambda cells: bool(cells.get("id")),
        _stripe_paid,
        ("customerid", "customeremail", "cardfingerprint", "id"),
        ("createddate(utc)",),
        "createddate(utc)",
        UTC,
    ),
    "woocommerce": _Shop(
        lambda cells: bool(cells.get("order#")),
        lambda cells: cells.get("status", "").lower() in ("completed", "processing", "已完成", "处理中"),
        ("customer", "order#"),
        ("date",),
        "date",
        None,
    ),
}


def read_orders(layout: Layout, headings: Sequence[str], table: Table, *, digest: str, timezone: str) -> MetricsFile:
    """New buyers per local day over the span of the file, days without any included."""
    shop, zone = SHOPS[layout.name], ZoneInfo(timezone)
    plain = [plain_heading(heading) for heading in headings]
    first_paid: dict[str, datetime] = {}
    span: list[datetime] = []
    bad: list[BadRow] = []
    seen: Counter[str] = Counter()
    for line in table.lines:
        cells = _cells(plain, line)
        if not shop.is_order(cells):
            continue
        seen["orders"] += 1
        try:
            span.append(parse_moment(cells[shop.created_at], shop.zone or zone))
            if not shop.is_paid(cells):
                seen["unpaid"] += 1
                continue
            written = next(cells[name] for name in shop.paid_at if not is_missing(cells.get(name, "")))
            moment = parse_moment(written, shop.zone or zone)
        except (Unreadable, KeyError, StopIteration):
            bad.append(BadRow(line.number, "", cells.get(shop.created_at, "")[:60], "unreadable_order"))
            continue
        span.append(moment)
        customer = next((cells[name].lower() for name in shop.customer if cells.get(name)), f"line {line.number}")
        first_paid[customer] = min(moment, first_paid.get(customer, moment))
    buyers = _per_day(layout.name, first_paid, span, zone)
    facts = {"orders": seen["orders"], "buyers": len(first_paid), "unpaid": seen["unpaid"]}
    notices = (Notice("orders", facts), Notice("orders_anonymous"))
    return MetricsFile(layout.name, digest, buyers=buyers, notices=notices, bad_rows=tuple(bad))


def _per_day(
    source: str, first_paid: Mapping[str, datetime], span: Sequence[datetime], zone: ZoneInfo
) -> tuple[NewBuyers, ...]:
    if not span:
        return ()
    days = Counter(moment.astimezone(zone).date() for moment in first_paid.values())
    first, last = (moment.astimezone(zone).date() for moment in (min(span), max(span)))
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return tuple(NewBuyers(source, day, days[day]) for day in every)


def _cells(plain: Sequence[str], line: Line) -> dict[str, str]:
    texts = [as_text(cell).lstrip("'") for cell in line.cells]
    # The first of two columns of one name: Shopify repeats some.
    return dict(reversed(list(zip(plain, texts, strict=False))))
