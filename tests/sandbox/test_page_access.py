"""axe-core on the page, in each look and language and with each dialog open."""

from __future__ import annotations

import asyncio

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import FilePayload, Page, Route

from sandbox.seeding.pictures import landscape
from sandbox.world import World
from tests.sandbox.browser import IN_BROWSER, become, page_at, until
from tests.sandbox.telegram import Telegram

pytestmark = IN_BROWSER
LOOKS = [("light", "en-GB", True), ("dark", "zh-CN", True), ("light", "zh-CN", False), ("dark", "en-GB", False)]

# What has the focus, and whether one sees it: by an outline of its own, or of the bubble around a hidden button.
DESCRIBE = """() => {
  const node = document.activeElement;
  const kinds = {"[role=tab]": "tab", ".quote": "quote", ".option": "option", ".option input": "option",
    ".quiet": "quiet", ".tile": "tile", ".file": "file", ".reactions button": "reaction", ".keys *": "key",
    ".hidden": "actions"};
  const kind = Object.entries(kinds).find(([selector]) => node.matches(selector))?.[1] ?? node.id;
  const seen = node.matches(".hidden") ? node.closest(".bubble") : node;
  return [kind, getComputedStyle(seen).outlineStyle !== "none"];
}"""


# Colours are judged when what fades in has come in, and a busy machine shows late what was pressed.
SETTLE = """async () => {
  const fading = () => document.getAnimations().filter((one) =>
    one.playState === "running" && Number.isFinite(one.effect.getComputedTiming().endTime));
  for (let still = 0; still < 3; still += 1) {
    await new Promise(requestAnimationFrame);
    if (fading().length) still = 0;
    await Promise.allSettled(fading().map((one) => one.finished));
  }
}"""


