"""What the screen of a drop shows and changes, in either database."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from peakdrop import composing, drops, prospects
from peakdrop.composing import Asked, Attempt
from peakdrop.contents import (
    add_part,
    check_content,
    for_channel,
    new_words,
    read_link,
    read_tags,
    switch_button,
    without_link,
)
from peakdrop.drops import Actor, Outcome
from peakdrop.offers import ends_before
from storage.communities import create, get_community
from storage.composing import end_composing, get_composing, set_composing
from storage.drop_content import Content, DropButton, Piece, PollContent, Repeat
from storage.drops import DropView, State, Timing, find_drop
from storage.facts import ChatSeen, TopicSeen
from storage.people import get_person
from storage.posting_rules import Rules, set_rules
from storage.store import Store
from storage.topics import note_topics, open_topics
from tests.drops.conftest import NOW, ZONE

LIN = Actor(1, is_manager=True)
MIA = Actor(2, is_manager=False)
PHOTO = Content("sea", pieces=(Piece("photo", "AgAC", "AQ1"),))


def draft(store: Store, community: int, by: Actor = LIN) -> DropView:
    """A new draft."""
    return store.write_now(lambda session: composing.begin_draft(session, community, by, PHOTO, 0, NOW))


def again(store: Store, drop: DropView) -> DropView:
    """The drop as it stands now."""
    found = store.read_now(lambda session: find_drop(session, drop.community_id, drop.number))
    assert found is not None
    return found


def repeat(store: Store, drop: DropView, wanted: Repeat | None) -> DropView:
    """Let it come again."""
    done = store.write_now(lambda session: composing.set_repeat(session, drop, LIN, wanted, ZONE, NOW))
    assert done.outcome is Outcome.DONE
    return again(store, drop)


def at(store: Store, drop: DropView, local: datetime | None) -> DropView:
    """Give it a time."""
    store.write_now(lambda session: composing.set_time(session, drop, LIN, local, ZONE, NOW))
    return again(store, drop)


def test_what_someone_is_at_is_kept(any_store: Store, community: int) -> None:
    any_store.write_now(lambda s: set_composing(s, 7, community, 1, now=NOW, awaits="time", screen_id=5))
    any_store.write_now(lambda s: set_composing(s, 7, community, 2, now=NOW))
    found = any_store.read_now(lambda s: get_composing(s, 7))
    assert found is not None
    assert (found.number, found.awaits, found.screen_id) == (2, None, None)
    any_store.write_now(lambda s: end_composing(s, 7))
    assert any_store.read_now(lambda s: get_composing(s, 7)) is None


def test_a_weekly_drop_begins_on_the_first_day_that_fits(any_store: Store, community: int) -> None:
    drop = at(any_store, draft(any_store, community), datetime(2026, 11, 25, 20, 0))  # a Wednesday
    drop = repeat(any_store, drop, Repeat(date(2026, 11, 24), (0, 4)))
    assert drop.local_time == "2026-11-27T20:00"
    assert drop.repeat == Repeat(date(2026, 11, 25), (0, 4), at="20:00")
    drop = at(any_store, drop, datetime(2026, 11, 28, 9, 30))  # a Saturday: its time of day counts, Monday is next
    assert drop.local_time == "2026-11-30T09:30"
    drop = at(any_store, drop, None)
    assert drop.timing == Timing.PEAK
    assert drop.occurrence == "2026-11-27"
    drop = repeat(any_store, drop, None)
    assert (drop.repeat, drop.occurrence) == (None, None)


def test_the_first_peak_of_a_series_is_on_one_of_its_days(any_store: Store, community: int) -> None:
    drop = repeat(any_store, draft(any_store, community), Repeat(date(2026, 11, 24), (5,)))
    asked = Asked("202611282000", is_sure=False)
    view = any_store.read_now(lambda s: get_community(s, community))
    assert view is not None
    attempt, prospect = any_store.write_now(lambda s: composing.try_confirm(s, drop, LIN, view, ZONE, NOW, asked))
    assert attempt is Attempt.DONE
    assert prospect.at_local == datetime(2026, 11, 28, 20, 0)
    assert again(any_store, drop).occurrence == "2026-11-28"


def test_a_series_that_would_never_come_is_refused(any_store: Store, community: int) -> None:
    drop = draft(any_store, community)
    past = Repeat(date(2026, 11, 24), until=date(2026, 11, 1))
    done = any_store.write_now(lambda s: composing.set_repeat(s, drop, LIN, past, ZONE, NOW))
    assert done.outcome is Outcome.NO_PEAK
    assert again(any_store, drop).repeat is None


def test_posting_a_series_now_begins_it(any_store: Store, community: int) -> None:
    drop = repeat(any_store, draft(any_store, community), Repeat(date(2026, 11, 24)))
    view = any_store.read_now(lambda s: get_community(s, community))
    assert view is not None
    prospect = any_store.read_now(lambda s: prospects.look_now(s, drop, view, ZONE, NOW))
    any_store.write_now(lambda s: composing.post_at_once(s, prospect, LIN, ZONE, NOW))
    drop = again(any_store, drop)
    assert (drop.state, drop.due_at, drop.series, drop.occurrence) == (State.SCHEDULED, NOW, 1, "2026-11-24")


def test_an_editors_change_takes_a_proposal_back(any_store: Store, community: int) -> None:
    any_store.write_now(lambda s: set_rules(s, community, needs_approval=True))
    drop = draft(any_store, community, MIA)
    any_store.write_now(lambda s: drops.confirm_drop(s, community, 1, MIA, ZONE, now=NOW))
    drop = again(any_store, drop)
    assert drop.state == State.PROPOSED
    assert composing.may_edit(drop, MIA, Rules(needs_approval=True))
    any_store.write_now(lambda s: composing.set_time(s, drop, MIA, datetime(2026, 11, 26, 9, 0), ZONE, NOW))
    assert again(any_store, drop).state == State.DRAFT
    any_store.write_now(lambda s: drops.confirm_drop(s, community, 1, LIN, ZONE, now=NOW))
    assert not composing.may_edit(again(any_store, drop), MIA, Rules(needs_approval=True))
    assert not composing.may_edit(draft(any_store, community, LIN), MIA, Rules())  # another's


def test_undo_is_for_managers_and_for_ones_own(any_store: Store, community: int) -> None:
    drop = draft(any_store, community)
    any_store.write_now(lambda s: drops.confirm_drop(s, community, 1, LIN, ZONE, now=NOW))
    any_store.write_now(lambda s: drops.cancel_drop(s, community, 1, LIN, now=NOW))
    any_store.write_now(lambda s: composing.undo_cancel(s, community, 1, MIA, NOW))
    assert again(any_store, drop).state == State.CANCELLED
    any_store.write_now(lambda s: composing.undo_cancel(s, community, 1, LIN, NOW))
    assert again(any_store, drop).state == State.DRAFT


def test_a_draft_moves_to_another_group_with_all_it_holds(any_store: Store, community: int) -> None:
    seen = ChatSeen(-1002000000002, "supergroup", "Second home", False, int(NOW.timestamp()))
    other = any_store.write_now(lambda s: create(s, seen, seen.at, ZONE))
    drop = draft(any_store, community)
    any_store.write_now(lambda s: composing.change(s, drop, LIN, NOW, tags=("bags",), thread_id=9, pin=True))
    moved = any_store.write_now(lambda s: composing.move_to(s, again(any_store, drop), other, LIN, NOW))
    assert moved is not None
    assert (moved.community_id, moved.number, moved.tags, moved.pin, moved.thread_id) == (other, 1, ("bags",), True, 0)
    assert any_store.read_now(lambda s: find_drop(s, community, 1)) is None
    assert any_store.read_now(lambda s: get_person(s, LIN.person_id)).community_id == other


def test_tags_and_campaigns_of_late_are_offered(any_store: Store, community: int) -> None:
    for tags in (("bags",), ("bags", "sale")):
        drop = draft(any_store, community)
        values: dict[str, Any] = {"tags": tags, "campaign": "Autumn", "state": State.SCHEDULED}
        any_store.write_now(partial(composing.change, drop=drop, by=LIN, now=NOW, **values))
    drop = draft(any_store, community)
    known = any_store.read_now(lambda s: prospects.known_tags(s, drop, ZONE, NOW))
    assert list(known.values()) == ["bags", "sale"]
    assert any_store.read_now(lambda s: prospects.known_campaigns(s, drop, ZONE, NOW)) == ["Autumn"]


def test_closed_topics_are_not_offered(any_store: Store, community: int) -> None:
    at_ = int(NOW.timestamp())
    named = [TopicSeen(-1, 5, "Deals", False, at_), TopicSeen(-1, 6, "Old", False, at_)]
    seen = [*named, TopicSeen(-1, 6, None, True, at_ + 1)]
    any_store.write_now(lambda s: note_topics(s, community, seen))
    assert any_store.read_now(lambda s: open_topics(s, community)) == {5: "Deals"}


@pytest.mark.parametrize(
    ("text", "label", "url"),
    [
        ("Shop | https://shop.example/a", "Shop", "https://shop.example/a"),
        ("去看看 https://shop.example", "去看看", "https://shop.example"),
        ("https://shop.example", "", "https://shop.example"),
        ("频道｜t.me/deer", "频道", "https://t.me/deer"),
        ("看完整版 bilibili.com/video/BV1?p=2", "看完整版", "https://bilibili.com/video/BV1?p=2"),
        ("shop.example", "", "https://shop.example"),
    ],
)
def test_links_as_people_type_them(text: str, label: str, url: str) -> None:
    assert read_link(text) == DropButton("link", label, url)


def test_what_is_no_link_or_no_tag() -> None:
    assert read_link("our shop") is None
    assert read_link("https://localhost") is None
    assert read_link("see you at 20.30") is None
    assert read_tags("#bags #sale") == ("bags", "sale")
    assert read_tags("秋季 新包，促销") == ("秋季 新包", "促销")
    assert read_tags("  ") == ()


def test_content_in_parts_and_in_new_words() -> None:
    part = Content("Ten bags", pieces=(Piece("photo", "B", "b"),))
    whole = add_part(Content(pieces=PHOTO.pieces), part)
    assert (whole.kind, whole.text) == ("album", "Ten bags")
    assert new_words(whole, Content("Nine")).pieces == whole.pieces
    assert new_words(Content("hello"), Content("Nine")) == Content("Nine")
    poll = Content(poll=PollContent("When?", ("a", "b"), is_anonymous=False))
    assert for_channel(poll) == Content(poll=PollContent("When?", ("a", "b")))
    assert for_channel(PHOTO) is PHOTO
    sticker = Content(pieces=(Piece("sticker", "C"),))
    assert new_words(sticker, Content("Nine")) == Content("Nine")
    assert check_content(Content("🦌" * 2048)) is None
    refusal = check_content(Content("🦌" * 2049))
    assert refusal is not None
    assert (refusal.length, refusal.limit) == (4098, 4096)


def test_buttons_are_switched_and_links_taken_away() -> None:
    link = DropButton("link", "Shop", "https://shop.example")
    buttons = switch_button(switch_button((link,), "share"), "like")
    assert buttons == (DropButton("like"), DropButton("share"), link)
    assert without_link(switch_button(buttons, "like"), 0) == (DropButton("share"),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("全场半价，11月26日截止", "11月26日截止"),
        ("优惠截止：2026年11月26日", "截止：2026年11月26日"),
        ("Half price until 26 Nov, all bags", "until 26 Nov"),
        ("Sale ends Nov 26th", "ends Nov 26th"),
        ("valid through 2026-11-26", "valid through 2026-11-26"),
        ("until Thursday, 26 November", "until Thursday, 26 November"),
        ("11月27日截止", ""),
        ("until tomorrow", ""),
        ("we met on 26 Nov", ""),
        ("until 31 Feb", ""),
    ],
)
def test_offers_that_end_before_the_drop_goes_out(text: str, words: str) -> None:
    today = NOW.date()
    assert ends_before(text, today + timedelta(days=3), today) == words
