"""Codes of annotations are codes of the ontology; another is an issue at its entry, with a hint."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph

from kb.library import Library, load_library
from kb.norm_codes import unknown_codes
from ontology.validate import CONTENT, read
from tests.kb.annotated import annotated, entry, instrument, norm, nothing

TEXT = (
    entry("sec_1__s_1", norm("各市应当公开清单", "counterparty: [residents]\nsource: xx-1"))
    + nothing("sec_2__s_1")
    + nothing("sec_2__s_2")
)


@pytest.fixture(scope="module")
def words() -> Graph:
    return read(CONTENT)


def test_codes_of_the_shipped_annotations_are_known(words: Graph) -> None:
    assert unknown_codes(load_library(), words) == []


def test_known_codes_are_no_issue(tmp_path: Path, words: Graph) -> None:
    assert unknown_codes(Library((annotated(tmp_path, instrument(), TEXT),)), words) == []


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ("[residents]", "[resident]", "resident is no code of actors", "residents"),
        (
            "[local-party-and-government]",
            "[local-government]",
            "local-government is no code of actors",
            "local-party-and-government",
        ),
        ("topic: supervision", "topic: supervison", "supervison is no code of norm-topics",
         "supervision"),
        ("topic: supervision", "topic: xyz", "xyz is no code of norm-topics", ""),
        ("source: xx-1", "source: xx-2", "no instrument xx-2 is known", "xx-1"),
    ],
)  # fmt: skip
def test_an_unknown_code_is_said_at_its_entry_with_the_nearest(
    tmp_path: Path, words: Graph, old: str, new: str, message: str, hint: str
) -> None:
    # Not the first entry of its file, so that the line says something.
    text = nothing("sec_2__s_1") + nothing("sec_2__s_2") + TEXT.split("- sentence: sec_2__s_1")[0]
    found = annotated(tmp_path, instrument(), text.replace(old, new))
    (issue,) = unknown_codes(Library((found,)), words)
    assert (issue.message, issue.where) == (message, "norms/a.yaml:7:3")
    assert issue.hint == (f"did you mean {hint}?" if hint else "")
