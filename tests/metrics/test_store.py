from __future__ import annotations

import itertools
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from peakdrop.metrics.imports import MetricsReport, Outcome, import_metrics
from peakdrop.metrics.reports import VideosReport, community_rates, measure_rates, report_videos, videos_json
from peakdrop.rates import Rate
from peakdrop.windows import parse_window
from storage.store import Store
from storage.video_models import BuyerDay, FollowerSnapshot, Video, VideoSnapshot
from tests.metrics.samples import (
    FOUR_ROWS,
    NOW,
    SHOPIFY,
    TIKTOK,
    TIKTOK_FOLLOWERS,
    YOUTUBE,
    ZONE,
    douyin,
    read,
    xiaohongshu,
)

EVERYTHING = datetime(2020, 1, 1, tzinfo=UTC)


def take(
    store: Store, content: str | bytes, *, community: int = 1, now: datetime = NOW, skip_bad: bool = False
) -> MetricsReport:
    file = read(content, now=now)
    return store.write_now(lambda session: import_metrics(session, community, file, skip_bad=skip_bad, now=now))


def rates(store: Store, start: str, end: str) -> tuple[Rate, Rate]:
    first, last = (datetime.fromisoformat(f"{day}T00:00:00+08:00") for day in (start, end))
    return store.read_now(lambda session: community_rates(session, 1, first, last, ZONE))


def videos(store: Store, window: str = "30d", community: int = 1) -> VideosReport:
    asked = parse_window(window, ZONE, NOW)
    assert asked is not None
    return store.read_now(lambda session: report_videos(session, community, asked))


def content_of(store: Store, community: int = 1) -> list[object]:
    """All stored figures of a community, as plain tuples."""

    def rows(session: Session) -> list[object]:
        found: list[object] = []
        for table in (Video, VideoSnapshot, FollowerSnapshot, BuyerDay):
            for row in session.exec(select(table).where(table.community_id == community)):
                values = row.model_dump(exclude={"community_id"})
                found.append((table.__name__, *sorted((name, str(value)) for name, value in values.items())))
        return sorted(found, key=str)

    return store.read_now(rows)


def test_the_four_rows_of_our_source(store: Store) -> None:
    take(store, FOUR_ROWS)
    report = videos(store)
    assert [one.video for one in report.videos] == ["D", "C", "B", "A"]
    assert [round(one.engagement.value or 0, 4) for one in report.videos] == [0.7083, 0.68, 0.6375, 0.5667]
    assert [round(one.conversion.value or 0, 4) for one in report.videos] == [0.044, 0.045, 0.0467, 0.05]
    assert report.rates.engagement == Rate(1190, 1800)
    assert report.rates.conversion == Rate(320, 2500)  # followers once per platform


def test_videos_as_json_follow_the_contract(store: Store) -> None:
    take(store, FOUR_ROWS)
    take(store, YOUTUBE)
    take(store, xiaohongshu())
    rows = json.loads(json.dumps(videos_json(videos(store))))["videos"]
    found = {(row["platform"], row["video"]): row for row in rows}
    assert found["douyin", "A"] == {
        "platform": "douyin", "video": "A", "date": "2026-11-20", "watch_seconds": 300, "likes": 100, "comments": 50,
        "shares": 20, "followers": 1000, "buyers": 50, "engagement": pytest.approx(0.5667, abs=5e-5),
        "conversion": 0.05,
    }  # fmt: skip
    assert found["youtube", "-bcdefghijk"]["buyers"] is None
    assert found["youtube", "cdefghijklm"]["engagement"] is None
    assert found["xiaohongshu", "同名"]["date"] == "2026-11-24"


@pytest.mark.parametrize("content", [FOUR_ROWS, YOUTUBE, TIKTOK, TIKTOK_FOLLOWERS, SHOPIFY, douyin(), xiaohongshu()])
def test_the_same_file_twice_changes_nothing(store: Store, content: str | bytes) -> None:
    assert take(store, content).outcome is Outcome.STORED
    before = content_of(store)
    assert before
    again = take(store, content, now=NOW + timedelta(days=3))
    assert again.outcome is Outcome.ALREADY_STORED
    assert again.imported_at == NOW
    assert content_of(store) == before


def test_a_bad_row_keeps_the_whole_file_out_unless_skipped(store: Store) -> None:
    content = FOUR_ROWS + "E,抖音,2026-11-23,600,-1,1,1,1,1\n"
    refused = take(store, content)
    assert (refused.outcome, refused.skipped) == (Outcome.BAD_ROWS, 1)
    assert [bad.line for bad in refused.bad_rows] == [6]
    assert not content_of(store)
    taken = take(store, content, skip_bad=True)
    assert (taken.outcome, taken.videos, taken.skipped) == (Outcome.STORED, 4, 1)
    assert len(videos(store).videos) == 4


def test_a_window_is_the_difference_of_its_ends(store: Store) -> None:
    head = "视频,平台,日期,观看时长,点赞数,评论数,分享数,关注人数,购买人数\n"
    take(store, head + "A,抖音,2026-11-01,1000,100,10,10,500,5\nB,抖音,2026-11-01,100,1,1,1,500,1\n")
    take(store, head + "A,抖音,2026-11-10,3000,300,30,30,800,25\n")
    engaged, bought = rates(store, "2026-11-05", "2026-11-12")
    assert engaged == Rate(240, 2000)  # B, without a new snapshot, gained nothing
    assert bought == Rate(20, 800)
    assert rates(store, "2026-11-02", "2026-11-10")[0].value is None  # the end is exclusive
    assert rates(store, "2026-10-20", "2026-11-12")[0] == Rate(363, 3100)  # no earlier import: since publication


