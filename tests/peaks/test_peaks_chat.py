"""/peaks as people meet it in the sandbox: the week as a picture, why, by topic; and why on a drop's screen."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col

from sandbox.community import build_world
from storage.models import PollSpan, Topic
from storage.store import Store
from tests.bot.conversation import Conversation, bot_in, text_of
from tests.digests.talking import EARLY
from tests.digests.weeks import Weeks
from tests.drops.making import GROUP, labels, press, say

SINCE = datetime(2026, 10, 26)  # noqa: DTZ001 - a wall time


def fill(talk: Conversation) -> Weeks:
    """Four weeks of evenings, some of them in a topic."""
    span = PollSpan(start_at=datetime(2026, 10, 1, tzinfo=UTC), end_at=EARLY)
    talk.store.write_now(lambda session: session.add(span))
    weeks = Weeks(talk.store, talk.group.id, GROUP, topics={3: "Deals"})
    weeks.open(SINCE)
    weeks.live(SINCE, 28, 60, people=40)
    weeks.live(SINCE + timedelta(days=7), 21, 25, people=40, topic=3)
    return weeks


async def test_the_week_why_and_a_topic(talk: Conversation) -> None:
    fill(talk)
    shown = await talk.ask(talk.members[0], "/peaks")
    assert "photo" in shown.content
    said = text_of(shown)
    assert said.startswith("Best hours · next 7 days")
    assert ", about " in said
    assert "Next: " in said
    assert "A day’s best time usually has" in said
    assert "How good forecasts are is not known yet" in said
    assert labels(shown) == ["·Whole group·", "Deals", "Why?"]
    why = await talk.press(talk.members[0], shown, "Why?")
    assert "It rests on 4 weeks, and 4" in text_of(why)
    shown = await talk.press(talk.members[0], why, "Back")
    topic = await talk.press(talk.members[0], shown, "Deals")
    assert text_of(topic).startswith("Best hours · next 7 days · Deals")
    assert labels(topic)[:2] == ["Whole group", "·Deals·"]
    assert "in the topic then" in text_of(topic)


async def test_in_a_topic_it_opens_on_that_topics_week(talk: Conversation) -> None:
    weeks = fill(talk)
    place = {"chat_id": talk.group.id, "user_id": talk.manager}
    thread = talk.act("open_topic", **place, name="新品预告与试穿实录")["thread_id"]
    weeks.live(SINCE + timedelta(days=7), 21, 25, people=40, topic=thread)
    shown = await talk.ask(talk.members[0], "/peaks", thread_id=thread)
    assert text_of(shown).startswith("Best hours · next 7 days · 新品预告与试穿实录")
    assert "in the topic then" in text_of(shown)
    assert labels(shown) == ["Whole group", "Deals", "·新品预告与试穿…·", "Why?"]
    group = await talk.press(talk.members[0], shown, "Whole group")
    assert text_of(group).splitlines()[0] == "Best hours · next 7 days"
    talk.act("close_topic", **place, thread_id=thread)
    shown = await talk.ask(talk.manager, "/peaks", thread_id=thread)  # a closed one has a button only there
    assert labels(shown) == ["Whole group", "Deals", "·新品预告与试穿…·", "Why?"]
    shown = await talk.ask(talk.manager, "/peaks")
    assert labels(shown) == ["·Whole group·", "Deals", "Why?"]


async def test_a_topic_older_than_the_bot_goes_by_its_number(talk: Conversation) -> None:
    fill(talk)
    thread = talk.act("open_topic", chat_id=talk.group.id, user_id=talk.manager, name="Old")["thread_id"]
    await talk.ask(talk.manager, "/stats", thread_id=thread)
    talk.store.write_now(lambda session: session.execute(delete(Topic).where(col(Topic.topic_id) == thread)))
    shown = await talk.ask(talk.members[0], "/peaks", thread_id=thread)
    assert text_of(shown).startswith(f"Best hours · next 7 days · topic {thread}")
    assert labels(shown)[:3] == ["Whole group", "Deals", f"·topic {thread}·"]


async def test_a_time_far_ahead_has_no_figure(talk: Conversation) -> None:
    fill(talk)
    await press(talk, await say(talk, "Something new"), "When", "Type a time")
    near = await say(talk, "2027-01-17 20:30")
    assert re.search(r"bout \d+ (person|people) then", text_of(near))
    far = await say(talk, "2027-01-19 20:30")
    assert text_of(far) == "Tue 19 Jan 2027 20:30, in 57 days. Right?"
    screen = await press(talk, far, "Yes")
    assert "When: Tue 19 Jan 2027 20:30\n" in text_of(screen)
    why = text_of(await press(talk, screen, "When", "Why this time?"))
    assert "It is more than 8 weeks ahead: too far for an honest figure." in why
    assert "four times of five" not in why


async def test_with_nothing_seen_it_says_that_it_is_a_guess(talk: Conversation) -> None:
    said = text_of(await talk.ask(talk.manager, "/peaks", talk.manager))
    assert "may be best" in said
    assert "Nothing was seen here yet: this is the usual day of Shanghai time" in said


async def test_a_drop_says_why_its_time_was_chosen(talk: Conversation) -> None:
    fill(talk)
    screen = await say(talk, "Something new")
    assert "the peak: about" in text_of(screen) or "to learn: about" in text_of(screen)
    assert "; usual best" in text_of(screen)
    when = await press(talk, screen, "When")
    assert sum(" · " in label for label in labels(when)) == 3  # the next candidates, with their figures
    why = await press(talk, when, "Why this time?")
    assert text_of(why).startswith("Why ")
    assert "four times of five it is" in text_of(why)
    assert "members of the last four weeks" in text_of(why)


async def test_a_drop_in_a_topic_says_whose_hours_and_whose_people_are_meant(talk: Conversation) -> None:
    weeks = fill(talk)
    weeks.topics |= {4: "News"}
    weeks.open(SINCE)
    screen = await say(talk, "Something new")
    screen = await press(talk, screen, "Where", "Deals")
    assert re.search(r"about \d+ (person|people) in the topic then", text_of(screen)), text_of(screen)
    when = await press(talk, screen, "When")
    assert "people expected in the topic in the two hours after it" in text_of(when)
    why = text_of(await press(talk, when, "Why this time?"))
    assert "Expected in the topic in the two hours after it: about " in why
    assert "These are the topic’s own hours." in why
    screen = await press(talk, when, "Back", "Back", "Where", "News")
    assert "the peak as far as is known" in text_of(screen)
    why = text_of(await press(talk, screen, "When", "Why this time?"))
    assert "Nothing was seen in this topic yet: these are the hours of the whole group" in why


async def test_answers_to_earlier_drops_count_and_say_how_far(talk: Conversation) -> None:
    weeks = fill(talk)
    for day in range(0, 26):
        hour, answers = ((21, 12), (12, 1))[day % 2]
        weeks.drop(SINCE + timedelta(days=day, hours=hour), f"Drop of day {day}: something else each time", answers)
    shown = await talk.ask(talk.manager, "/peaks")
    why = text_of(await talk.press(talk.manager, shown, "Why?")).replace("\xa0", " ")
    said = re.search(r"People answer drops at this hour (\d+) % more than usual: 13 drops, believed to (\d+) %", why)
    assert said is not None, why
    assert int(said[1]) > 30
    assert 50 < int(said[2]) < 100


async def test_why_names_the_holiday(store: Store) -> None:
    now = datetime(2026, 9, 30, 0, 30, tzinfo=UTC)  # the day before National Day
    world = build_world(3, True, now)
    world.timeline.start_at(now.timestamp())
    async with bot_in(world, store, default_timezone="Asia/Shanghai") as talk:
        await talk.ask(talk.manager, "/stats")
        weeks, since = Weeks(store, talk.group.id, GROUP), datetime(2026, 8, 3)  # noqa: DTZ001 - a wall time
        weeks.open(since)
        span = PollSpan(start_at=datetime(2026, 8, 1, tzinfo=UTC), end_at=now)
        store.write_now(lambda session: session.add(span))
        for day in range(56):
            weeks.live(since + timedelta(days=day), 1, 60 if day % 7 > 4 else 10, people=40)
        shown = await talk.ask(talk.members[0], "/peaks")
        assert text_of(shown).splitlines()[1].startswith("Tomorrow ")  # a Thursday, but as busy as a Sunday
        why = text_of(await talk.press(talk.members[0], shown, "Why?"))
        assert "Thu 1 Oct is a public holiday (National Day): reckoned as a Sunday." in why
