from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakdrop.metrics.records import MetricsRefused, NewBuyers
from tests.metrics.samples import (
    FOUR_ROWS,
    NOW,
    SHOPIFY,
    STRIPE,
    TIKTOK,
    TIKTOK_FOLLOWERS,
    YOUTUBE,
    codes,
    douyin,
    read,
    xiaohongshu,
    xlsx,
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_our_template_in_any_encoding(encoding: str, delimiter: str) -> None:
    file = read(FOUR_ROWS.replace(",", delimiter), encoding=encoding)
    first = file.rows[0]
    assert (first.platform, first.video, first.date) == ("douyin", "A", date(2026, 11, 20))
    assert (first.watch_seconds, first.likes, first.comments, first.shares) == (300, 100, 50, 20)
    assert (first.followers, first.buyers, first.watch_estimated) == (1000, 50, False)
    assert len(file.rows) == 4
    assert not file.bad_rows
    assert not file.notices


def test_english_headings_in_another_order_with_numbers_as_people_write_them() -> None:
    file = read("Buyers,Watch_Time (minutes),LIKES,shares,comments,Followers,Video,note\n1,5,1.2万,12.3k,３,-,A,hi\n")
    row = file.rows[0]
    assert (row.buyers, row.watch_seconds, row.likes, row.shares, row.comments) == (1, 300, 12_000, 12_300, 3)
    assert (row.followers, row.platform, row.date) == (None, "other", date(2026, 11, 24))
    assert codes(file) == {"no_date", "no_platform", "ignored_columns"}


def test_our_template_as_a_workbook_with_durations() -> None:
    file = read(
        xlsx([["视频", "观看时长", "点赞数", "日期"], ["A", "00:05:00", 7, "2026年11月1日"], ["B", 90.5, "1.2万", ""]])
    )
    assert [(row.watch_seconds, row.likes) for row in file.rows] == [(300, 7), (90.5, 12_000)]
    assert [row.date for row in file.rows] == [date(2026, 11, 1), date(2026, 11, 24)]


def test_youtube() -> None:
    file = read(YOUTUBE)
    assert [row.video for row in file.rows] == ["abcdefghijk", "-bcdefghijk", "cdefghijklm"]
    first, second, third = file.rows
    assert (first.title, first.published_on) == ("First light", date(2026, 2, 26))
    assert (first.watch_seconds, first.likes, first.comments, first.shares) == (27_000, 80, 9, 7)
    assert (second.watch_seconds, second.watch_estimated) == (17_100, False)
    assert third.likes is None  # below zero: no total
    assert {row.followers for row in file.rows} == {None}
    assert codes(file) == {"follower_changes", "no_buyers", "below_zero", "totals_row", "no_date"}


def test_french_youtube_has_an_estimate_only() -> None:
    file = read(
        "Contenu,Titre de la vidéo,Heure de publication de la vidéo,Vues,Durée moyenne de visionnage,"
        'Pourcentage moyen regardé (%)\nabc,Été,26 févr. 2026,44\u202f531,0:00:10,"62,1"\n'
    )
    row = file.rows[0]
    assert (row.views, row.watch_seconds, row.watch_estimated) == (44_531, 445_310, True)
    assert row.published_on == date(2026, 2, 26)


def test_tiktok_has_no_watch_time_and_no_years() -> None:
    file = read(TIKTOK)
    first, second = file.rows
    assert (first.video, first.date, first.published_on) == (
        "7123456789012345678",
        date(2026, 1, 5),
        date(2025, 12, 30),
    )
    assert (second.date, second.published_on, second.shares) == (date(2026, 1, 5), date(2025, 12, 28), None)
    assert {row.watch_seconds for row in file.rows} == {None}
    assert codes(file) == {"no_watch_time", "no_followers", "no_buyers"}


def test_tiktok_followers_over_a_years_end() -> None:
    file = read(TIKTOK_FOLLOWERS, now=datetime(2026, 2, 1, tzinfo=UTC))
    assert [(total.date, total.followers) for total in file.followers] == [
        (date(2025, 12, 31), 90),
        (date(2026, 1, 1), 99),
        (date(2026, 1, 2), 98),
    ]
    assert codes(file) == {"days_without", "years_inferred"}


def test_xiaohongshu() -> None:
    file = read(xiaohongshu())
    assert [row.title for row in file.rows] == ["同名", "同名"]
    assert len({row.video for row in file.rows}) == 2
    first = file.rows[0]
    assert (first.line, first.published_on, first.views) == (3, date(2026, 7, 11), 141)
    assert (first.watch_seconds, first.watch_estimated) == (2256, True)
    assert (first.likes, first.comments, first.shares, first.followers) == (8, 1, 4, None)
    assert codes(file) == {"watch_per_viewer", "follower_changes", "no_buyers", "pictures", "no_date"}


def test_douyin() -> None:
    file = read(douyin())
    shown, hidden = file.rows
    assert (shown.watch_seconds, shown.watch_estimated) == (500, True)
    assert (shown.likes, shown.shares, shown.comments, shown.followers) == (30, 4, 6, None)
    assert shown.published_on == date(2026, 3, 15)
    assert (hidden.likes, hidden.watch_seconds) == (286, None)
    assert codes(file) == {
        "watch_estimated",
        "follower_changes",
        "no_buyers",
        "pictures",
        "zero_plays",
        "no_date",
    }


def test_wechat_channels() -> None:
    file = read(
        "视频描述,视频ID,发布时间,播放量,喜欢,评论量,分享量,关注量,完播率,平均播放时长\n好,id1,2026-05-01,10,3,2,1,4,0.5,6.5\n"
    )
    row = file.rows[0]
    assert (row.platform, row.video, row.title) == ("wechat", "id1", "好")
    assert (row.likes, row.watch_seconds, row.followers) == (3, 65, None)


def test_shopify_counts_customers_who_paid_by_local_day() -> None:
    file = read(SHOPIFY, zone="Europe/Berlin")
    assert file.buyers == (
        NewBuyers("shopify", date(2026, 5, 13), 1),
        NewBuyers("shopify", date(2026, 5, 14), 1),
        NewBuyers("shopify", date(2026, 5, 15), 0),
        NewBuyers("shopify", date(2026, 5, 16), 0),
    )
    assert file.notices[0].params == {"orders": 6, "buyers": 2, "unpaid": 3}
    assert "shop.example" not in repr(file)
    assert read(SHOPIFY, zone="Asia/Shanghai").buyers[0].date == date(2026, 5, 14)


def test_an_order_without_a_readable_time_is_a_bad_row() -> None:
    file = read(STRIPE.replace("2026-06-09 03:38:54", "0001-01-01 00:00:00"))
    assert [(bad.line, bad.reason) for bad in file.bad_rows] == [(6, "unreadable_order")]


def test_stripe_counts_customers_who_paid() -> None:
    days = {one.date: one.buyers for one in read(STRIPE, zone="Asia/Shanghai").buyers}
    assert days == {date(2026, 6, 7): 1, date(2026, 6, 8): 1, date(2026, 6, 9): 0}


def test_woocommerce_counts_customers_who_paid() -> None:
    file = read("Date,Order #,Status,Customer\n2026-06-07 20:00:00,1,completed,Ann\n2026-06-08 20:00:00,2,failed,Ben\n")
    assert [one.buyers for one in file.buyers] == [1, 0]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"hello", "unknown_layout"),
        (b"PK\x03\x04broken", "damaged"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old_excel"),
        (b"\x89PNG....", "no_table"),
        (xlsx([["a", "b"], [1, 2]]), "unknown_layout"),
        ("点赞数,评论数\n1,2\n".encode(), "no_video_column"),
        ("视频,点赞数\n".encode(), "no_rows"),
        ("视频,点赞数,likes\nA,1,2\n".encode(), "column_twice"),
        (b"Geography,Views,Watch time (hours)\nDE,5,1.5\n", "youtube_breakdown"),
        (b"Date,Content,Video title,Video publish time,Views\n2026-01-01,a,b,,5\n", "youtube_daily"),
        (b"Date,Video Views,Profile Views,Likes,Comments,Shares\nMay 1,1,2,3,4,5\n", "tiktok_overview"),
        (b"Date,Total Viewers,New Viewers,Returning Viewers\nMay 1,1,2,3\n", "tiktok_viewers"),
        ("日期,投稿量,总播放量,总点赞量\n2026-01-01,1,2,3\n".encode(), "douyin_daily"),
        (b"a,b\n" + b"x" * 20_000_000, "too_large"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(content: bytes, code: str) -> None:
    with pytest.raises(MetricsRefused) as refused:
        read(content)
    assert refused.value.code == code


def test_a_workbook_with_a_cell_far_out_does_not_cost_gigabytes() -> None:
    rows: list[list[object]] = [["视频", "点赞数"], *([] for _ in range(99_998)), [None] * 900 + ["x"]]
    with pytest.raises(MetricsRefused) as refused:
        read(xlsx(rows))
    assert refused.value.code == "too_many_rows"


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("A,2026-11-01,-3,5", "点赞数", "negative"),
        ("A,2026-11-01,1.5,5", "点赞数", "not_a_count"),
        ("A,2026-11-01,lots,5", "点赞数", "not_a_count"),
        ("A,2026-11-01,3,soon", "观看时长", "not_a_duration"),
        ("A,2026-11-01,3,-5", "观看时长", "negative"),
        ("A,2026-02-30,3,5", "日期", "no_such_date"),
        ("A,2027-01-01,3,5", "日期", "in_the_future"),
        (",2026-11-01,3,5", "视频", "no_video"),
    ],
)
def test_a_bad_row_is_named_with_line_and_reason(row: str, column: str, reason: str) -> None:
    file = read(f"视频,日期,点赞数,观看时长\nZ,2026-11-01,1,2\n{row}\n")
    assert [(bad.line, bad.column, bad.reason) for bad in file.bad_rows] == [(3, column, reason)]
    assert [kept.video for kept in file.rows] == ["Z"]


