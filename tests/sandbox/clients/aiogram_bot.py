"""An echo bot as aiogram 3's users write them. Run as: aiogram_bot.py ADDRESS TOKEN polling|PORT."""

from __future__ import annotations

import asyncio
import hashlib
import io
import sys
from pathlib import Path

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.filters import Command
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
    PollAnswer,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

PICTURE = Path(__file__).with_name("sea.png").read_bytes()


def picture(name: str) -> BufferedInputFile:
    return BufferedInputFile(PICTURE, filename=name)


async def photo(message: Message) -> None:
    await message.answer_photo(picture("sea.png"), caption="<i>sea</i>", parse_mode=ParseMode.HTML)


async def album(message: Message) -> None:
    media = [InputMediaPhoto(media=picture(f"{n}.png"), caption=f"no. {n}") for n in (1, 2, 3)]
    await message.answer_media_group(media)


async def poll(message: Message) -> None:
    await message.answer_poll("Red or blue?", ["Red", "Blue"], is_anonymous=False)


async def voted(answer: PollAnswer, bot: Bot) -> None:
    assert answer.user is not None
    await bot.send_message(answer.user.id, f"You chose {answer.option_ids}")


async def file(message: Message, bot: Bot) -> None:
    assert message.document is not None
    found = io.BytesIO()
    await bot.download(message.document, found)
    await message.reply(f"{message.document.file_name}: {hashlib.sha256(found.getvalue()).hexdigest()}")


async def echo(message: Message) -> None:
    keys = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Press", callback_data="pressed")]])
    await message.reply(f"<b>{message.html_text}</b>", parse_mode=ParseMode.HTML, reply_markup=keys)


async def pressed(query: CallbackQuery) -> None:
    assert isinstance(query.message, Message)
    await query.message.edit_text(f"pressed by {query.from_user.full_name}")
    await query.answer("thank you", show_alert=True)


def dispatcher() -> Dispatcher:
    made = Dispatcher()
    made.message.register(photo, Command("photo"))
    made.message.register(album, Command("album"))
    made.message.register(poll, Command("poll"))
    made.message.register(file, F.document)
    made.message.register(echo, F.text)
    made.callback_query.register(pressed, F.data == "pressed")
    made.poll_answer.register(voted)
    return made


async def main(address: str, token: str, how: str) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    async with Bot(token, session=session) as bot:
        await bot.set_my_commands([BotCommand(command="photo", description="A picture")])
        routes = dispatcher()
        if how == "polling":
            await routes.start_polling(bot)
            return
        app = web.Application()
        SimpleRequestHandler(routes, bot, secret_token="s3cret").register(app, path="/hook")
        setup_application(app, routes, bot=bot)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", int(how)).start()
        kinds = routes.resolve_used_update_types()
        await bot.set_webhook(f"http://127.0.0.1:{how}/hook", secret_token="s3cret", allowed_updates=kinds)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
