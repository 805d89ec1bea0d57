"""Digests as people meet them in the sandbox: at their time, with a suggestion whose fate the next one reports."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.community import build_world
from storage.communities import create
from storage.digests import DELIVERY, Delivery, Every, PlanView, find_plan, set_plan
from storage.drops import State
from storage.facts import ChatSeen
from storage.store import Store
from storage.suggestions import untold
from tests.bot.conversation import Conversation, bot_in, buttons, text_of
from tests.digests.talking import EARLY, MONDAY, digest_in, fill, local, until
from tests.digests.weeks import Weeks
from tests.drops.making import GROUP, drops, editor, labels, press, say


async def test_a_suggestion_is_taken_up_and_the_next_digest_tells_how_it_went(talk: Conversation) -> None:
    weeks = fill(talk)
    for number in range(5):
        weeks.drop(local(-2 + 3 * number, 20, 30), f"Drop of week {number}: something else each time {number * 7}", 4)
    best = weeks.drop(local(3, 21), "Behind the scenes: the fawn sees the sea", 14, tags=("behind",))
    weeks.drop(local(-4, 20), "Behind the scenes: how parcels are packed", 12, tags=("behind",))
    weeks.drop(local(19, 20), "New arrivals on Friday", 9)
    weeks.join(local(18, 12), 1, writes=True)
    weeks.join(local(18, 13), 2, writes=True, answered=True)

    screen = await say(talk, "/digest weekly mon 09:00")
    assert "Every Mon at 09:00" in text_of(screen)
    assert "Next: today 09:00" in text_of(screen)
    await talk.press(talk.manager, screen, "To the group")
    await until(talk, MONDAY + timedelta(minutes=1))

    public = text_of(await digest_in(talk, talk.group.id, "Week 16"))
    assert "Week 16–22 Nov" in public
    assert "Welcome, Ann, Bob Marley" in public
    assert "New arrivals on Friday" in public
    assert "Growing: Deals" in public
    for secret in ("Suggestion", "unanswered", "Conversion"):
        assert secret not in public
    whole = await digest_in(talk, talk.manager, "Week 16")
    assert "photo" in whole.content
    text = text_of(whole)
    assert "New and still unanswered: Ann" in text
    assert "Bob Marley" not in text.split("unanswered")[1].splitlines()[0]
    assert f"post drop {best} “Behind the scenes" in text
    assert "#behind: answered" in text
    label = next(one for one in labels(whole) if one.startswith("Schedule"))

    popped = await talk.pop_up(talk.manager, whole, label)
    (made,) = drops(talk, State.SCHEDULED)
    assert f"Drop {made.number} is scheduled for" in popped
    assert made.content.text.startswith("Behind the scenes: the fawn")
    assert made.due_at is not None
    await talk._until(lambda: "Undo" in labels(whole))
    await until(talk, made.due_at + timedelta(minutes=2))
    posted = next(one for one in talk.group.messages.values() if "fawn sees" in text_of(one))
    for member in talk.members:
        talk.act("react", chat_id=talk.group.id, user_id=member, message_id=posted.id, emoji="🔥")

    await say(talk, "/digest daily 09:00")
    after = (made.due_at - MONDAY).days + 1
    await until(talk, MONDAY + timedelta(days=after, minutes=1))
    day = f"{MONDAY + timedelta(days=after - 1):%a %-d %b}"
    following = text_of(await digest_in(talk, talk.manager, day))
    assert f"Last time you scheduled drop {made.number} for {day[:3]}" in following
    assert re.search(r"^Active \d.* in the week$", following, re.MULTILINE)
    assert " a day" not in following  # it is one day
    assert f"{len(talk.members)} members answered" in following
    assert "against that hour's usual" in following
    next_one = f"{local(24 + after, 9):%Y-%m-%dT%H:%M}"
    assert talk.store.read_now(lambda session: untold(session, GROUP, next_one)) == []  # it is told once


async def test_pressed_twice_it_is_done_once_and_undone_it_can_be_done_again(talk: Conversation) -> None:
    fill(talk)
    digest = await say(talk, "/digest")
    assert "ask “What would you like to see here next?”" in text_of(digest)
    for _ in range(2):
        talk.tap(talk.manager, digest, "Schedule")
    await talk._until(lambda: "Undo" in labels(digest))
    key = next(data for label, data in buttons(digest) if label == "Undo")
    assert len(drops(talk, State.SCHEDULED)) == 1
    again = key.replace("undo", "take")
    talk.act("press", chat_id=talk.manager, user_id=talk.manager, message_id=digest.id, data=key)
    await talk._until(lambda: not drops(talk, State.SCHEDULED))
    await talk._until(lambda: any(one.startswith("Schedule") for one in labels(digest)))
    talk.act("press", chat_id=talk.manager, user_id=talk.manager, message_id=digest.id, data=again)
    await talk._until(lambda: drops(talk, State.SCHEDULED))
    assert len(drops(talk, State.SCHEDULED)) == 1


async def test_members_get_the_public_part_and_set_nothing(talk: Conversation) -> None:
    fill(talk).drop(local(19, 20), "New arrivals on Friday", 9)
    member = talk.members[0]
    asked = await talk.ask(member, "/digest")
    assert "Best drop" in text_of(asked)
    assert buttons(asked) == []
    assert "managers" in text_of(await talk.ask(member, "/digest weekly mon 09:00"))
    assert talk.store.read_now(lambda session: find_plan(session, GROUP)) is None
    answer = await talk.ask(talk.manager, "/digest 每周一 09:00")
    assert "Every Mon at 09:00" in text_of(answer)
    plan = talk.store.read_now(lambda session: find_plan(session, GROUP))
    assert plan is not None
    assert plan.to_group
    assert "I do not understand" in text_of(await talk.ask(talk.manager, "/digest whenever"))
    assert "No digest comes any more" in text_of(await talk.ask(talk.manager, "/digest off"))


async def test_an_editor_gets_none_in_private(talk: Conversation) -> None:
    person = await editor(talk)
    assert "managers" in text_of(await say(talk, "/digest", person))


async def test_the_screen_sets_when_and_to_whom(talk: Conversation) -> None:
    fill(talk, busy=False)
    digest = await say(talk, "/digest")
    screen = await talk.press(talk.manager, digest, "When and to whom")
    for label, words in (
        ("Daily", "Every day at 09:00"),
        ("18:00", "Every day at 18:00"),
        ("Weekly", "Every Mon at 18:00"),
        ("Fri", "Every Fri at 18:00"),
        ("To me", "nobody yet"),
        ("To the group", "To: the group"),
        ("Off", "It comes when you choose"),
    ):
        screen = await talk.press(talk.manager, screen, label)
        assert words in text_of(screen), label


async def test_a_manager_who_types_a_plan_in_private_gets_the_whole_and_may_decline_it(talk: Conversation) -> None:
    fill(talk, busy=False)
    member = talk.members[0]
    talk.act("promote", chat_id=talk.group.id, user_id=talk.manager, target_id=member)
    await talk.ask(member, "/start", member)
    names = [talk.world.user(one).first_name for one in (talk.manager, member)]
    assert names[1] not in text_of(await say(talk, "/digest weekly mon 09:00"))
    screen = await say(talk, "/digest daily 20:00", member)
    assert all(name in text_of(screen) for name in names)
    for label in ("✓ To me", "18:00"):
        screen = await talk.press(member, screen, label)
    assert "Every day at 18:00" in text_of(screen)
    assert names[1] not in text_of(screen)


async def test_off_and_on_again_the_group_still_gets_its_part(talk: Conversation) -> None:
    fill(talk, busy=False)
    screen = await say(talk, "/digest weekly fri 18:00")
    screen = await press(talk, screen, "To the group", "Off", "Weekly")
    assert "Every Fri at 18:00" in text_of(screen)
    assert "✓ To the group" in labels(screen)
    assert "✓ To me" in labels(screen)


async def test_what_is_no_plan_is_answered_with_the_way_to_the_settings(talk: Conversation) -> None:
    fill(talk, busy=False)
    asked = await say(talk, "/digest whenever")
    assert "I do not understand “whenever”; nothing was changed." in text_of(asked)
    assert "It comes when you choose" in text_of(await talk.press(talk.manager, asked, "When and to whom"))
    in_group = await talk.ask(talk.manager, "/digest whenever")
    assert buttons(in_group) == [("When and to whom", f"https://t.me/{talk.world.bot.username}?start=digest_{GROUP}")]
    assert "It comes when you choose" in text_of(await say(talk, f"/start digest_{GROUP}"))
    assert "managers" in text_of(await say(talk, f"/start digest_{GROUP}", await editor(talk)))


async def test_a_quiet_week_is_told_in_a_sentence(talk: Conversation) -> None:
    fill(talk, busy=False)
    digest = await say(talk, "/digest")
    assert "A quiet week: nobody wrote." in text_of(digest)
    assert "photo" not in digest.content
    assert len(text_of(digest).splitlines()) <= 4


async def test_missed_by_downtime_it_comes_late_and_never_twice(store: Store) -> None:
    ahead = timedelta(weeks=520)  # of the wall clock, so that the first look after a start does not wait for it
    world = build_world(3, True, EARLY + ahead)
    world.timeline.start_at((EARLY + ahead).timestamp())
    async with bot_in(world, store, default_timezone="Asia/Shanghai") as talk:
        await talk.ask(talk.manager, "/stats")
        await talk.ask(talk.manager, "/digest weekly mon 09:00")
        assert states(store) == []
    world.timeline.start_at((MONDAY + ahead + timedelta(days=1)).timestamp())
    for _start in range(2):
        async with bot_in(world, store, default_timezone="Asia/Shanghai") as talk:
            await talk._until(lambda: states(store) == [Delivery.SENT])
            await talk.silence(0.5)
            found = [one for one in world.chat(world.group_id).messages.values() if text_of(one).startswith("Week ")]
            assert len(found) == 1


async def test_a_group_whose_digest_cannot_be_made_holds_up_no_other(
    talk: Conversation, caplog: pytest.LogCaptureFixture
) -> None:
    fill(talk)
    since = int(EARLY.timestamp()) - 30 * 86_400
    other = ChatSeen(-1002000000009, "supergroup", "Damaged", False, since)
    damaged = talk.store.write_now(lambda session: create(session, other, since, "Asia/Shanghai"))
    Weeks(talk.store, other.chat_id, damaged).drop(local(22, 20), "Something that cannot be read any more", 1)
    spoil = f"UPDATE queued_drop SET content = '{{' WHERE community_id = {damaged}"
    talk.store.write_now(lambda session: session.connection().exec_driver_sql(spoil))
    early = PlanView(damaged, Every.DAY, 0, 8 * 60 + 45, True, EARLY)
    talk.store.write_now(lambda session: set_plan(session, early))
    await say(talk, "/digest weekly mon 09:00")
    await until(talk, MONDAY + timedelta(minutes=1))
    assert "Week 16–22 Nov" in text_of(await digest_in(talk, talk.manager, "Week 16"))
    assert "a digest could not be made" in caplog.text


async def test_a_database_that_fails_when_a_digest_is_due_is_asked_again_within_a_minute(talk: Conversation) -> None:
    fill(talk)
    await say(talk, "/digest weekly mon 09:00")
    rename = "ALTER TABLE {} RENAME TO {}".format
    talk.store.write_now(lambda session: session.connection().exec_driver_sql(rename("digest_plan", "gone")))
    await until(talk, MONDAY + timedelta(seconds=30))
    talk.store.write_now(lambda session: session.connection().exec_driver_sql(rename("gone", "digest_plan")))
    repaired = datetime.fromtimestamp(talk.world.clock(), UTC)  # time goes in steps: it may be past 9:01
    await until(talk, repaired + timedelta(minutes=2))
    assert "Week 16–22 Nov" in text_of(await digest_in(talk, talk.manager, "Week 16"))


def states(store: Store) -> list[Delivery]:
    """What became of the digests there were."""
    rows = store.read_now(lambda session: session.connection().execute(DELIVERY.select()).mappings().all())
    return [Delivery(row["state"]) for row in rows]
