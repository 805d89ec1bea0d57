"""A real headless Chromium on the sandbox's page; whatever it complains of fails the test."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, TypeVar, cast

import pytest
from playwright.async_api import Browser, Page, async_playwright

from sandbox.world import World

Test = TypeVar("Test")
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}

# A start costs more than most of these tests: they share a browser, and so the event loop it is driven from.
IN_BROWSER = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("browser")]
_shared: list[Browser] = []


def in_browser(test: Test) -> Test:
    """IN_BROWSER for one test, where its module has others."""
    marked: Any = test
    for mark in IN_BROWSER:
        marked = mark(marked)
    return cast(Test, marked)


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser, until the block ends."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


@contextlib.asynccontextmanager
async def shared_chromium() -> AsyncIterator[Browser]:
    """The browser that `page_at` uses, until the block ends."""
    async with chromium() as browser:
        _shared.append(browser)
        yield browser
        _shared.clear()


@contextlib.asynccontextmanager
async def page_at(address: str, *, phone: bool = True, **options: Any) -> AsyncIterator[Page]:
    """The page, loaded, for a test that is IN_BROWSER, with storage and clipboard rights of its own.

    At the end it must have reported no error and no warning.
    """
    problems: list[str] = []
    settings = {"viewport": PHONE if phone else DESK, "locale": "en-GB"} | options
    async with await _shared[0].new_context(permissions=["clipboard-read", "clipboard-write"], **settings) as context:
        page = await context.new_page()
        page.on("console", lambda m: problems.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto(address)
        await page.wait_for_selector("body[data-ready]")
        yield page
    assert problems == []


async def become(page: Page, world: World, user_id: int) -> None:
    """Be somebody else, through the page's own list."""
    name = world.user(user_id).full_name
    if await page.locator("#me").is_visible():
        await page.click("#me")
    else:
        await page.click("#who .current")
    await page.fill("#find", name)
    await page.click(f"#persons button:has-text({name!r})")


async def write(page: Page, text: str) -> None:
    """Write a message and send it."""
    await page.fill("#text", text)
    await page.keyboard.press("Enter")


async def until(page: Page, expression: str, seconds: float = 10) -> None:
    """Wait until a JavaScript expression is true; the page's own policy forbids the library's way."""
    async with asyncio.timeout(seconds):
        while not await page.evaluate(expression):
            await asyncio.sleep(0.05)
