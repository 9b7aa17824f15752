"""Terms come back from TSV and N-Triples as they were loaded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.quads import XSD, literal
from kb.store import GraphStore
from service.sparql.terms import Table, Term, read_table, read_term

TEXTS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


def asked(line: str, query: str, form: str) -> Table:
    answer = GraphStore(f"{line}\n".encode()).answer(query)
    return read_table(form, answer.text(form), 10)


@given(TEXTS, st.sampled_from(["", "zh", "en-GB"]))
def test_any_text_comes_back(text: str, language: str) -> None:
    line = f"<x:s> <x:p> {literal(text, language)} <x:g> ."
    in_rows = asked(line, "SELECT ?o { ?s ?p ?o }", "tsv").rows[0][0]
    in_statement = asked(line, "CONSTRUCT WHERE { ?s ?p ?o }", "nt").rows[0][2]
    assert in_rows is not None
    assert in_statement is not None
    assert in_rows.text == in_statement.text == text
    assert in_rows.language.lower() == in_statement.language.lower() == language.lower()


def test_numbers_truth_iris_and_nothing() -> None:
    assert read_term("12") == Term("literal", "12", datatype=XSD + "integer")
    assert read_term("-1.5") == Term("literal", "-1.5", datatype=XSD + "decimal")
    assert read_term("1e3") == Term("literal", "1e3", datatype=XSD + "double")
    assert read_term("true") == Term("literal", "true", datatype=XSD + "boolean")
    assert read_term("<https://x/居>") == Term("iri", "https://x/居")
    assert read_term("_:b0") == Term("blank", "_:b0")
    assert read_term("") is None


def test_rows_over_the_limit_are_said() -> None:
    table = read_table("tsv", "?x\n1\n2\n3\n", 2)
    assert (len(table.rows), table.more) == (2, True)
    assert read_table("tsv", "true", 2).truth is True
    assert read_table("tsv", "?x\n", 2) == Table(("x",), ())
