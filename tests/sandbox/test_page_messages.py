"""The page in a real browser: media, polls, buttons, reactions, albums, live."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import sandbox.seeding
from sandbox.actions import act
from sandbox.seeding.pictures import landscape
from sandbox.world import World
from tests.sandbox.browser import IN_BROWSER, become, page_at, until, write
from tests.sandbox.telegram import Telegram

pytestmark = IN_BROWSER
CLIP = (Path(sandbox.seeding.__path__[0]) / "clips" / "clip1.mp4").read_bytes()
VOICE = (Path(sandbox.seeding.__path__[0]) / "clips" / "voice.ogg").read_bytes()


def a_file(name: str, mime_type: str, data: bytes) -> Any:
    return {"name": name, "mimeType": mime_type, "buffer": data}


async def test_a_video_uploaded_plays_inline(world: World, address: str) -> None:
    async with page_at(address) as page:
        await page.set_input_files("#file", [a_file("clip.mp4", "video/mp4", CLIP)])
        await page.fill(".sheet textarea", "our first film")
        await page.click(".sheet .primary")
        await page.wait_for_selector(".mine .text:has-text('our first film')")
        await page.click(".mine .play")
        await until(page, "document.querySelector('.mine video[controls]')?.currentTime > 0.2")
    message = list(world.chat(world.group_id).messages.values())[-1]
    assert message.content["video"]["width"] > 0


async def test_several_pictures_become_one_album_in_a_grid(world: World, address: str) -> None:
    async with page_at(address) as page:
        pictures = [a_file(f"p{i}.png", "image/png", landscape(i)) for i in range(3)]
        await page.set_input_files("#file", pictures)
        await page.click(".sheet .primary")
        await until(page, "document.querySelectorAll('.album .tile img').length === 3")
        assert await page.locator("#log > li.mine").count() == 1
        await page.click(".album .tile >> nth=2")
        await page.wait_for_selector("#viewer[open] img")
        await page.keyboard.press("Escape")
    groups = {m.extra["media_group_id"] for m in world.chat(world.group_id).messages.values() if "photo" in m.content}
    assert len(groups) == 1


async def test_a_voice_message_plays(world: World, address: str) -> None:
    async with page_at(address) as page:
        await page.set_input_files("#file", [a_file("hello.ogg", "audio/ogg", VOICE)])
        await page.click(".sheet .primary")
        await page.click(".mine .sound .round")
        await until(page, "Number(document.querySelector('.sound input').value) > 0")
    assert "voice" in list(world.chat(world.group_id).messages.values())[-1].content


async def test_a_poll_is_made_voted_in_and_taken_back(world: World, address: str) -> None:
    async with page_at(address) as page:
        await page.click("#attach")
        await page.click("#menu button:has-text('New poll')")
        await page.fill(".sheet .field input", "When is the next drop?")
        for i, option in enumerate(("Friday", "Saturday")):
            await page.fill(f".sheet [placeholder='Option {i + 1}']", option)
        await page.uncheck(".sheet .check:has-text('Anonymous') input")
        await page.click(".sheet [type=submit]")
        await page.click(".poll .option:has-text('Saturday')")
        await page.wait_for_selector(".result:has-text('100 %'):has-text('Saturday')")
        await page.click(".poll button:has-text('Who voted')")
        await page.wait_for_selector(".sheet h3:has-text('Saturday · 1')")
        await page.keyboard.press("Escape")
        poll = next(iter(world.polls.values()))
        assert poll.votes == {world.manager_id: [1]}
        await page.click(".poll button:has-text('Retract vote')")
        await page.wait_for_selector(".poll .option:has-text('Friday')")
        assert poll.votes == {}


async def test_a_quiz_tells_right_from_wrong(world: World, address: str, telegram: Telegram) -> None:
    options = [{"text": "Paris"}, {"text": "Rome"}]
    quiz = {"type": "quiz", "correct_option_id": 1, "explanation": "All roads lead there."}
    await telegram.call("sendPoll", chat_id=world.group_id, question="Capital of Italy?", options=options, **quiz)
    async with page_at(address) as page:
        await page.click(".poll .option:has-text('Paris')")
        await page.wait_for_selector(".result.wrong:has-text('Paris')")
        await page.wait_for_selector(".result.right:has-text('Rome')")
        assert await page.wait_for_selector(".explanation:has-text('All roads')")


async def test_buttons_copy_fill_and_wait_for_their_answer(world: World, address: str, telegram: Telegram) -> None:
    keys = [
        [{"text": "Code", "copy_text": {"text": "PEAK-7"}}, {"text": "Site", "url": "https://example.org/"}],
        [{"text": "Search", "switch_inline_query_current_chat": "cats"}, {"text": "Wait", "callback_data": "w"}],
    ]
    await telegram.call("sendMessage", chat_id=world.group_id, text="Choose", reply_markup={"inline_keyboard": keys})
    async with page_at(address) as page:
        await page.click(".keys button:has-text('Code')")
        await page.wait_for_selector("#toast p:has-text('Copied')")
        assert await page.evaluate("navigator.clipboard.readText()") == "PEAK-7"
        assert await page.get_attribute(".keys a", "href") == "https://example.org/"
        await page.click(".keys button:has-text('Wait')")
        await page.wait_for_selector(".keys .waiting")
        query = next(iter(world.queries.values()))
        await telegram.call("answerCallbackQuery", callback_query_id=query.id, text="Done waiting")
        await page.wait_for_selector("#toast p:has-text('Done waiting')")
        assert await page.locator(".keys .waiting").count() == 0
        await page.click(".keys button:has-text('Search')")
        assert await page.input_value("#text") == f"@{world.bot.username} cats"


async def test_inline_results_are_offered_and_chosen(world: World, address: str, telegram: Telegram) -> None:
    async with page_at(address) as page:
        await page.fill("#text", f"@{world.bot.username} cats")
        while not world.inline_queries:
            await asyncio.sleep(0.02)
        article = {
            "type": "article",
            "id": "a",
            "title": "A cat",
            "input_message_content": {"message_text": "Meow from the bot"},
        }
        await telegram.call("answerInlineQuery", inline_query_id=next(iter(world.inline_queries)), results=[article])
        await page.click("#offers li:has-text('A cat')")
        assert await page.wait_for_selector(".mine .text:has-text('Meow from the bot')")


async def test_commands_are_offered_while_one_types(world: World, address: str, telegram: Telegram) -> None:
    commands = [{"command": "stats", "description": "Figures"}, {"command": "start", "description": "Begin"}]
    await telegram.call("setMyCommands", commands=commands)
    async with page_at(address) as page:
        await page.fill("#text", "/sta")
        await page.wait_for_selector("#offers li:has-text('/start')")
        await page.type("#text", "t")
        await page.wait_for_selector("#offers li:has-text('/stats')")
        assert await page.locator("#offers li").count() == 1
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".mine .text:has-text('/stats')")


async def test_reacting_replying_jumping_and_who_reacted(world: World, address: str, telegram: Telegram) -> None:
    asked = telegram.say("what do you think")
    async with page_at(address) as page:
        await page.click(f"#m{asked} .text")
        await page.click("#menu [aria-label='👍']")
        await page.wait_for_selector(f"#m{asked} .reactions [aria-pressed=true]")
        await page.click(f"#m{asked} .text")
        await page.click("#menu button:has-text('Reply')")
        await write(page, "I like it")
        await page.click(".mine .quote")
        await page.wait_for_selector(f"#m{asked}.flash")
        await page.click(f"#m{asked} .text")
        await page.click("#menu button:has-text('Who reacted')")
        assert await page.wait_for_selector(f".sheet li:has-text({world.user(world.manager_id).full_name!r})")


async def test_a_message_is_forwarded_to_the_bot(world: World, address: str, telegram: Telegram) -> None:
    asked = telegram.say("keep this")
    telegram.act("send", chat_id=world.manager_id, user_id=world.manager_id, text="/start")
    async with page_at(address) as page:
        await page.click(f"#m{asked} .text")
        await page.click("#menu button:has-text('Forward')")
        await page.click(".sheet .rows button:has-text('PeakDrop')")
        assert await page.wait_for_selector(f".origin:has-text({world.user(telegram.first).full_name!r})")


async def test_many_messages_a_second_stay_live_within_few_nodes(world: World, address: str) -> None:
    telegram_says = {"chat_id": world.group_id, "user_id": world.manager_id}
    async with page_at(address, phone=False) as page:
        await become(page, world, world.manager_id)
        for i in range(1_000):
            act(world, "send", {**telegram_says, "text": f"message {i}"})
            if i % 5 == 4:
                await asyncio.sleep(0.01)
        await page.wait_for_selector("#log .text:has-text('message 999')", timeout=5_000)
        assert await page.locator("#log > li").count() <= 310
