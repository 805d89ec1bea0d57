"""HTML as Telegram reads it. Expected complaints are Telegram's own words for such texts."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.entities import parse_html, utf16_length, utf16_slice
from sandbox.entity_scan import scan
from sandbox.errors import ApiError

WORDS = st.text(st.characters(blacklist_categories=("Cs", "Zs", "Cc", "Zl", "Zp")), min_size=1, max_size=12)
TAGS = {
    "b": "bold",
    "i": "italic",
    "u": "underline",
    "s": "strikethrough",
    "code": "code",
    "tg-spoiler": "spoiler",
    "blockquote": "blockquote",
    "blockquote expandable": "expandable_blockquote",
}


@given(st.lists(st.tuples(st.sampled_from(["", *TAGS]), WORDS), min_size=1, max_size=8))
def test_offsets_cut_out_what_was_marked(parts: list[tuple[str, str]]) -> None:
    source = "".join(
        f"<{tag}>{html.escape(word)}</{tag.split()[0]}>" if tag else html.escape(word) for tag, word in parts
    )
    text, entities = parse_html(source)
    assert text == "".join(word for _, word in parts)
    marked = [(TAGS[tag], word) for tag, word in parts if tag]
    assert [(e["type"], utf16_slice(text, e["offset"], e["length"])) for e in entities] == marked


@given(st.text(max_size=60))
def test_any_text_survives_escaping_and_found_entities_lie_inside(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    parsed, entities = parse_html(html.escape(text))
    assert parsed == text.strip()
    assert entities == []
    for entity in scan(parsed, []):
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= utf16_length(parsed)
        assert utf16_slice(parsed, entity["offset"], entity["length"])


@given(st.text(alphabet="<>/abi =\"'&;pre😀", max_size=40))
def test_broken_markup_is_refused_never_a_crash(source: str) -> None:
    complaint = "Bad Request: can't parse entities: "
    try:
        parse_html(source)
    except ApiError as refusal:
        complaint = refusal.description
    assert complaint.startswith("Bad Request: can't parse entities: ")


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("🏟 🏟&lt;<abac>", 'Unsupported start tag "abac" at byte offset 13'),
        ("🏟 🏟&lt;<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 13'),
        ("🏟 🏟&lt;<i    aba>", 'Can\'t find end tag corresponding to start tag "i"'),
        ("🏟 🏟&lt;<i    aba  =  ", 'Unclosed start tag "i" at byte offset 13'),
        ("🏟 🏟&lt;<i    aba  =  190azAz-.,", "Unexpected end of name token at byte offset 27"),
        ('🏟 🏟&lt;<i    aba  =  "&lt;&gt;&quot;>', "Unclosed start tag at byte offset 13"),
        ("🏟 🏟&lt;</", "Unexpected end tag at byte offset 13"),
        ("🏟 🏟&lt;<b></b></", "Unexpected end tag at byte offset 20"),
        ("🏟 🏟&lt;<i>a</i   ", "Unclosed end tag at byte offset 17"),
        ("🏟 🏟&lt;<i>a</em   >", 'Unmatched end tag at byte offset 17, expected "</i>", found "</em>"'),
        ("a <3", "Unclosed start tag at byte offset 2"),
        ('<span class="big">a</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_complaints_are_telegrams(source: str, complaint: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_html(source)
    assert caught.value.description == f"Bad Request: can't parse entities: {complaint}"


def test_links_code_and_nesting() -> None:
    text, entities = parse_html(
        '<b>Hi <i>there</i></b> <a href="https://example.org">site</a> '
        '<pre><code class="language-python">x = 1</code></pre>&ge;&lt;&#128512;'
    )
    assert text == "Hi there site x = 1&ge;<😀"
    assert [(e["type"], e.get("url") or e.get("language")) for e in entities] == [
        ("bold", None),
        ("italic", None),
        ("text_link", "https://example.org/"),
        ("pre", "python"),
    ]


def test_white_space_at_the_ends_goes_and_entities_move() -> None:
    text, entities = parse_html("\n  <b>bold</b> end \n")
    assert (text, entities) == ("bold end", [{"type": "bold", "offset": 0, "length": 4}])


def test_commands_mentions_links_and_hashtags_are_found() -> None:
    text = "/stats@PeakBot 7d by @lin_deer, see https://example.org/x. #新片 a@b.io 3/4 and/or"
    found = [(e["type"], utf16_slice(text, e["offset"], e["length"])) for e in scan(text, [])]
    assert found == [
        ("bot_command", "/stats@PeakBot"),
        ("mention", "@lin_deer"),
        ("url", "https://example.org/x"),
        ("hashtag", "#新片"),
        ("email", "a@b.io"),
    ]


def test_names_of_characters_may_lack_their_semicolon() -> None:
    assert parse_html("1 &lt 2 &gt; 0 &amp&quot;, &ltx &copy;")[0] == '1 < 2 > 0 &", &ltx &copy;'


def test_a_language_counts_for_the_whole_of_a_pre() -> None:
    inner = parse_html('<pre><code class="language-py">x</code></pre>')[1]
    outer = parse_html('<code class="language-py"><pre>x</pre></code>')[1]
    assert inner == outer == [{"type": "pre", "offset": 0, "length": 1, "language": "py"}]
    assert "language" not in parse_html('<pre><code class="language-py">x</code> y</pre>')[1][0]
