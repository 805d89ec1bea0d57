"""axe-core on the page, in each look and language and with each dialog open."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import FilePayload, Page

from sandbox.seeding.pictures import landscape
from sandbox.world import World
from tests.sandbox.browser import page_at
from tests.sandbox.telegram import Telegram

pytestmark = pytest.mark.browser
LOOKS = [("light", "en-GB", True), ("dark", "zh-CN", True), ("light", "zh-CN", False), ("dark", "en-GB", False)]


async def faults(page: Page, where: str) -> list[str]:
    """What axe-core calls serious or critical, and where."""
    await page.wait_for_timeout(350)  # colours are judged when what fades in has come in
    found = await Axe().run(page)
    return [
        f"{where}: {rule['id']}: {node['html'][:100]} {node['any'][0]['message'] if node['any'] else ''}"
        for rule in found.response["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


async def furnish(telegram: Telegram) -> None:
    """One of everything in the group, and an invoice in private."""
    group, world = telegram.group.id, telegram.world
    poll = {"question": "When?", "options": [{"text": "Friday"}, {"text": "Sunday"}]}
    await telegram.call("sendPoll", chat_id=group, **poll, is_anonymous=False)
    voted = await telegram.call("sendPoll", chat_id=group, **poll, type="quiz", correct_option_id=0, explanation="So.")
    telegram.act("vote", chat_id=group, user_id=telegram.lin, message_id=voted["message_id"], option_ids=[1])
    keys = [[{"text": "Site", "url": "https://example.org"}, {"text": "Go", "callback_data": "go"}]]
    sent = await telegram.call("sendMessage", chat_id=group, text="A /command", reply_markup={"inline_keyboard": keys})
    await telegram.call("pinChatMessage", chat_id=group, message_id=sent["message_id"])
    telegram.act("react", chat_id=group, user_id=telegram.first, message_id=sent["message_id"], emoji="🔥")
    telegram.act("send_dice", chat_id=group, user_id=telegram.first)
    picture = {"chat_id": group, "user_id": telegram.lin, "name": "sea.png", "data": landscape(3)}
    telegram.act("send_file", **picture, caption="The sea", reply_to=sent["message_id"])
    telegram.act("send_file", **picture, as_document=True)
    await telegram.call("setMyCommands", commands=[{"command": "stats", "description": "Figures"}])
    stranger = world.add_user("Rosa").id
    link = telegram.act("create_link", chat_id=group, user_id=telegram.lin, creates_join_request=True)["invite_link"]
    telegram.act("join", chat_id=group, user_id=stranger, link=link)
    telegram.start_private(telegram.lin)
    prices = [{"label": "A month", "amount": 50}]
    offer = {"title": "Supporter", "description": "A month", "payload": "x", "currency": "XTR", "prices": prices}
    await telegram.call("sendInvoice", chat_id=telegram.lin, **offer)


@pytest.mark.parametrize(("scheme", "locale", "phone"), LOOKS)
async def test_axe_finds_no_serious_fault(
    world: World, address: str, telegram: Telegram, scheme: str, locale: str, phone: bool
) -> None:
    await furnish(telegram)
    found: list[str] = []
    async with page_at(address, phone=phone, locale=locale, color_scheme=scheme) as page:
        found += await faults(page, "group")
        await page.fill("#text", "/")
        await page.wait_for_selector("#offers li")
        found += await faults(page, "commands")
        await page.fill("#text", "")
        for opener, name in (("#attach", "attach"), ("#more", "more"), (".bubble .text", "message")):
            await page.click(opener)
            await page.wait_for_selector("#menu:popover-open")
            found += await faults(page, f"menu {name}")
            await page.keyboard.press("Escape")
        await page.click("#attach")
        await page.click("#menu button >> nth=3")
        found += await faults(page, "new poll")
        await page.keyboard.press("Escape")
        await page.click("#about")
        await page.wait_for_selector(".sheet .request")
        found += await faults(page, "members")
        await page.click(".sheet .rows >> nth=1 >> button >> nth=-1")
        found += await faults(page, "new link")
        await page.keyboard.press("Escape")
        await page.keyboard.press("Escape")
        await page.click("#me" if phone else "#who .current")
        found += await faults(page, "people")
        await page.keyboard.press("Escape")
        await page.set_input_files("#file", [FilePayload(name="a.png", mimeType="image/png", buffer=landscape(1))])
        found += await faults(page, "a file to send")
        await page.keyboard.press("Escape")
        if phone:
            await page.click("#guide-line")
            found += await faults(page, "first steps")
            await page.keyboard.press("Escape")
            await page.click("#back")
        found += await faults(page, "list")
        await page.click("#time")
        await page.wait_for_selector(".speeds")
        found += await faults(page, "time")
        await page.keyboard.press("Escape")
        await page.click("#chats button:has-text('PeakDrop')")
        found += await faults(page, "private")
        await page.click(".keys button")
        await page.wait_for_selector(".checkout")
        found += await faults(page, "payment")
    assert not found, "\n".join(found)
