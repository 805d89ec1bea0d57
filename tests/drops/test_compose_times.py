"""When a drop goes out: by buttons, by typed words read back, again and again; and what speaks against it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import pytest

from peakdrop.composing import Awaits
from peakdrop.local_times import local_of
from rendering.catalog import get_catalog
from rendering.compose_times import BLANK, month_buttons
from storage.audit import list_acts
from storage.composing import set_composing
from storage.drop_content import Repeat
from storage.drops import DropView, State, Timing
from storage.store import Store
from storage.times import from_epoch
from tests.bot.conversation import Conversation, buttons, text_of
from tests.drops.conftest import ZONE
from tests.drops.making import GROUP, drops, labels, makers, press, rule, say


@pytest.fixture
async def talk(store: Store) -> AsyncIterator[Conversation]:
    """The bot and a manager."""
    async with makers(store) as conversation:
        yield conversation


def local_now(talk: Conversation) -> datetime:
    """The wall time in the group."""
    return local_of(datetime.fromtimestamp(talk.world.clock(), tz=None).astimezone(), ZONE)


def only(talk: Conversation) -> DropView:
    """The one drop there is."""
    (drop,) = drops(talk)
    return drop


async def test_a_time_by_the_calendar(talk: Conversation) -> None:
    screen = await press(talk, await say(talk, "hello"), "When", "Calendar", "›")
    day = next(one for one in buttons(screen) if one[0].strip("•✓") == "15")
    wanted = datetime.fromisoformat(day[1].split(":")[-1])
    screen = await press(talk, screen, "15")
    assert "at which hour?" in text_of(screen)
    screen = await press(talk, screen, "20")
    assert "which minute?" in text_of(screen)
    screen = await press(talk, screen, "20:35")
    assert text_of(screen).startswith("Post this?")
    assert "15 " in text_of(screen)
    assert "20:35" in text_of(screen)
    assert only(talk).local_time == wanted.replace(hour=20, minute=35).isoformat(timespec="minutes")
    back = await press(talk, screen, "When", "Peak")
    assert "the peak" in text_of(back)
    assert only(talk).timing == Timing.PEAK


async def test_a_typed_time_counts_once_it_was_read_back(talk: Conversation) -> None:
    await press(talk, await say(talk, "hello"), "When", "Type a time")
    shown = await say(talk, "tomorrow 9pm")
    assert re.match(r"\w{3} \d+ \w{3} 21:00, tomorrow\. Right\?", text_of(shown))
    assert only(talk).local_time is None  # nothing yet
    shown = await press(talk, shown, "Type another")
    for text in ("yesterday 9am", "昨天9点", "2020-01-01"):
        shown = await say(talk, text)
        assert "is past\nNothing was changed. Type a time to come, for example: tomorrow 9pm" in text_of(shown)
        assert not any(label.startswith("Yes") for label in labels(shown))
    for text in ("2099-01-01 20:30", "2099年1月1日"):
        shown = await say(talk, text)
        assert re.match(
            r"(Thu )?1 Jan 2099( 20:30)? is more than two years ahead\nNothing was changed\.", text_of(shown)
        )
        assert not any(label.startswith("Yes") for label in labels(shown))
    shown = await say(talk, "明晚8点")
    screen = await press(talk, shown, "Yes")
    assert "When: tomorrow 20:00" in text_of(screen)
    typed = [text_of(one) for one in talk.world.chat(talk.manager).messages.values()]
    assert "明晚8点" not in typed  # understood, and tidied away


async def test_the_calendar_ends_after_two_years(talk: Conversation) -> None:
    await say(talk, "hello")
    today, catalog = date(2026, 11, 24), get_catalog("en")
    ends = [
        month_buttons(only(talk), month, today, (), None, catalog)[0][2][0]
        for month in (date(2028, 10, 1), date(2028, 11, 1))
    ]
    assert ends == ["›", BLANK]


async def test_a_time_may_be_typed_wherever_one_is_chosen(talk: Conversation) -> None:
    screen = await press(talk, await say(talk, "hello"), "When")
    assert "or type it" in text_of(screen)
    assert "Right?" in text_of(await say(talk, "明晚8点"))
    assert drops(talk) == [only(talk)]


async def test_a_time_is_awaited_only_while_its_screen_is_the_last(talk: Conversation) -> None:
    screen = await say(talk, "hello")
    for turned_away in ("/queue", "/next"):
        await press(talk, screen, "When", "Type a time")
        await say(talk, turned_away)
        screen = await say(talk, "tomorrow 9pm")
        assert text_of(screen).startswith("Post this?\nText · tomorrow 9pm")
    queue = await say(talk, "/queue")
    await press(talk, screen, "When")
    await press(talk, queue, "Calendar")
    screen = await say(talk, "hello again")
    assert text_of(screen).startswith("Post this?")
    await press(talk, screen, "Change content")
    number, yesterday = drops(talk)[-1].number, from_epoch(talk.world.now() - 86_400)
    talk.store.write_now(
        lambda session: set_composing(session, talk.manager, GROUP, number, now=yesterday, awaits=Awaits.CONTENT)
    )
    assert text_of(await say(talk, "something else")).startswith("Post this?")
    assert [one.content.text for one in drops(talk)][-2:] == ["hello again", "something else"]


async def test_a_typed_day_asks_for_its_hour(talk: Conversation) -> None:
    await press(talk, await say(talk, "hello"), "When", "Type a time")
    assert text_of(await say(talk, "tomorrow")).startswith("Tomorrow, at which hour?")


async def test_a_weekly_poll_like_series(talk: Conversation) -> None:
    screen = await press(talk, await say(talk, "Weekly question"), "When", "Type a time")
    screen = await press(talk, await say(talk, "tomorrow 8pm"), "Yes", "Repeat", "Weekly")
    first = datetime.fromisoformat(only(talk).local_time or "")
    day = first.weekday()
    assert only(talk).repeat == Repeat(first.date(), (day,), at="20:00")
    other = (day + 3) % 7
    name = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[other]
    screen = await press(talk, screen, name, "Back", "Until when", "4 weeks")
    assert "until" in text_of(screen)
    screen = await press(talk, screen, "Back", "Options", "Replace previous", "Back")
    assert "Repeats: weekly on " in text_of(screen)
    assert "replaces the previous one" in text_of(screen)
    screen = await press(talk, screen, next(one for one in labels(screen) if one.startswith("Schedule ")))
    drop = only(talk)
    assert (drop.state, drop.series, drop.occurrence) == (State.SCHEDULED, 1, drop.local_time)
    screen = await press(talk, screen, "Cancel drop")
    assert {"This one", "The whole series"} <= set(labels(screen))
    await press(talk, screen, "This one")
    (following,) = drops(talk, State.SCHEDULED)
    assert datetime.fromisoformat(following.local_time or "") == first + timedelta(days=3)


async def test_other_repetitions(talk: Conversation) -> None:
    screen = await press(talk, await say(talk, "hello"), "Repeat", "Every day")
    assert "Now: every day" in text_of(screen)
    assert "Each day's peak" in text_of(screen)
    await press(talk, screen, "Every n days")
    refused = await say(talk, "lots")
    assert "“lots” is no number from 1 to 365" in text_of(refused)
    screen = await say(talk, "10")
    assert "Now: every 10 days" in text_of(screen)
    await press(talk, screen, "By cron")
    refused = await say(talk, "every morning")
    assert "no cron rule" in text_of(refused)
    screen = await say(talk, "30 9 * * 1-5")
    assert "by rule 30 9 * * 1-5" in text_of(screen)
    drop = only(talk)
    assert drop.local_time is not None
    assert drop.local_time.endswith("T09:30")
    screen = await press(talk, screen, "Once")
    assert "Now: once" in text_of(screen)


async def test_what_the_rules_say_is_told_first_and_overruled_in_the_audit_log(talk: Conversation) -> None:
    rule(talk, quiet_from=22 * 60, quiet_to=8 * 60, gap_minutes=60)
    await press(talk, await say(talk, "全网第一的秋季新包"), "When", "Type a time")
    shown = await say(talk, "tomorrow 11pm")
    assert "⚠ In the quiet hours (22:00–08:00). Take another time." in text_of(shown)
    screen = await press(talk, shown, "Yes")
    asked = await press(talk, screen, next(one for one in labels(screen) if one.startswith("Schedule ")))
    assert text_of(asked).startswith("Schedule it like this?")
    assert "quiet hours" in text_of(asked)
    assert "Advertising Law of the PRC, Article 9(3) (《广告法》第九条（三）)" in text_of(asked)
    assert drops(talk, State.SCHEDULED) == []
    answer = await press(talk, asked, "Schedule anyway")
    assert text_of(answer).startswith("Scheduled as drop 1")
    acts = talk.store.read_now(lambda session: list_acts(session, GROUP))
    assert [one.detail for one in acts if one.act == "overruled"] == ["quiet,absolute"]


async def test_a_drop_too_near_another_and_an_offer_that_has_ended(talk: Conversation) -> None:
    rule(talk, gap_minutes=60)
    await press(talk, await say(talk, "one"), "When", "Type a time")
    screen = await press(talk, await say(talk, "in 3 days"), "12", "12:00")
    await press(talk, screen, next(one for one in labels(screen) if one.startswith("Schedule ")))
    tomorrow = local_now(talk) + timedelta(days=1)
    second = await say(talk, f"Half price until {tomorrow:%Y-%m-%d}, all bags")
    await press(talk, second, "When", "Type a time")
    screen = await press(talk, await say(talk, "in 3 days"), "12", "12:30")
    assert "⚠ Too near drop 1: 60 min apart is the rule." in text_of(screen)
    assert f"“until {tomorrow:%Y-%m-%d}” will be over then" in text_of(screen)


async def test_the_peak_that_was_shown_is_the_one_confirmed(talk: Conversation) -> None:
    screen = await say(talk, "hello")
    label = next(one for one in labels(screen) if one.startswith("Schedule "))
    rule(talk, quiet_from=0, quiet_to=23 * 60 + 30, slots=("23:45",))  # meanwhile somebody changes the rules
    assert "time has changed" in await talk.pop_up(talk.manager, screen, label)
    assert drops(talk, State.SCHEDULED) == []


async def test_where_the_rules_leave_no_time_that_is_said(talk: Conversation) -> None:
    rule(talk, blocked_days=frozenset(range(7)))
    screen = await say(talk, "hello")
    assert "When: no time yet" in text_of(screen)
    assert "The rules leave no time in the next 7 days" in text_of(screen)
    assert "/schedule" in await talk.pop_up(talk.manager, screen, "Schedule")


async def test_moving_a_queued_drop_is_read_back(talk: Conversation) -> None:
    screen = await say(talk, "hello")
    answer = await press(talk, screen, next(one for one in labels(screen) if one.startswith("Schedule ")), "Change")
    shown = await press(talk, answer, "When", "Calendar", "›", "15", "20", "20:35")
    assert re.search(r"15 \w{3} 20:35, in \d+ days\. Right\?", text_of(shown))
    before = only(talk).due_at
    await press(talk, shown, "Yes")
    assert only(talk).due_at != before
    assert only(talk).state == State.SCHEDULED
