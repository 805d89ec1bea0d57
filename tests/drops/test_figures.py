"""What drops did: every answer is tied to its drop, counted once, whatever way it came and in whatever order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from peakdrop.drop_figures import DropFigures, DropReport, DropsReport, drops_json, report_drop, report_drops
from peakdrop.windows import parse_window
from storage.communities import find_community
from storage.drop_content import Content, DropButton, PollContent
from storage.drop_deeds import Deed, count_deeds, note_deed, toggle_like
from storage.erasure import forget
from storage.facts import Facts, PollCount
from storage.kinds import Actor, Flag, Kind, Standing
from storage.privacy import set_opt_out
from storage.store import Store
from storage.times import to_epoch
from tests import facts
from tests.drops.conftest import CHAT, NOW, ZONE
from tests.drops.posting import post

ANN, BEA, CAI, DAN = 5_000_000_001, 5_000_000_002, 5_000_000_003, 5_000_000_004
SENT = NOW - timedelta(days=8)
AT = to_epoch(SENT)
HOUR = 3600
LIKE, SHARE = DropButton("like"), DropButton("share")
CHANNEL = -1003000000001


def answer(message_id: int, ref: int, *, at: int, flags: int = int(Flag.REPLY), **more: Any) -> Facts:
    """A message that answers another."""
    told = facts.message(message_id, chat_id=CHAT, at=at, flags=flags, **more)
    told.interactions[0] = told.interactions[0]._replace(ref=ref)
    return told


def react(message_id: int, member_id: int, *, at: int, **more: Any) -> Facts:
    return facts.reaction(message_id, chat_id=CHAT, member_id=member_id, at=at, nonce=at * 10 + member_id % 10, **more)


class Desk:
    """A group with drops and what members do with them."""

    def __init__(self, store: Store, community: int) -> None:
        self.store = store
        self.community = community

    def post(self, at: datetime, *messages: int, **more: Any) -> int:
        return post(self.store, self.community, at, *messages, **more)

    def put(self, *batches: Facts) -> None:
        facts.put(self.store, *batches)

    def report(self, number: int, now: datetime = NOW) -> DropReport:
        def reading(session: Any) -> DropReport | None:
            community = find_community(session, CHAT)
            assert community is not None
            return report_drop(session, community, number, ZONE, now=now)

        found = self.store.read_now(reading)
        assert found is not None
        return found

    def sent(self, number: int, now: datetime = NOW) -> DropFigures:
        found = self.report(number, now).sent
        assert found is not None
        return found

    def ranked(self, word: str = "30d") -> DropsReport:
        window = parse_window(word, ZONE, NOW)
        assert window is not None
        return self.store.read_now(lambda session: report_drops(session, self.community, window))

    def like(self, number: int, member_id: int, at: datetime) -> bool | None:
        return self.store.write_now(lambda session: toggle_like(session, self.community, number, member_id, at))


@pytest.fixture
def desk(any_store: Store, community: int) -> Desk:
    return Desk(any_store, community)


def test_named_reactions_and_anonymous_totals_are_never_added_twice(desk: Desk) -> None:
    number = desk.post(SENT, 10)
    desk.put(react(10, ANN, at=AT + 60), react(10, BEA, at=AT + 70), react(10, ANN, at=AT + 80, added=False))
    assert desk.sent(number).figures.reactions == 1
    # Telegram counts five as of then: one is named, four are not.
    desk.put(facts.total(10, 5, chat_id=CHAT, as_of=AT + 90))
    found = desk.sent(number).figures
    assert (found.reactions, found.members) == (5, 1)
    desk.put(react(10, CAI, at=AT + 100))
    assert desk.sent(number).figures.reactions == 6


def test_a_thread_belongs_to_its_drop_to_the_last_reply(desk: Desk) -> None:
    first, second = desk.post(SENT, 10, 11), desk.post(SENT + timedelta(hours=3), 20)
    desk.put(
        # The deepest comes first: the order in which they are told does not matter.
        answer(14, 13, at=AT + 300, member_id=CAI),
        answer(12, 11, at=AT + 100, member_id=ANN),
        answer(13, 12, at=AT + 200, member_id=BEA),
        answer(21, 20, at=AT + 4 * HOUR, member_id=ANN),
        answer(15, 9, at=AT + 400, member_id=ANN),  # to a message that is no drop's
        answer(16, 10, at=AT + 500, member_id=DAN, kind=Kind.COMMAND),  # a command is no answer,
        answer(17, 16, at=AT + 600, member_id=ANN),  # but what answers it is in the thread
        answer(18, 10, at=AT + 700, member_id=77, actor=Actor.BOT),
        facts.message(19, chat_id=CHAT, at=AT + 800),
    )
    assert desk.sent(first).figures.replies == 4
    assert desk.sent(first).figures.members == 3
    assert desk.sent(second).figures.replies == 1


def test_replies_that_came_before_the_drop_was_recorded_count(desk: Desk) -> None:
    desk.put(answer(12, 10, at=AT + 1), react(10, BEA, at=AT + 2))
    number = desk.post(SENT, 10)
    assert desk.sent(number).figures.answers == 2


def test_what_replies_to_a_topic_itself_is_no_answer(desk: Desk) -> None:
    number = desk.post(SENT, 10)
    # In a topic each message names the topic's first one, without being a reply.
    desk.put(answer(12, 10, at=AT + 1, flags=int(Flag.TOPIC), thread_id=10))
    assert desk.sent(number).figures.replies == 0


def test_comments_under_the_forward_of_a_channels_drop(desk: Desk) -> None:
    number = desk.post(SENT, 5, chat_id=CHANNEL)
    post_flags, comment = int(Flag.AUTO_FORWARD), int(Flag.REPLY | Flag.COMMENT)
    in_channel = facts.message(5, chat_id=CHANNEL, at=AT, actor=Actor.CHANNEL, member_id=CHANNEL)
    in_channel.chats = [facts.chat(CHANNEL, kind="channel", title="小鹿频道", at=AT)]
    forwarded = answer(30, 5, at=AT + 1, flags=post_flags, actor=Actor.CHANNEL, member_id=CHANNEL)
    forwarded.members = []
    desk.put(
        in_channel,
        forwarded,
        answer(31, 30, at=AT + 60, flags=comment, member_id=ANN),
        answer(32, 31, at=AT + 90, member_id=BEA),
        answer(33, 5, at=AT + 95, member_id=CAI),  # the group's own message 5 is another one
        react(30, CAI, at=AT + 99),
        facts.reaction(5, chat_id=CHANNEL, member_id=DAN, at=AT + 99),
    )
    found = desk.sent(number).figures
    assert (found.replies, found.comments, found.reactions, found.members) == (0, 2, 2, 4)


def test_a_like_is_once_a_person_and_taken_back_by_a_second_press(desk: Desk) -> None:
    number = desk.post(SENT, 10, buttons=(LIKE, SHARE))
    assert desk.like(number, ANN, SENT) is True
    assert desk.like(number, BEA, SENT) is True
    assert desk.like(number, BEA, SENT) is False
    for _ in range(2):
        desk.store.write_now(lambda session: note_deed(session, desk.community, number, Deed.SHARE, CAI, SENT))
    found = desk.sent(number).figures
    assert (found.likes, found.shares, found.members) == (1, 1, 2)
    assert desk.store.read_now(lambda session: count_deeds(session, desk.community, number, Deed.LIKE)) == 1


def test_whoever_is_not_recorded_leaves_no_like(desk: Desk) -> None:
    number = desk.post(SENT, 10, buttons=(LIKE,))
    desk.store.write_now(lambda session: set_opt_out(session, ANN, True))
    assert desk.like(number, ANN, SENT) is None
    assert desk.sent(number).figures.likes == 0


def test_votes_are_one_a_voter_and_anonymous_ones_telegrams_count(desk: Desk) -> None:
    poll = Content(poll=PollContent("哪个封面？", ("A", "B"), is_anonymous=False))
    named, secret = desk.post(SENT, 10, content=poll), desk.post(SENT, 20, content=poll)
    for poll_id, message_id in ((7, 10), (8, 20)):
        desk.put(facts.poll(poll_id, message_id, chat_id=CHAT, at=AT))
    votes = [(ANN, 1, 1), (BEA, 2, 2), (ANN, 3, 0), (ANN, 4, 2), (CAI, 5, 1), (CAI, 6, 0)]
    desk.put(*(facts.vote(7, member_id=who, at=AT + n, nonce=n, options=options) for who, n, options in votes))
    desk.put(Facts(poll_counts=[PollCount(7, 2, AT + 9), PollCount(8, 9, AT + 9), PollCount(8, 6, AT + 5)]))
    assert desk.sent(named).figures.votes == 2
    assert desk.sent(named).figures.members == 2
    assert desk.sent(secret).figures.votes == 9
    assert desk.sent(secret).figures.members is None
    assert desk.sent(desk.post(SENT, 30)).figures.votes is None


def test_figures_at_ages_and_those_still_to_come(desk: Desk) -> None:
    number = desk.post(NOW - timedelta(hours=30), 10)
    start = to_epoch(NOW) - 30 * HOUR
    for n, hours in enumerate((0, 2, 7, 20, 25)):
        desk.put(answer(20 + n, 10, at=start + hours * HOUR, member_id=ANN + n))
    ages = desk.report(number).ages
    assert [one and one.answers for _, one in ages] == [1, 2, 4, None, None]
    assert desk.sent(number).figures.answers == 5
    assert desk.sent(number).curve.at(7 * HOUR) == 3


def test_the_usual_drop_is_the_median_of_three_or_more(desk: Desk) -> None:
    number = desk.post(NOW - timedelta(hours=3), 10)
    for n, likes in enumerate((1, 2, 9)):
        assert desk.report(number).usual is None
        other = desk.post(NOW - timedelta(days=2 + n), 100 + n, buttons=(LIKE,))
        for person in range(likes):
            desk.like(other, ANN + person, NOW - timedelta(days=2 + n) + timedelta(minutes=90))
    report = desk.report(number)
    assert report.usual_from == 3
    assert report.usual is not None
    assert [dict(report.usual)[hours * HOUR] for hours in (0, 1, 2, 3)] == [0, 0, 2, 2]


def test_where_the_bot_is_no_admin_reactions_are_unknown(desk: Desk) -> None:
    number = desk.post(SENT, 10)
    desk.put(facts.bot_standing(Standing.MEMBER, chat_id=CHAT, at=AT))
    assert desk.sent(number).figures.reactions is None
    desk.put(facts.bot_standing(Standing.ADMIN, chat_id=CHAT, at=AT + 1))
    assert desk.sent(number).figures.reactions == 0


def test_drops_of_a_window_ranked_with_medians(desk: Desk) -> None:
    quiet, loud, middle = desk.post(SENT, 10), desk.post(SENT, 20), desk.post(SENT, 30)
    desk.post(NOW - timedelta(days=60), 5)
    for n in range(5):
        desk.put(answer(100 + n, 20, at=AT + n, member_id=ANN + n))
    desk.put(answer(200, 30, at=AT, member_id=ANN), answer(201, 30, at=AT, member_id=ANN))
    report = desk.ranked()
    assert [one.drop.number for one in report.drops] == [loud, middle, quiet]
    assert (report.median_answers, report.median_members) == (2, 1)
    told = drops_json(report)
    assert [one["answers"] for one in told["drops"]] == [5, 2, 0]
    assert told["drops"][0]["votes"] is None
    assert told["drops"][0]["sent_at"] == "2026-11-16T12:00:00+08:00"
    assert desk.ranked("today").drops == ()
    assert desk.ranked("today").median_answers is None


def test_a_draft_and_a_number_that_is_not_there(desk: Desk) -> None:
    number = desk.post(SENT, 10)
    missing = desk.store.read_now(
        lambda session: report_drop(session, find_community(session, CHAT), 99, ZONE, now=NOW)  # type: ignore[arg-type]
    )
    assert missing is None
    assert desk.report(number).sent is not None


def test_a_forgotten_member_leaves_the_figures(desk: Desk) -> None:
    number = desk.post(SENT, 10, buttons=(LIKE,))
    desk.put(answer(12, 10, at=AT + 1, member_id=ANN), react(10, ANN, at=AT + 2), react(10, BEA, at=AT + 2))
    desk.like(number, ANN, SENT)
    desk.store.write_now(lambda session: forget(session, ANN, datetime(2026, 11, 25, tzinfo=UTC)))
    found = desk.sent(number).figures
    assert (found.reactions, found.likes, found.replies, found.members) == (1, 0, 0, 1)
