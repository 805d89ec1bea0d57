"""Stars: invoices, the bot's consent, payments, refunds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.telegram import Telegram

INVOICE: dict[str, Any] = {
    "title": "Ticket",
    "description": "One seat",
    "payload": "seat-7",
    "currency": "XTR",
    "prices": [{"label": "Seat", "amount": 300}],
}
REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"title": ""}, 'parameter "title" is required'),
    ({"payload": ""}, 'parameter "payload" is required'),
    ({"prices": []}, "there must be at least one price"),
    ({"prices": {}}, "expected an Array of labeled prices"),
    ({"prices": [7]}, "can't parse labeled price: LabeledPrice must be an Object"),
    ({"prices": [{"amount": 1}]}, "can't parse labeled price: LabeledPrice label must be non-empty"),
    ({"prices": [{"label": "x", "amount": 0}]}, "total price must be positive"),
    ({"prices": INVOICE["prices"] * 2}, "STARS_INVOICE_INVALID"),
    ({"need_email": True}, "STARS_INVOICE_INVALID"),
    ({"payload": "x" * 129}, "INVOICE_PAYLOAD_INVALID"),
    ({"title": "x" * 33}, "MEDIA_INVALID"),
    ({"prices": [{"label": "x", "amount": 100_001}]}, "CURRENCY_TOTAL_AMOUNT_INVALID"),
    ({"currency": "EUR"}, "PAYMENT_PROVIDER_INVALID"),
    ({"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}}, "REPLY_MARKUP_BUY_EMPTY"),
]


@pytest.mark.parametrize(("params", "description"), REFUSALS)
async def test_what_is_no_invoice(telegram: Telegram, params: dict[str, Any], description: str) -> None:
    refusal = await telegram.refusal("sendInvoice", **{"chat_id": telegram.group.id} | INVOICE | params)
    assert refusal == f"Bad Request: {description}"


async def offer(telegram: Telegram) -> dict[str, Any]:
    """An invoice in private, and what paying it needs."""
    sent = await telegram.call("sendInvoice", chat_id=telegram.start_private(), **INVOICE)
    await telegram.updates()
    return {"chat_id": telegram.first, "user_id": telegram.first, "message_id": sent["message_id"]}


async def test_paying_and_getting_it_back(telegram: Telegram) -> None:
    query_id = telegram.act("pay", **await offer(telegram))["query_id"]
    [update] = await telegram.updates()
    query = update["pre_checkout_query"]
    assert (query["id"], query["total_amount"], query["invoice_payload"]) == (query_id, 300, "seat-7")
    assert await telegram.call("answerPreCheckoutQuery", pre_checkout_query_id=query_id, ok=True) is True
    assert telegram.world.user(telegram.first).stars == 700
    message = (await telegram.updates())[0]["message"]
    payment = message["successful_payment"]
    assert (payment["currency"], payment["total_amount"], payment["invoice_payload"]) == ("XTR", 300, "seat-7")
    assert message["reply_to_message"]["invoice"]["title"] == "Ticket"
    charge = {"user_id": telegram.first, "telegram_payment_charge_id": payment["telegram_payment_charge_id"]}
    refusal = await telegram.refusal("refundStarPayment", **charge | {"user_id": telegram.second})
    assert refusal == "Bad Request: CHARGE_NOT_FOUND"
    assert await telegram.call("refundStarPayment", **charge) is True
    assert telegram.world.user(telegram.first).stars == 1000
    assert (await telegram.updates())[0]["message"]["refunded_payment"]["total_amount"] == 300
    assert await telegram.refusal("refundStarPayment", **charge) == "Bad Request: CHARGE_ALREADY_REFUNDED"


async def test_the_bot_may_refuse_and_must_say_why(telegram: Telegram) -> None:
    query_id = telegram.act("pay", **await offer(telegram))["query_id"]
    answer = {"pre_checkout_query_id": query_id, "ok": False}
    refusal = await telegram.refusal("answerPreCheckoutQuery", **answer)
    assert refusal == 'Bad Request: parameter "error_message" is required'
    assert await telegram.call("answerPreCheckoutQuery", **answer, error_message="sold out") is True
    assert telegram.world.user(telegram.first).stars == 1000
    assert "query is too old" in await telegram.refusal("answerPreCheckoutQuery", **answer | {"ok": True})


async def test_after_ten_seconds_it_is_too_late(telegram: Telegram) -> None:
    query_id = telegram.act("pay", **await offer(telegram))["query_id"]
    for event in telegram.world.timeline.take_due(telegram.world.clock() + 11):
        event()
    refusal = await telegram.refusal("answerPreCheckoutQuery", pre_checkout_query_id=query_id, ok=True)
    assert "query is too old" in refusal
    assert telegram.world.user(telegram.first).stars == 1000


async def test_nobody_pays_more_than_they_have(telegram: Telegram) -> None:
    params = await offer(telegram)
    telegram.world.user(telegram.first).stars = 299
    with pytest.raises(ValueError, match="not enough Stars"):
        telegram.act("pay", **params)


async def test_a_payment_in_a_group_is_told_in_private(telegram: Telegram) -> None:
    sent = await telegram.call("sendInvoice", chat_id=telegram.group.id, **INVOICE)
    assert sent["reply_markup"]["inline_keyboard"][0][0]["pay"] is True
    place = {"chat_id": telegram.group.id, "user_id": telegram.second, "message_id": sent["message_id"]}
    query_id = telegram.act("pay", **place)["query_id"]
    await telegram.call("answerPreCheckoutQuery", pre_checkout_query_id=query_id, ok=True)
    message = (await telegram.updates())[-1]["message"]
    assert message["chat"]["id"] == telegram.second
