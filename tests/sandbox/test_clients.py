"""Others than our own code talk to the sandbox: python-telegram-bot, and a browser."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import msgspec
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from sandbox.seeding.pictures import landscape
from sandbox.world import World
from tests.sandbox.browser import in_browser, page_at
from tests.sandbox.telegram import Telegram


async def _until(condition: Callable[[], Any], seconds: float = 10) -> Any:
    for _ in range(int(seconds / 0.05)):
        found = condition()
        if found:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen in time")


def _bot_texts(world: World) -> list[str]:
    messages = world.chat(world.group_id).messages.values()
    return [m.content.get("text", "") for m in messages if m.sender_id == world.bot_id]


async def test_a_bot_made_with_python_telegram_bot_works_unchanged(world: World, address: str) -> None:
    async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message is not None
        keys = InlineKeyboardMarkup([[InlineKeyboardButton("Press", callback_data="pressed")]])
        await update.effective_message.reply_html(f"<b>{update.effective_message.text}</b>", reply_markup=keys)

    async def pressed(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("thank you")
        await update.callback_query.edit_message_text(f"pressed by {update.callback_query.from_user.full_name}")

    builder = ApplicationBuilder().token(world.bot_token)
    application = builder.base_url(f"{address}/bot").base_file_url(f"{address}/file/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.add_handler(CallbackQueryHandler(pressed))
    assert application.updater is not None
    async with application, httpx.AsyncClient(base_url=address) as client:
        await application.start()
        await application.updater.start_polling(allowed_updates=Update.ALL_TYPES)
        telegram = Telegram(world, client)
        chat = await application.bot.get_chat(world.group_id)
        admins = await application.bot.get_chat_administrators(world.group_id)
        telegram.say("hello")
        await _until(lambda: _bot_texts(world) == ["hello"])
        answer = max(telegram.group.messages)
        place = {"chat_id": telegram.group.id, "user_id": telegram.second, "message_id": answer}
        telegram.act("press", **place, data="pressed")
        name = world.user(telegram.second).full_name
        await _until(lambda: _bot_texts(world) == [f"pressed by {name}"])
        await application.updater.stop()
        await application.stop()
    assert chat.is_forum
    assert {a.status for a in admins} == {"creator", "administrator"}


@in_browser
async def test_a_member_writes_reacts_presses_and_uploads_in_the_page(
    world: World, address: str, telegram: Telegram
) -> None:
    keys = {"inline_keyboard": [[{"text": "Press me", "callback_data": "go"}]]}
    asked = await telegram.call("sendMessage", chat_id=telegram.group.id, text="Well?", reply_markup=keys)
    async with page_at(address) as page:
        member = world.user(telegram.first)
        await page.click("#me")
        await page.fill("#find", member.full_name)
        await page.click(f"#persons button:has-text({member.full_name!r})")

        await page.fill("#text", "<b>not bold</b> /stats")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".mine .text:has-text('<b>not bold</b> /stats')")

        await page.click(f"#m{asked['message_id']} .text")
        await page.click("#menu [aria-label='🔥']")
        await page.wait_for_selector(f"#m{asked['message_id']} .reactions [aria-pressed=true]")

        await page.click("text=Press me")
        query = await _until(lambda: next(iter(world.queries.values()), None))
        assert query.user_id == telegram.first
        await telegram.call("answerCallbackQuery", callback_query_id=query.id, text="You pressed it", show_alert=True)
        await page.wait_for_selector("#alert:has-text('You pressed it')")
        await page.click("#alert button")

        files = [{"name": "sea.png", "mimeType": "image/png", "buffer": landscape(5)}]
        await page.set_input_files("#file", files)  # type: ignore[arg-type]
        await page.click(".sheet .primary")
        await page.wait_for_selector(".mine .media img")
        await telegram.call("sendMessage", chat_id=telegram.group.id, text="Seen <i>live</i>", parse_mode="HTML")
        await page.wait_for_selector("#log em:has-text('live')")
    kinds = [next(k for k in u if k != "update_id") for u in _pending(telegram)]
    assert kinds == ["message", "callback_query", "message"]


def _pending(telegram: Telegram) -> list[dict[str, Any]]:
    return [msgspec.json.decode(raw) for raw in telegram.world.updates.take(100)]
