"""Mini Apps: launch data that a bot can verify, and what an app and the page say to each other."""

from __future__ import annotations

import hashlib
import hmac
import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.async_api import Route

from sandbox.actions import act
from sandbox.errors import ActionError
from sandbox.world import World
from tests.sandbox.browser import become, in_browser, page_at
from tests.sandbox.telegram import Telegram

APP = "https://app.example/shop"


def is_signed(init_data: str, bot_token: str) -> bool:
    """The check of core.telegram.org/bots/webapps, "Validating data received via the Mini App"."""
    fields = dict(parse_qsl(init_data, strict_parsing=True))
    given = fields.pop("hash")
    lines = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    secret = hmac.new(b"WebAppData", bot_token.encode(), hashlib.sha256)
    return hmac.compare_digest(hmac.new(secret.digest(), lines.encode(), hashlib.sha256).hexdigest(), given)


def launch(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).fragment))


async def shown_app(telegram: Telegram, *, inline: bool) -> tuple[int, int]:
    """A member in private with a button that opens an app: their id, and the message's."""
    person = telegram.start_private()
    key = {"text": "Shop", "web_app": {"url": APP}}
    markup = {"inline_keyboard": [[key]]} if inline else {"keyboard": [[key]]}
    sent = await telegram.call("sendMessage", chat_id=person, text="Our shop", reply_markup=markup)
    return person, sent["message_id"]


async def test_launch_data_is_signed_as_documented(telegram: Telegram) -> None:
    world = telegram.world
    person, message = await shown_app(telegram, inline=True)
    opened = act(world, "open_app", {"user_id": person, "chat_id": person, "message_id": message, "button": "Shop"})
    assert opened["url"].startswith(f"{APP}#tgWebAppData=")
    given = launch(opened["url"])
    data = given["tgWebAppData"]
    assert is_signed(data, world.bot_token)
    assert not is_signed(data, "1:another")
    assert not is_signed(data.replace("auth_date=1", "auth_date=2"), world.bot_token)
    fields = dict(parse_qsl(data))
    assert json.loads(fields["user"])["id"] == person
    assert int(fields["auth_date"]) == world.now()
    assert fields["query_id"]
    assert given["tgWebAppVersion"]
    assert "bg_color" in json.loads(given["tgWebAppThemeParams"])


async def test_only_buttons_that_stand_there_open_an_app(telegram: Telegram) -> None:
    person, message = await shown_app(telegram, inline=True)
    place = {"user_id": person, "chat_id": person}
    with pytest.raises(ActionError, match="no such button"):
        telegram.act("open_app", **place, message_id=message, button="Other")
    with pytest.raises(ActionError, match="menu opens no Mini App"):
        telegram.act("open_app", **place)
    button = {"type": "web_app", "text": "Open", "web_app": {"url": f"{APP}?from=menu"}}
    await telegram.call("setChatMenuButton", menu_button=button)
    assert telegram.act("open_app", **place)["url"].startswith(f"{APP}?from=menu#")


@in_browser
async def test_an_app_in_its_frame_talks_with_the_page(world: World, address: str, telegram: Telegram) -> None:
    person, _ = await shown_app(telegram, inline=False)
    say = "const say = (t, d = {}) => parent.postMessage(JSON.stringify({eventType: t, eventData: d}), '*');"
    script = f"""{say}
        addEventListener('message', e => {{ const m = JSON.parse(e.data);
          if (m.eventType === 'main_button_pressed') say('web_app_data_send', {{data: document.title}}); }});
        document.title = new URLSearchParams(location.hash.slice(1)).get('tgWebAppPlatform');
        say('web_app_ready'); say('web_app_setup_main_button', {{is_visible: true, text: 'ORDER', is_active: true}});"""

    async def serve_app(route: Route) -> None:
        await route.fulfill(content_type="text/html", body=f"<h1>The shop</h1><script>{script}</script>")

    async with page_at(address) as page:
        await page.route(f"{APP}**", serve_app)
        await become(page, world, person)
        await page.click("#back")
        await page.click("#chats button:has-text('PeakDrop')")
        await page.click("#keyboard button:has-text('Shop')")
        await page.frame_locator("iframe.app").locator("h1:has-text('The shop')").wait_for()
        await page.click(".app-foot button:has-text('ORDER')")
        await page.wait_for_selector(".pill:has-text('Shop')")
        assert await page.locator(".miniapp").count() == 0
    sent = list(world.chat(person).messages.values())[-1]
    assert sent.content == {"web_app_data": {"data": "web", "button_text": "Shop"}}
    assert any("web_app_data" in update.get("message", {}) for update in await telegram.updates())
