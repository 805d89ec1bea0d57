"""A first visit with the real bot, as the guide leads: each step is done on the page and ticks itself off."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import Page

from sandbox.guide import STEPS
from sandbox.model import Message
from sandbox.world import World
from storage.store import Store
from tests.bot.conversation import bot_in
from tests.sandbox.browser import IN_BROWSER, become, page_at, until, write
from tests.sandbox.telegram import Telegram

pytestmark = IN_BROWSER


async def ticked(world: World, step: str) -> None:
    async with asyncio.timeout(20):
        while step not in world.guide.done:
            await asyncio.sleep(0.05)


async def show(page: Page, step: str) -> None:
    number = [one.id for one in STEPS].index(step)
    await page.click(f"#guide .steps li >> nth={number} >> button")
    if "fill" in STEPS[number].show:
        await until(page, "document.querySelector('#text').value !== ''")


async def make_a_drop(page: Page, world: World) -> None:
    """Into the queue, seen there, let out by a faster clock, and what it did."""
    await show(page, "drop")
    await page.keyboard.press("Enter")
    await page.click(".keys button:has-text('When')")
    await page.wait_for_selector(".text:has-text('or type it')")
    await write(page, "in 5 min")
    await page.click(".keys button:has-text('Yes, that is it')")
    await page.click(".keys button:has-text('Schedule')")
    await page.wait_for_selector(".text:has-text('Scheduled as drop 1')")
    await ticked(world, "drop")

    await show(page, "queue")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".text:has-text('1 drop in the queue')")
    await ticked(world, "queue")

    await show(page, "did")
    await page.click(".speed:has-text('×3,600')")
    async with asyncio.timeout(60):
        while not any("Which colour" in str(one.content.get("text")) for one in posts(world)):
            await asyncio.sleep(0.05)
    await page.click(".speed:has-text('×1'):not(:has-text(','))")
    await page.keyboard.press("Escape")
    assert await page.input_value("#text") == "/drop 1"
    await page.focus("#text")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".text:has-text('Drop 1 · ')")
    await ticked(world, "did")


def posts(world: World) -> list[Message]:
    """What the bot wrote in the group."""
    return [one for one in world.chat(world.group_id).messages.values() if one.sender_id == world.bot_id]


async def test_the_first_visit_ticks_itself_off(world: World, store: Store) -> None:
    before = len(world.chat(world.group_id).members)
    async with bot_in(world, store) as talk, page_at(talk.address, phone=False) as page:
        await show(page, "stats")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".media img")
        await ticked(world, "stats")
        await page.wait_for_selector("#guide .done >> nth=0")

        await show(page, "press")
        await page.click("#log li:not(.mine) .keys button >> nth=0")
        await ticked(world, "press")

        await show(page, "write")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".mine .text:has-text('Good evening')")
        await ticked(world, "write")

        await show(page, "react")
        await page.click("#menu [aria-label='🔥']")
        await ticked(world, "react")

        await show(page, "join")
        await page.click("#enter")
        await ticked(world, "join")
        assert len(world.chat(world.group_id).members) == before + 1

        await make_a_drop(page, world)
        await show(page, "figures")
        await page.click(".sheet .primary")
        await page.wait_for_selector(".mine .file:has-text('figures.csv')")
        await ticked(world, "figures")

        await show(page, "privacy")
        await page.keyboard.press("Enter")
        await ticked(world, "privacy")

        await page.click("#language")
        await page.wait_for_selector("#language:has-text('English')")
        await ticked(world, "language")
        await page.wait_for_selector("#guide .closing")
        assert await page.evaluate("document.scrollingElement.scrollHeight === innerHeight")
        assert await page.get_attribute("html", "lang") == "zh-Hans"
        await page.click("#guide .quiet")
        await page.wait_for_selector("#guide-again:visible")
        assert world.guide.hidden
        await page.click("#guide-again")
        await page.wait_for_selector(".sheet .closing")
    assert set(world.guide.done) == {step.id for step in STEPS}


async def test_a_newcomer_asks_to_join_and_the_owner_lets_them_in(world: World, address: str) -> None:
    rosa = world.add_user("Rosa").id
    async with page_at(address) as page:
        await page.click("#about")
        await page.click(".sheet button:has-text('New invite link')")
        await page.fill(".sheet.short input[type=text]", "For friends")
        await page.check(".sheet.short .check input")
        await page.click(".sheet.short [type=submit]")
        await page.wait_for_selector(".sheet .request:has-text('For friends')")
        await page.keyboard.press("Escape")
        await become(page, world, rosa)
        await page.click("#enter")
        await page.click(".sheet button:has-text('For friends')")
        await page.wait_for_selector("#enter:has-text('waits for approval')")
        await become(page, world, world.manager_id)
        await page.click("#about")
        await page.click(".request:has-text('Rosa') .primary")
        await page.wait_for_selector(".rows button:has-text('Rosa')")
    assert world.chat(world.group_id).status_of(rosa) == "member"


async def test_stars_are_paid_and_refunded(world: World, address: str, telegram: Telegram) -> None:
    person = telegram.start_private()
    await telegram.updates()
    prices = [{"label": "A month", "amount": 50}]
    offer = {"title": "Supporter", "description": "A month", "payload": "x", "currency": "XTR", "prices": prices}
    await telegram.call("sendInvoice", chat_id=person, **offer)

    async def asked() -> dict[str, Any]:
        async with asyncio.timeout(10):
            while True:
                for update in await telegram.updates():
                    if "pre_checkout_query" in update:
                        return dict(update["pre_checkout_query"])
                await asyncio.sleep(0.05)

    async with page_at(address) as page:
        await become(page, world, person)
        await page.click("#back")
        await page.click("#chats button:has-text('PeakDrop')")
        await page.click(".keys button:has-text('Pay')")
        await page.wait_for_selector(".checkout:has-text('1,000 test Stars')")
        await page.click(".checkout button")
        query = await asked()
        await telegram.call("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], ok=True)
        await page.wait_for_selector(".receipt:has-text('⭐ 50')")
        assert world.user(person).stars == 950
        paid = list(world.chat(person).messages.values())[-1].content["successful_payment"]
        charge = paid["telegram_payment_charge_id"]
        await telegram.call("refundStarPayment", user_id=person, telegram_payment_charge_id=charge)
        await page.wait_for_selector(".pill:has-text('refunded')")
    assert world.user(person).stars == 1000


async def test_time_runs_faster_from_the_page(world: World, address: str) -> None:
    async with page_at(address, phone=False) as page:
        await page.click("#time")
        await page.click(".speed:has-text('×60')")
        await page.wait_for_selector(".speed[aria-pressed=true]:has-text('×60')")
        await page.keyboard.press("Escape")
        await write(page, "hello")
        await page.wait_for_selector("#subtitle:has-text('×60')")
    assert world.timeline.speed == 60


async def test_links_to_telegram_stay_in_the_sandbox(world: World, address: str, telegram: Telegram) -> None:
    group, person = world.chat(world.group_id), world.manager_id
    name = world.user(world.bot_id).username
    telegram.start_private(person)
    second = telegram.act("add_group", user_id=person, title="Second group", kind="supergroup")["chat_id"]
    first = await telegram.call("sendMessage", chat_id=group.id, text="The post itself")
    links = {
        "The post": f"https://t.me/c/{str(group.id)[4:]}/{first['message_id']}",
        "Remind me": f"https://t.me/{name}?start=remind_1_2",
        "Add me": f"https://t.me/{name}?startgroup=x&admin=pin_messages",
    }
    keys = [[{"text": label, "url": url}] for label, url in links.items()]
    await telegram.call("sendMessage", chat_id=person, text="Three ways", reply_markup={"inline_keyboard": keys})
    async with page_at(address, phone=False) as page:
        chat = "#chats button:has-text('PeakDrop')"
        await page.locator(chat).last.click()
        await page.click(".keys a:has-text('The post')")
        await page.wait_for_selector("#log li.flash:has-text('The post itself')")
        await page.locator(chat).last.click()
        await page.click(".keys a:has-text('Remind me')")
        await page.wait_for_selector(".mine .text:has-text('/start remind_1_2')")
        await page.click(".keys a:has-text('Add me')")
        await page.click(".sheet button:has-text('Second group')")
        await page.wait_for_selector("#title:has-text('Second group')")
        assert len(page.context.pages) == 1
    assert world.chat(second).status_of(world.bot_id) == "administrator"


@pytest.mark.parametrize(("locale", "code"), [("en-GB", "en"), ("zh-CN", "zh-hans")])
async def test_the_owners_app_speaks_the_pages_language(world: World, address: str, locale: str, code: str) -> None:
    async with page_at(address, locale=locale) as page:
        await write(page, "hello")
        await page.wait_for_selector(".mine .text:has-text('hello')")
    assert world.user(world.manager_id).language_code == code
