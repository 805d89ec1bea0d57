"""Reading exports as a stream: whatever the layout, the block size or the damage, each whole message comes once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peakdrop.history.stream import ExportReader
from tests.history import exports

TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ['},\n  {\n   "id": 7,\n   "type": "message"', '"messages": [', "] } {", "\\", '"', '{"id": 1, "type": "']
    ),
)


def read(path: Path, block_bytes: int = 1 << 20) -> tuple[dict[str, list[int]], ExportReader]:
    """Message ids by chat name, and the reader at its end."""
    reader = ExportReader(path, block_bytes=block_bytes)
    found: dict[str, list[int]] = {}
    for run in reader:
        found.setdefault(run.chat.name or "", []).extend(one.id for one in run.messages)
        assert not run.broken
    return found, reader


def ids(export: dict[str, Any]) -> dict[str, list[int]]:
    """The same by the standard library."""
    lists = (
        [export] if "messages" in export else [*export["chats"]["list"], *export.get("left_chats", {}).get("list", [])]
    )
    return {chat["name"]: [one["id"] for one in chat["messages"]] for chat in lists if chat["messages"]}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.lists(TEXTS, max_size=6), max_size=4), block=st.integers(20, 3000), compact=st.booleans())
def test_any_layout_and_block_size_give_what_json_gives(
    tmp_path: Path, texts: list[list[str]], block: int, compact: bool
) -> None:
    chats = [
        exports.chat(*(exports.message(n + 1, text=text) for n, text in enumerate(column)), name=f"chat {index}")
        for index, column in enumerate(texts)
    ]
    export = exports.account(*chats[:2], left=tuple(chats[2:]))
    found, reader = read(exports.write(tmp_path, export, compact=compact), block)
    assert found == ids(export)
    assert not reader.truncated


def test_one_chat_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = exports.write(tmp_path, exports.chat(exports.message(1), exports.message(2)))
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read(path)[0] == {"Peak Lab": [1, 2]}


@pytest.mark.parametrize("compact", [True, False])
@pytest.mark.parametrize("block", [200, 1 << 20])
def test_a_file_cut_short_gives_its_whole_messages(tmp_path: Path, compact: bool, block: int) -> None:
    path = exports.write(tmp_path, exports.chat(*map(exports.message, range(1, 9))), compact=compact)
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b'"id":6' if compact else b'"id": 6') + 20])
    found, reader = read(path, block)
    assert found == {"Peak Lab": [1, 2, 3, 4, 5]}
    assert reader.truncated


@pytest.mark.parametrize("block", [150, 1 << 20])
def test_a_broken_message_does_not_stop_the_others(tmp_path: Path, block: int) -> None:
    wrong = exports.message(3) | {"text": 5}
    path = exports.write(tmp_path, exports.chat(exports.message(1), exports.message(2), wrong, exports.message(4)))
    runs = list(ExportReader(path, block_bytes=block))
    assert [one.id for run in runs for one in run.messages] == [1, 2, 4]
    (broken,) = [one for run in runs for one in run.broken]
    assert broken.message_id == 3
    assert path.read_bytes()[broken.offset :].startswith(b'{\n   "id": 3')


def test_a_message_without_an_end_costs_itself_alone(tmp_path: Path) -> None:
    path = exports.write(tmp_path, exports.chat(*map(exports.message, range(1, 6))))
    data = path.read_bytes()
    hole = data.index(b'"text": "hello"', data.index(b'"id": 3'))
    path.write_bytes(data[:hole] + data[data.index(b"{", hole) :])
    runs = list(ExportReader(path))
    assert [one.id for run in runs for one in run.messages] == [1, 2, 4, 5]
    assert [one.message_id for run in runs for one in run.broken] == [3]


def test_control_characters_as_telegram_desktop_writes_them_are_mended(tmp_path: Path) -> None:
    path = exports.write(tmp_path, exports.chat(exports.message(1, text="a@b"), exports.message(2, text="c\\x0B")))
    path.write_bytes(path.read_bytes().replace(b"a@b", b"a\\x0Bb"))
    with pytest.raises(json.JSONDecodeError):
        json.loads(path.read_bytes())
    messages = [one for run in ExportReader(path) for one in run.messages]
    assert [one.text for one in messages] == ["a\x0bb", "c\\x0B"]


def test_bytes_that_are_no_utf8_and_half_surrogates_are_read_all_the_same(tmp_path: Path) -> None:
    path = exports.write(tmp_path, exports.chat(exports.message(1, text="a@b"), exports.message(2, text="c@d")))
    path.write_bytes(path.read_bytes().replace(b"a@b", b"a\xff\xfeb").replace(b"c@d", b"c\\ud83dd"))
    assert read(path)[0] == {"Peak Lab": [1, 2]}


def test_what_looks_like_a_message_inside_a_message_is_no_boundary(tmp_path: Path) -> None:
    inner = [{"x": 1}, {"id": 9, "type": "message", "y": [{}]}]
    path = exports.write(
        tmp_path, exports.chat(exports.message(1), exports.message(2, extra=inner), exports.message(3))
    )
    for block in (100, 400, 1 << 20):
        assert read(path, block)[0] == {"Peak Lab": [1, 2, 3]}


def test_keys_in_another_order_are_read_too(tmp_path: Path) -> None:
    entries = [dict(reversed(exports.message(number).items())) for number in (1, 2, 3)]
    assert read(exports.write(tmp_path, exports.chat(*entries)), 300)[0] == {"Peak Lab": [1, 2, 3]}
