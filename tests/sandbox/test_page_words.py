"""The page's words and weight: both languages whole, nothing unused, light enough."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sandbox.guide import STEPS
from sandbox.page import STATIC
from sandbox.world import World
from tests.sandbox.browser import chromium

HEAVIEST = 150_000  # bytes of a page without media, uncompressed


def words(code: str) -> dict[str, str]:
    source = (STATIC / f"words_{code}.js").read_text(encoding="utf-8")
    return dict(re.findall(r'(\w+): "((?:[^"\\]|\\.)*)"', source))


def test_both_languages_have_the_same_words_with_the_same_places() -> None:
    english, chinese = words("en"), words("zh")
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", chinese[key])), key
        assert text
        assert chinese[key]


def test_every_word_is_used_and_every_used_word_is_there() -> None:
    files = [path for path in STATIC.iterdir() if path.suffix in (".js", ".html") and "words_" not in path.name]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    known = words("en").keys()
    asked = set(re.findall(r'\bt\("(\w+)"', source)) | set(
        re.findall(r'data-t(?:-label|-placeholder)?="(\w+)"', source)
    )
    assert asked <= known
    unused = {key for key in known if not re.search(rf'"{key}"', source)}
    assert unused <= {"speed_1", "speed_60", "speed_600", "speed_3600"}  # t(`speed_${speed}`)


def test_every_step_of_the_guide_speaks_both_languages() -> None:
    for step in STEPS:
        assert {code: len(pair) for code, pair in step.words.items()} == {"en": 2, "zh": 2}, step.id


@pytest.mark.browser
async def test_the_page_is_light_and_asks_nobody_else(world: World, address: str) -> None:
    bodies: dict[str, int] = {}

    async def weigh(response: Any) -> None:
        if "/static/" in response.url or response.url.rstrip("/") == address:
            bodies[response.url] = len(await response.body())

    async with chromium() as browser:
        page = await browser.new_page()
        asked: list[str] = []
        page.on("response", weigh)
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(address)
        await page.wait_for_selector("body[data-ready]")
        await page.wait_for_timeout(300)
    assert len(bodies) > 15
    assert sum(bodies.values()) < HEAVIEST
    assert all(url.startswith((address, "data:")) for url in asked)
