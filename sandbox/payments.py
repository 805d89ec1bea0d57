"""Stars: invoices, the bot's ten seconds to agree, payments and refunds."""

from __future__ import annotations

from functools import partial

from sandbox import posting, wire
from sandbox.errors import ActionError, ApiError, bad_request
from sandbox.model import Json, Message, Payment
from sandbox.world import World

CURRENCY = "XTR"
MOST_STARS = 100_000  # in one invoice
KEPT = 10_000
CHECKOUT_TIME = 10.0  # seconds in which the bot must answer a pre-checkout query
TITLE_LIMIT, DESCRIPTION_LIMIT, PAYLOAD_LIMIT = 32, 255, 128  # the last in bytes


def pay(world: World, message: Message, user_id: int) -> Payment:
    """Somebody taps Pay: the bot is asked first.

    Raises:
        ActionError: no invoice, or not enough Stars.
    """
    invoice = message.content.get("invoice")
    if invoice is None:
        raise ActionError("the message has no invoice")
    if world.user(user_id).stars < invoice["total_amount"]:
        raise ActionError("not enough Stars")
    payload = world.payloads.get((message.chat_id, message.id), "")
    amount = invoice["total_amount"]
    payment = Payment(world.next_id(), user_id, message.chat_id, message.id, amount, payload, at=world.clock())
    world.payments[payment.query_id] = payment
    while len(world.payments) > KEPT:
        del world.payments[next(iter(world.payments))]
    world.updates.push(
        "pre_checkout_query",
        {
            "id": payment.query_id,
            "from": wire.user_json(world.user(user_id), as_sender=True),
            "currency": CURRENCY,
            "total_amount": payment.amount,
            "invoice_payload": payment.payload,
        },
    )
    watch(world, payment)
    return payment


def watch(world: World, payment: Payment) -> None:
    """Let a payment fail when the bot's time to agree is over."""
    if payment.state == "asked":
        world.timeline.at(payment.at + CHECKOUT_TIME, partial(_run_out, world, payment))


def _run_out(world: World, payment: Payment) -> None:
    if payment.state == "asked":
        _fail(world, payment, "the bot did not answer in time")


def _fail(world: World, payment: Payment, reason: str) -> None:
    payment.state = "failed"
    _tell(world, payment, ok=False, error_message=reason)


def _tell(world: World, payment: Payment, *, ok: bool, error_message: str = "") -> None:
    world.broadcast.publish(
        {
            "type": "payment",
            "query_id": payment.query_id,
            "user_id": payment.user_id,
            "ok": ok,
            "error_message": error_message,
            "stars": world.user(payment.user_id).stars,
        }
    )


def answer(world: World, query_id: str, *, ok: bool, error_message: str) -> None:
    """The bot agrees, or says why not; on yes the Stars move and the payment is posted.

    Raises:
        ApiError: 400, unknown, too late, or answered before.
    """
    payment = world.payments.get(query_id)
    if payment is None or payment.state != "asked":
        raise ApiError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    user = world.user(payment.user_id)
    if not ok or user.stars < payment.amount:
        _fail(world, payment, error_message or "not enough Stars")
        return
    user.stars -= payment.amount
    payment.state, payment.charge_id = "paid", f"stx{world.next_id()}"
    _tell(world, payment, ok=True)
    # A payment in a group is told to the bot in the private chat, as its payload is nobody else's business.
    chat = world.private_chat(user.id)
    in_private = payment.chat_id == chat.id
    posting.post(
        world,
        chat,
        user.id,
        {"successful_payment": _receipt(payment)},
        reply_to=payment.message_id if in_private else None,
    )


def _receipt(payment: Payment) -> Json:
    return {
        "currency": CURRENCY,
        "total_amount": payment.amount,
        "invoice_payload": payment.payload,
        "telegram_payment_charge_id": payment.charge_id,
        "provider_payment_charge_id": payment.charge_id[3:] + "_0",
    }


def refund(world: World, user_id: int, charge_id: str) -> None:
    """Give the Stars of a payment back, once.

    Raises:
        ApiError: 400, unknown charge, another's, or refunded before.
    """
    found = next((p for p in world.payments.values() if p.charge_id == charge_id and p.user_id == user_id), None)
    if found is None:
        raise bad_request("CHARGE_NOT_FOUND")
    if found.state == "refunded":
        raise bad_request("CHARGE_ALREADY_REFUNDED")
    found.state = "refunded"
    world.user(user_id).stars += found.amount
    posting.post(world, world.private_chat(user_id), user_id, {"refunded_payment": _receipt(found)})
    world.broadcast.publish({"type": "stars", "user_id": user_id, "stars": world.user(user_id).stars})