def test_windows_side_by_side_add_up(store: Store) -> None:
    head = "视频,平台,日期,观看时长,点赞数,评论数,分享数\n"
    for day, watch, likes in ((3, 100, 10), (8, 250, 40), (9, 300, 35), (15, 700, 90)):
        take(store, head + f"A,抖音,2026-11-{day:02},{watch},{likes},0,0\n")
    parts = [rates(store, f"2026-11-{a:02}", f"2026-11-{b:02}")[0] for a, b in ((1, 8), (8, 12), (12, 20))]
    whole = rates(store, "2026-11-01", "2026-11-20")[0]
    assert [part.numerator for part in parts] == [10, 25, 55]
    assert sum(part.numerator or 0 for part in parts) == whole.numerator == 90
    assert sum(part.denominator or 0 for part in parts) == whole.denominator == 700


def test_likes_taken_back_are_never_below_zero_and_a_shorter_export_is_left_out(store: Store) -> None:
    head = "视频,平台,日期,观看时长,点赞数,评论数,分享数\n"
    take(store, head + "A,抖音,2026-11-01,1000,100,10,10\nB,抖音,2026-11-01,1000,100,10,10\n")
    take(store, head + "A,抖音,2026-11-10,1100,50,10,10\nB,抖音,2026-11-10,200,20,2,2\n")
    start, end = datetime(2026, 11, 5, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
    found = store.read_now(lambda session: measure_rates(session, 1, start, end, ZONE))
    assert found.engagement == Rate(0, 100)
    assert (found.videos, found.incomparable, found.first_seen) == (1, 1, 0)


def test_unknown_parts_leave_a_video_out_and_the_rate_unknown(store: Store) -> None:
    take(store, TIKTOK)
    engaged, bought = store.read_now(lambda session: community_rates(session, 1, EVERYTHING, NOW, ZONE))
    assert engaged.value is None
    assert bought == Rate(None, None)
    take(store, TIKTOK_FOLLOWERS)
    engaged, bought = store.read_now(lambda session: community_rates(session, 1, None, NOW, ZONE))
    assert bought == Rate(None, 98)


def test_orders_override_the_buyers_of_video_files(store: Store) -> None:
    head = "视频,平台,日期,关注人数,购买人数\n"
    take(store, head + "A,抖音,2026-05-14,400,50\nB,YouTube,2026-05-14,100,7\n")
    assert rates(store, "2026-05-10", "2026-05-20")[1] == Rate(57, 500)
    take(store, SHOPIFY)
    assert rates(store, "2026-05-10", "2026-05-20")[1] == Rate(2, 500)
    assert rates(store, "2026-05-15", "2026-05-17")[1] == Rate(0, 500)


def test_imported_buyers_count_where_their_platforms_followers_are_known(store: Store) -> None:
    take(store, "视频,平台,日期,关注人数,购买人数\nA,抖音,2026-05-14,400,50\nB,YouTube,2026-05-14,,7\n")
    assert rates(store, "2026-05-10", "2026-05-20")[1] == Rate(50, 400)


def test_a_newer_order_export_replaces_the_days_it_covers(store: Store) -> None:
    take(store, SHOPIFY)
    take(store, SHOPIFY.replace("#2,BEN@shop.example,partially_refunded", "#2,ben@shop.example,refunded"))
    assert rates(store, "2026-05-01", "2026-05-30")[1].numerator == 1


def test_figures_of_one_day_complete_each_other_and_an_estimate_replaces_nothing(store: Store) -> None:
    take(store, "视频,平台,日期,观看时长,点赞数\nA,抖音,2026-11-01,1000,7\n")
    take(store, "视频,平台,日期,播放量,平均播放时长,评论数\nA,抖音,2026-11-01,10,5,3\n")
    one = videos(store).videos[0]
    assert (one.watch_seconds, one.watch_estimated, one.likes, one.comments, one.views) == (1000, False, 7, 3, 10)


def test_a_template_may_call_a_known_video_by_its_title(store: Store) -> None:
    take(store, YOUTUBE)
    take(store, "视频,平台,日期,购买人数,关注人数\nFirst light,YouTube,2026-11-24,5,100\n")
    bought = [one for one in videos(store).videos if one.buyers is not None]
    assert [(one.video, one.title, one.conversion.value) for one in bought] == [("abcdefghijk", "First light", 0.05)]
    assert len(videos(store).videos) == 3


def test_communities_do_not_see_each_other(store: Store) -> None:
    take(store, FOUR_ROWS, community=1)
    assert not videos(store, community=2).videos
    assert take(store, FOUR_ROWS, community=2).outcome is Outcome.STORED


def test_all_time_reaches_back_before_the_first_message(store: Store) -> None:
    take(store, "视频,日期,点赞数\nA,2020-01-01,1\n")
    assert [one.date for one in videos(store, "all").videos] == [date(2020, 1, 1)]
    assert not videos(store, "7d").videos


COMMUNITIES = itertools.count(1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(rows=st.permutations(range(8)), columns=st.permutations(range(7)))
def test_any_order_gives_the_same_store(store: Store, rows: list[int], columns: list[int]) -> None:
    head = ["视频", "平台", "日期", "观看时长", "点赞数", "评论数", "分享数"]
    body = [[f"v{n % 3}", "抖音", f"2026-11-{n + 1:02}", f"{n * 100}", f"{n}", "1", "2"] for n in range(8)]

    def text(order: list[int], places: list[int]) -> str:
        return "\n".join(",".join(line[n] for n in places) for line in [head, *(body[n] for n in order)]) + "\n"

    one, other = next(COMMUNITIES), next(COMMUNITIES)
    take(store, text(list(range(8)), list(range(7))), community=one)
    take(store, text(rows, columns), community=other)
    assert content_of(store, one) == content_of(store, other)
