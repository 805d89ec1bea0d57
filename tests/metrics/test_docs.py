from __future__ import annotations

import re
from pathlib import Path

from peakdrop.metrics.headings import Meaning
from peakdrop.metrics.layouts import COMMON
from tests.metrics.samples import read

GUIDE = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text(encoding="utf-8")


def test_the_templates_in_the_guide_are_read_as_they_stand() -> None:
    templates = re.findall(r"```csv\n(.+?)```", GUIDE, re.DOTALL)
    files = [read(template) for template in templates]
    assert [len(file.rows) for file in files] == [2, 1]
    assert not any(file.bad_rows or file.notices for file in files)
    row = files[1].rows[0]
    assert (row.watch_seconds, row.likes, row.followers) == (18_000, 1200, 12_400)


def test_the_guide_names_each_heading_of_our_own() -> None:
    for heading in ["视频", "平台", "日期", "观看时长", "点赞数", "评论数", "分享数", "关注人数", "购买人数"]:
        assert f"{heading}" in GUIDE
        assert COMMON[heading] is not Meaning.KNOWN
