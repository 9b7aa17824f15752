"""JSON bodies are read strictly: RFC 8259, and no name twice, which its §4 leaves open."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.body import MAX_DEPTH, parse_json
from service.errors import BadJson

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(JSON)
def test_reads_what_json_writes(value: object) -> None:
    assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (b"", "line 1 column 1"),
        (b"  \n ", "line 1 column 1"),
        (b'{"facts": }', "line 1 column 11"),
        (b'{\n  "facts": {},\n  "as_of": 2019-06-01\n}', "line 3"),
        (b'{"a": NaN}', "line 1 column 7"),
        (b"\xff\xfe{}", "line 1"),
        (b'{"a": "\\ud800"}', "line 1"),
        (b"{} {}", "line 1 column 4"),
    ],
)
def test_says_where_it_is_not_json(text: bytes, where: str) -> None:
    with pytest.raises(BadJson) as caught:
        parse_json(text)
    assert caught.value.issues[0].where.startswith(where)
    assert caught.value.detail.startswith(where)


def test_counts_lines_of_a_stream_from_the_line_given() -> None:
    with pytest.raises(BadJson) as caught:
        parse_json(b"{", line=17)
    assert caught.value.issues[0].where.startswith("line 17 ")


def test_refuses_a_name_given_twice() -> None:
    with pytest.raises(BadJson, match=r"'task\.role' stands twice"):
        parse_json(b'{"facts": {"task.role": "assist", "task.role": "responsible"}}')


def test_refuses_bottomless_nesting() -> None:
    deep = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert parse_json(deep) is not None
    for levels in (MAX_DEPTH + 2, 500, 100_000):
        with pytest.raises(BadJson):
            parse_json(b"[1," * levels + b"1" + b"]" * levels)


@given(st.binary(max_size=60))
def test_any_bytes_are_json_or_bad_json(text: bytes) -> None:
    try:
        expected = json.loads(text.decode("utf-8"))
    except ValueError:
        with pytest.raises(BadJson, match=r"^line \d+ column \d+: "):
            parse_json(text)
    else:
        assert parse_json(text) == expected
