"""What the engine says of a text that it cannot read, with its place."""

from __future__ import annotations

import re
from typing import Final

from ontology.names import nearest
from service.sparql.prefixes import load_prefixes
from service.sparql.text import place, prologue, tokens
from service.sparql.wire import Failure

_AT: Final = re.compile(r"^error at (\d+):(\d+): (.*)", re.DOTALL)
_EXPECTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\b[A-Za-z]{2,}\b(?=,|$)')
# Of RDF: a place, or from one place to another.
_PARSER: Final = re.compile(
    r"^Parser error (?:at|between) line (\d+)(?: between)? columns? (\d+)(?: and [^:]*)?: "
    r"(.*?)(?: \(line \d+\))?$",
    re.DOTALL,
)
_NO_PREFIX: Final = "Prefix not found"
_MOST_SAID: Final = 240


def syntax(said: str, text: str = "") -> Failure:
    """What the engine says of a text that is no query, with its place.

    Of a prefix that is not declared it says one word among many: that is told from the text.
    """
    if _NO_PREFIX in said and (failure := _undeclared(text)):
        return failure
    found = _AT.match(said)
    if found is None:
        return _of_rdf(said)
    # Of what could stand there, the words and marks; not the classes of letters in a name.
    could = _EXPECTED.findall(found[3].removeprefix("expected one of "))
    could = could if found[3].startswith("expected") else []
    words = f"expected {' '.join(could[:12])}" if could else " ".join(found[3].split())
    if len(could) > 12 or len(words) > _MOST_SAID:
        words = f"{words[:_MOST_SAID]} …"
    return Failure("bad-query", words, line=int(found[1]), column=int(found[2]))


def _undeclared(text: str) -> Failure | None:
    found = tokens(text)
    start, prefixes, _ = prologue(found)
    for token in found[start:]:
        prefix = token.text.partition(":")[0]
        if token.kind != "name" or prefix in prefixes:
            continue
        line, column = place(text, token.at)
        known = load_prefixes().get(prefix)
        near = nearest(prefix, prefixes)
        hint = f"PREFIX {prefix}: <{known}>" if known else f"did you mean {near}:?" if near else ""
        why = f"the prefix {prefix[:40]}: is not declared"
        return Failure("bad-query", why, hint, line, column)
    return None


def _of_rdf(said: str) -> Failure:
    if found := _PARSER.match(said):
        words = " ".join(found[3].split())[:_MOST_SAID]
        return Failure("bad-query", words, line=int(found[1]), column=int(found[2]))
    return Failure("bad-query", " ".join(said.split())[:_MOST_SAID])
