"""sendInvoice in Stars, answerPreCheckoutQuery, refundStarPayment."""

from __future__ import annotations

from sandbox import payments
from sandbox.api import sending
from sandbox.api.call import Call, method
from sandbox.errors import bad_request
from sandbox.model import Json
from sandbox.wire import message_json

# What a Stars invoice must do without.
UNSUITED = (
    "need_name",
    "need_phone_number",
    "need_email",
    "need_shipping_address",
    "send_phone_number_to_provider",
    "send_email_to_provider",
    "is_flexible",
)


def _required(call: Call, name: str) -> str:
    value = call.text(name)
    if not value:
        raise bad_request(f'parameter "{name}" is required')
    return value


def _amounts(call: Call) -> list[int]:
    """The prices' amounts."""
    if not call.text("prices"):
        raise bad_request('parameter "prices" is required')
    prices = call.value("prices")
    if not isinstance(prices, list):
        raise bad_request("expected an Array of labeled prices")
    amounts: list[int] = []
    for price in prices:
        if not isinstance(price, dict):
            raise bad_request("can't parse labeled price: LabeledPrice must be an Object")
        if not price.get("label"):
            raise bad_request("can't parse labeled price: LabeledPrice label must be non-empty")
        amounts.append(Call(call.world, price).integer("amount"))
    if not amounts:
        raise bad_request("there must be at least one price")
    return amounts


def _invoice(call: Call) -> Json:
    title, description = _required(call, "title"), _required(call, "description")
    payload, currency = _required(call, "payload"), _required(call, "currency")
    amounts = _amounts(call)
    total = sum(amounts)
    if total <= 0:
        raise bad_request("total price must be positive")
    if currency != payments.CURRENCY:
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    if len(payload.encode()) > payments.PAYLOAD_LIMIT:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    if len(title) > payments.TITLE_LIMIT or len(description) > payments.DESCRIPTION_LIMIT:
        raise bad_request("MEDIA_INVALID")
    tipped = call.integer("max_tip_amount") or call.text("provider_token")
    if len(amounts) != 1 or tipped or any(call.flag(name) for name in UNSUITED):
        raise bad_request("STARS_INVOICE_INVALID")
    if total > payments.MOST_STARS:
        raise bad_request("CURRENCY_TOTAL_AMOUNT_INVALID")
    return {
        "title": title,
        "description": description,
        "start_parameter": call.text("start_parameter"),
        "currency": currency,
        "total_amount": total,
    }


@method("sendInvoice")
def send_invoice(call: Call) -> Json:
    chat = call.writable_chat()
    invoice = _invoice(call)
    where = sending.place(call, chat)
    rows = (where.markup or {}).get("inline_keyboard", [])
    if where.markup and not (rows and "pay" in rows[0][0]):
        raise bad_request("REPLY_MARKUP_BUY_EMPTY")
    if not where.markup:
        where.markup = {"inline_keyboard": [[{"text": f"Pay ⭐️{invoice['total_amount']}", "pay": True}]]}
    message = sending.post(call, where, {"invoice": invoice})
    call.world.payloads[message.chat_id, message.id] = call.text("payload")
    return message_json(call.world, message)


@method("answerPreCheckoutQuery")
def answer_pre_checkout_query(call: Call) -> bool:
    reason = "" if call.flag("ok") else _required(call, "error_message")
    payments.answer(call.world, call.text("pre_checkout_query_id"), ok=call.flag("ok"), error_message=reason)
    return True


@method("refundStarPayment")
def refund_star_payment(call: Call) -> bool:
    if call.integer("user_id") <= 0:
        raise bad_request("invalid user_id specified")
    charge_id = _required(call, "telegram_payment_charge_id")
    payments.refund(call.world, call.user().id, charge_id)
    return True