def test_rows_that_contradict_each_other_are_both_bad_and_equal_ones_count_once() -> None:
    file = read("视频,日期,点赞数\nA,2026-11-01,1\nB,2026-11-01,2\nA,2026-11-01,9\nB,2026-11-01,2\n")
    assert [(bad.line, bad.other_line, bad.reason) for bad in file.bad_rows] == [
        (2, 4, "contradicts"),
        (4, 2, "contradicts"),
    ]
    assert [row.video for row in file.rows] == ["B"]
    assert "repeated" in codes(file)


def test_lines_are_counted_where_titles_run_over_several() -> None:
    file = read('视频,点赞数\n"one\ntwo",1\n\nB,x\n')
    assert [bad.line for bad in file.bad_rows] == [5]


def test_a_link_and_its_id_are_the_same_video() -> None:
    file = read(
        "platform,video,likes\nYouTube,https://youtu.be/abcdefghijk?si=1,1\n油管,https://www.youtube.com/watch?v=abcdefghijk,1\n"
    )
    assert {(row.platform, row.video) for row in file.rows} == {("youtube", "abcdefghijk")}


def test_title_and_id_side_by_side() -> None:
    row = read("视频,视频ID,点赞数\n晚安,id9,3\n").rows[0]
    assert (row.video, row.title) == ("id9", "晚安")