async def faults(page: Page, where: str) -> list[str]:
    """What axe-core calls serious or critical, and where."""
    await page.wait_for_timeout(50)  # what was just pressed has begun to show
    await page.evaluate(SETTLE)
    if not await page.evaluate("Boolean(window.axe)"):
        await page.evaluate(AXE_SCRIPT)
    violations = await page.evaluate("axe.run({resultTypes: ['violations']}).then((found) => found.violations)")
    return [
        f"{where}: {rule['id']}: {node['html'][:100]} {node['any'][0]['message'] if node['any'] else ''}"
        for rule in violations
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


async def furnish(telegram: Telegram) -> None:
    """One of everything in the group, and an invoice in private."""
    group, world = telegram.group.id, telegram.world
    poll = {"question": "When?", "options": [{"text": "Friday"}, {"text": "Sunday"}]}
    public = await telegram.call("sendPoll", chat_id=group, **poll, is_anonymous=False)
    telegram.act("vote", chat_id=group, user_id=telegram.first, message_id=public["message_id"], option_ids=[0])
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
        await page.wait_for_selector(".sheet .primary")
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


async def open_app(page: Page, telegram: Telegram) -> None:
    """A Mini App in its frame, in the private chat that is open."""
    await page.route("https://app.example/**", answer_with_shop)
    key = {"text": "Shop", "web_app": {"url": "https://app.example/shop"}}
    await telegram.call("sendMessage", chat_id=telegram.lin, text="s", reply_markup={"inline_keyboard": [[key]]})
    await page.click(".keys button:has-text('Shop')")
    await page.frame_locator("iframe.app").locator("h1").wait_for()


async def answer_with_shop(route: Route) -> None:
    await route.fulfill(content_type="text/html", body='<html lang="en"><title>Shop</title><main><h1>Shop</h1></main>')


async def press_with_alert(page: Page, telegram: Telegram) -> None:
    """A button whose answer is an alert."""
    await telegram.updates(allowed_updates=["callback_query"])
    await page.click(".keys button:has-text('Go')")
    async with asyncio.timeout(10):
        while not (pressed := await telegram.updates()):
            await asyncio.sleep(0.05)
    query = pressed[0]["callback_query"]["id"]
    await telegram.call("answerCallbackQuery", callback_query_id=query, text="Done", show_alert=True)
    await page.wait_for_selector("#alert[open]")


@pytest.mark.parametrize(("scheme", "locale", "phone"), LOOKS[1:3])
async def test_axe_finds_no_serious_fault_in_what_opens_seldom(
    world: World, address: str, telegram: Telegram, scheme: str, locale: str, phone: bool
) -> None:
    await furnish(telegram)
    zoe = world.add_user("Zoë").id
    found: list[str] = []
    async with page_at(address, phone=phone, locale=locale, color_scheme=scheme) as page:

        async def check(where: str, shown: str = "dialog[open]") -> None:
            await page.wait_for_selector(shown)
            found.extend(await faults(page, where))
            await page.keyboard.press("Escape")
            await page.wait_for_selector(shown, state="detached" if shown.startswith(".sheet") else "hidden")

        await page.click(".poll .quiet")
        await check("voters", ".sheet")
        await press_with_alert(page, telegram)
        await check("alert", "#alert[open]")
        await page.click(".tile")
        await check("viewer", "#viewer[open]")
        await page.click(".reactions button", button="right")
        await check("who reacted", ".sheet")
        await page.click("#more")
        await page.click("#menu button >> nth=1")
        await check("new topic", ".sheet")
        await page.click("#more")
        await page.click("#menu .danger")
        await check("confirm", ".sheet")
        await become(page, world, zoe)
        await page.click("#enter")
        await check("join", ".sheet")
        await become(page, world, telegram.lin)
        if phone:
            await page.click("#back")
        await page.click("#chats button:has-text('PeakDrop')")
        await page.click("#about")
        await check("bot info", ".sheet")
        await open_app(page, telegram)
        await check("Mini App", ".sheet")
    assert not found, "\n".join(found)


async def test_a_sheet_gives_the_focus_back(world: World, address: str, telegram: Telegram) -> None:
    await furnish(telegram)
    async with page_at(address, phone=False) as page:
        for opener, keys in (("#about", 1), ("#more", 2), ("#time", 1), ("#who .current", 1)):
            await page.focus(opener)
            for _ in range(keys):  # a menu's first entry opens a sheet
                await page.keyboard.press("Enter")
            await page.wait_for_selector("dialog[open]")
            await page.keyboard.press("Escape")
            await page.wait_for_selector("dialog[open]", state="hidden")
            assert await page.evaluate(f"document.activeElement.matches('{opener}')"), opener


async def test_everything_in_the_room_is_reached_by_tab_and_shows_its_focus(
    world: World, address: str, telegram: Telegram
) -> None:
    await furnish(telegram)
    async with page_at(address, phone=False) as page:
        await page.focus("#more")
        reached = set()
        for _ in range(60):
            await page.keyboard.press("Tab")
            reached.add(tuple(await page.evaluate(DESCRIBE)))
    for kind in (
        "tab",
        "quote",
        "option",
        "quiet",
        "tile",
        "file",
        "reaction",
        "key",
        "actions",
        "text",
        "attach",
        "send",
    ):
        assert (kind, True) in reached, f"{kind}: {sorted(reached)}"


async def test_a_new_message_is_heard_once(world: World, address: str, telegram: Telegram) -> None:
    first = telegram.say("Good evening")
    async with page_at(address) as page:
        await page.evaluate(
            """() => { window.heard = []; new MutationObserver((all) => all.forEach((one) =>
            one.addedNodes.forEach((node) => window.heard.push(node.textContent)))).observe(
            document.querySelector("#heard"), {childList: true}) }"""
        )
        message = telegram.say("Hello")
        await until(page, "window.heard.length > 0")
        telegram.act("react", chat_id=telegram.group.id, user_id=telegram.lin, message_id=message, emoji="🔥")
        await page.wait_for_selector(f"#m{message} .reactions")
        telegram.act("edit", chat_id=telegram.group.id, user_id=telegram.first, message_id=first, text="Changed")
        await page.wait_for_selector(f"#m{first}:has-text('Changed')")
        name = world.user(telegram.first).full_name
        assert await page.evaluate("window.heard") == [f"{name}: Hello"]
        assert await page.locator("[aria-live=polite], [role=status]").count() == 2  # this one, and short notes
