"""Parameters of the SPARQL 1.1 Protocol, as forms encode them.

https://url.spec.whatwg.org/#urlencoded-parsing, but refusing what is not UTF-8.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.errors import BadQuery
from service.sparql.protocol import parameters

# One a blank: what is encoded well or badly, and what stands for itself or should not.
_PIECES = r"""
query a & = + %20 % %4 %zz %E6%B8%85 %e6 %FF %EF%BF%BD ; / ? # \ " < | %0A %00 %26 %3D .. 社
"""


@given(st.lists(st.sampled_from(_PIECES.split()), max_size=12).map("".join))
@example("query=a\tb\n")
@example("&&a&=b&a=c=d&")
def test_what_is_read_is_what_the_reader_of_forms_of_python_reads(text: str) -> None:
    encoded = text.encode()
    try:
        expected = parse_qs(
            encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000
        )
    except ValueError:
        with pytest.raises(BadQuery):
            parameters(encoded)
    else:
        assert parameters(encoded) == expected


@given(st.lists(st.tuples(st.text(), st.text())))
def test_what_was_encoded_is_read(pairs: list[tuple[str, str]]) -> None:
    try:
        encoded = urlencode(pairs).encode()
    except UnicodeEncodeError:  # half of a surrogate pair is no text
        return
    found = parameters(encoded)
    assert [(name, value) for name, values in found.items() for value in values] == sorted(
        pairs, key=lambda pair: [name for name, _ in pairs].index(pair[0])
    )


@pytest.mark.parametrize("fields", [1000, 1001])
def test_there_are_at_most_a_thousand(fields: int) -> None:
    encoded = b"&".join([b"a=b"] * fields)
    if fields > 1000:
        with pytest.raises(BadQuery):
            parameters(encoded)
    else:
        assert parameters(encoded) == {"a": ["b"] * 1000}
