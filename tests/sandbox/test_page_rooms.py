"""What happens around the messages: older history, a new topic, forbidding to write, ending a poll, lost contact."""

from __future__ import annotations

from sandbox.world import World
from tests.sandbox.browser import IN_BROWSER, become, page_at, until, write
from tests.sandbox.telegram import Telegram

pytestmark = IN_BROWSER


async def test_scrolling_up_shows_what_was_written_before(world: World, address: str, telegram: Telegram) -> None:
    ids = [telegram.say(f"Message {n}") for n in range(420)]
    async with page_at(address) as page:
        assert await page.locator(f"#m{ids[0]}").count() == 0
        for _ in range(3):
            await page.evaluate("document.querySelector('#scroll').scrollTop = 0")
            await page.wait_for_timeout(300)
        await page.wait_for_selector(f"#m{ids[0]}", state="attached")
        shown = await page.eval_on_selector_all("#log > li[id]", "all => all.map((one) => Number(one.id.slice(1)))")
        assert shown == ids
        newest = telegram.say("Newest")
        await page.wait_for_selector(f"#m{newest}", state="attached")


async def test_a_new_topic_opens_at_once(world: World, address: str, telegram: Telegram) -> None:
    said = telegram.say("In general")
    async with page_at(address) as page:
        await page.click("#more")
        await page.click("#menu button:has-text('New topic')")
        await page.fill(".sheet input", "Drops")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#topics [aria-selected=true]:has-text('Drops')")
        await page.wait_for_selector(".pill:has-text('opened the topic')")
        assert await page.locator(f"#m{said}").count() == 0
        await write(page, "First")
        await page.wait_for_selector(".mine .text:has-text('First')")
    last = list(telegram.group.messages.values())[-1]
    assert last.thread_id in telegram.group.topics


async def test_who_may_not_write_sees_it_and_may_again(world: World, address: str, telegram: Telegram) -> None:
    name = world.user(telegram.first).full_name
    async with page_at(address) as page:
        for choice, seen in (("Forbid writing", "#enter:has-text('may not write')"), ("Allow writing", "#composer")):
            await become(page, world, telegram.lin)
            await page.click("#about")
            await page.click(f".sheet .rows button:has-text({name!r})")
            await page.click(f"#menu button:has-text({choice!r})")
            await page.keyboard.press("Escape")
            await become(page, world, telegram.first)
            await page.wait_for_selector(seen)
        await write(page, "Thank you")
        await page.wait_for_selector(".mine .text:has-text('Thank you')")
    assert telegram.group.members[telegram.first].status == "member"


async def test_who_asked_ends_the_poll(world: World, address: str, telegram: Telegram) -> None:
    asked = telegram.act(
        "send_poll", chat_id=telegram.group.id, user_id=telegram.lin, question="When?", options=["Now", "Later"]
    )
    async with page_at(address) as page:
        await page.click(f"#m{asked['message_id']} .question")
        await page.click("#menu button:has-text('Stop poll')")
        await page.click(".sheet .primary")
        await page.wait_for_selector(".poll:has-text('Final results')")
    assert next(iter(world.polls.values())).is_closed


async def test_a_link_made_elsewhere_shows_in_the_open_list(world: World, address: str, telegram: Telegram) -> None:
    async with page_at(address) as page:
        await page.click("#about")
        await page.wait_for_selector(".sheet .rows")
        await telegram.call("createChatInviteLink", chat_id=telegram.group.id, name="From the bot")
        await page.wait_for_selector(".sheet .request:has-text('From the bot')")
        assert await page.locator(".sheet .request").count() == 1


async def test_rows_of_buttons_are_as_wide_as_the_bubble(world: World, address: str, telegram: Telegram) -> None:
    keys = [[{"text": "One", "callback_data": "1"}, {"text": "Two", "callback_data": "2"}]]
    for text in ("Short", "A text that is rather longer than the row of buttons that stands below it " * 2):
        await telegram.call("sendMessage", chat_id=telegram.group.id, text=text, reply_markup={"inline_keyboard": keys})
    for phone in (True, False):
        async with page_at(address, phone=phone) as page:
            await until(page, "document.querySelectorAll('.keys').length === 2")
            widths = await page.eval_on_selector_all(
                ".stack", "all => all.map((one) => [...one.children].map((part) => Math.round(part.offsetWidth)))"
            )
            assert all(bubble == row for bubble, row in widths), widths