@given(st.permutations(range(4)), st.permutations(range(9)))
def test_order_of_rows_and_columns_does_not_matter(rows: list[int], columns: list[int]) -> None:
    head, *body = [line.split(",") for line in FOUR_ROWS.strip().split("\n")]
    table = [head, *(body[n] for n in rows)]
    text = "\n".join(",".join(line[n] for n in columns) for line in table)
    expected = {(row.video, row.date, row.watch_seconds, row.likes, row.buyers) for row in read(FOUR_ROWS).rows}
    assert {(row.video, row.date, row.watch_seconds, row.likes, row.buyers) for row in read(text).rows} == expected


SEEDS = st.sampled_from(
    [FOUR_ROWS.encode(), YOUTUBE.encode(), TIKTOK.encode(), SHOPIFY.encode(), xiaohongshu(), douyin()]
)


@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode("utf-16"))))
def test_garbage_is_refused_and_nothing_else(data: bytes) -> None:
    with contextlib.suppress(MetricsRefused):
        assert all(row.video for row in read(data).rows)


@given(SEEDS, st.lists(st.tuples(st.integers(0, 1_000_000), st.integers(0, 255)), max_size=8), st.integers(0, 99))
def test_a_damaged_file_is_read_or_refused(data: bytes, changes: list[tuple[int, int]], cut: int) -> None:
    broken = bytearray(data)
    for place, value in changes:
        broken[place % len(broken)] = value
    with contextlib.suppress(MetricsRefused):
        assert all(row.video for row in read(bytes(broken[: len(broken) - cut]), now=NOW).rows)
