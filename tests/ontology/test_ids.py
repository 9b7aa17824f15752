"""IRIs: minted in one place and read back to what they name (DESIGN §6: every IRI dereferences)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology import ids

segments = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,30}", fullmatch=True)


@given(kind=st.sampled_from(ids.KINDS), parts=st.lists(segments, min_size=2, max_size=2))
def test_minting_and_reading_are_inverse(kind: ids.Kind, parts: list[str]) -> None:
    named = ids.Named(kind, tuple(parts[: ids.arity(kind)]))
    assert ids.parse(named.iri) == named


def test_the_number_of_local_names_is_fixed() -> None:
    with pytest.raises(ValueError, match="a code has 2 local names, not 1"):
        ids.mint("code", "roles")


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        (ids.instrument_iri("jl-jifa-2017-36"), "id/doc/jl-jifa-2017-36"),
        (
            ids.provision_iri("jl-jifa-2017-36", "sec_3__sub_5"),
            "id/doc/jl-jifa-2017-36/sec_3__sub_5",
        ),
        (ids.code_iri("roles", "assist"), "id/code/roles/assist"),
        (ids.code_list_iri("roles"), "id/code/roles"),
        (ids.rule_iri("jl-2017-36.five-matters"), "id/rule/jl-2017-36.five-matters"),
        (ids.fact_iri("admissibility", "task.role"), "id/fact/admissibility/task.role"),
        (ids.place_iri("220102"), "id/place/220102"),
        (ids.list_iri("cn-minfa-2020-20"), "id/list/cn-minfa-2020-20"),
        (ids.list_row_iri("cn-minfa-2020-20", 3), "id/list/cn-minfa-2020-20/3"),
        (ids.mint("revision", "sha256:00ff"), "id/revision/sha256:00ff"),
        (ids.term("Rule"), "ns#Rule"),
        (ids.graph_iri("doc/jl-jifa-2017-36"), "graph/doc/jl-jifa-2017-36"),
    ],
)
def test_the_published_patterns(iri: str, expected: str) -> None:
    assert iri == ids.BASE + expected


@pytest.mark.parametrize("part", ["", "三（五）", "a b", "a/b", "a#b", "../x", "-x", "a\n"])
def test_what_cannot_stand_in_an_iri_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match="cannot stand"):
        ids.rule_iri(part)


@pytest.mark.parametrize(
    "iri",
    [
        "https://example.org/id/doc/x",
        f"{ids.BASE}id/doc",
        f"{ids.BASE}id/none/x",
        f"{ids.BASE}id/doc/a b",
    ],
)
def test_other_iris_name_nothing_here(iri: str) -> None:
    assert ids.parse(iri) is None
