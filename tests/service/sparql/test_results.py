"""What names a result: a hash that anybody can make again from its lines."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.sparql.asker import Asker
from service.sparql.limits import Caps
from service.sparql.results import Result, digest, is_volatile, plain_blanks, result_of
from tests.service.conftest import Client

ASKER = Asker(None, "", Caps())
RULES = "SELECT ?r { ?r a <https://zhunru.example/ns#Rule> } ORDER BY %s(?r)"


def result(client: Client, text: str) -> Result:
    return client.run(lambda: result_of(client.app.state.graph, text, ASKER))


def test_the_hash_is_what_the_readme_says_a_shell_makes_of_the_lines(
    asking: Client, tmp_path: Path
) -> None:
    found = result(asking, RULES % "DESC")
    file = tmp_path / "rows.tsv"
    file.write_bytes(found.lines)
    script = f"(head -n 1 {file}; tail -n +2 {file} | LC_ALL=C sort) | sha256sum"
    made = subprocess.run(["/bin/sh", "-c", script], capture_output=True, check=True, text=True)
    assert made.stdout.split()[0] == found.sha256
    # The endpoint's own TSV has these lines.
    sent = asking.get("/sparql", params={"query": RULES % "DESC", "format": "tsv"})
    assert sent.content == found.lines


def test_the_order_of_rows_is_no_part_of_the_hash_and_all_else_is(asking: Client) -> None:
    up, down = (result(asking, RULES % order) for order in ("ASC", "DESC"))
    assert up.lines != down.lines
    assert up.sha256 == down.sha256
    fewer = result(asking, f"{RULES % 'ASC'} LIMIT 5")
    renamed = result(asking, (RULES % "ASC").replace("?r", "?rule"))
    assert len({up.sha256, fewer.sha256, renamed.sha256}) == 3


def test_statements_are_each_once_and_truths_are_lines(asking: Client) -> None:
    text = "CONSTRUCT { <x:a> <x:b> ?n } { VALUES ?n { 1 2 } }"
    found = result(asking, text)
    lines = sorted(found.lines.decode().splitlines())
    assert hashlib.sha256("".join(f"{x}\n" for x in lines).encode()).hexdigest() == found.sha256
    assert result(asking, "ASK {}").table.truth is True
    assert result(asking, "ASK {}").sha256 == hashlib.sha256(b"true\n").hexdigest()


def test_blank_nodes_do_not_make_results_differ(asking: Client) -> None:
    """A store may call them otherwise each time."""
    text = "CONSTRUCT { [] <x:p> ?n . [] <x:q> ?n } { VALUES ?n { 1 2 3 } }"
    first, second = result(asking, text), result(asking, text)
    assert first.sha256 == second.sha256
    assert b"_:b0" in first.lines


def test_a_result_is_of_the_generation_that_answered(asking: Client) -> None:
    found = result(asking, RULES % "ASC")
    loaded = asking.run(asking.app.state.graph.current)
    assert loaded.generation.startswith(found.generation)
    assert len(found.generation) == 32
    assert not found.volatile


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT (NOW() AS ?n) {}", True),
        ("SELECT (RAND() AS ?n) {}", True),
        ('SELECT ("NOW()" AS ?n) {}', False),
        ("ASK {}", False),
    ],
)
def test_what_differs_each_time_is_volatile(text: str, expected: bool) -> None:
    assert is_volatile(text) is expected


@given(st.lists(st.sampled_from(["<x:a>", '"_:b7"', "_:x1", "_:y2", "3"]), min_size=1))
def test_only_blank_nodes_are_renamed(terms: list[str]) -> None:
    plain = plain_blanks("\t".join(terms).encode()).decode().rstrip("\n").split("\t")
    assert len(plain) == len(terms)
    for before, after in zip(terms, plain, strict=True):
        assert after.startswith("_:b") if before.startswith("_:") else after == before
    assert len(set(plain)) == len(set(terms))


@given(st.permutations(["1", "2", "3", "3"]))
def test_rows_are_counted_as_often_as_they_come(rows: list[str]) -> None:
    lines = ("?n\n" + "".join(f"{row}\n" for row in rows)).encode()
    assert digest("tsv", lines) == digest("tsv", b"?n\n1\n2\n3\n3\n")
    assert digest("tsv", lines) != digest("tsv", b"?n\n1\n2\n3\n")
    assert digest("nt", lines) == digest("nt", b"?n\n1\n2\n3\n")
