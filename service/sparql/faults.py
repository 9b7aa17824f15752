"""What the engine says of a text that it cannot read, with its place."""

from __future__ import annotations

import re
from typing import Final

from service.sparql.wire import Failure

_AT: Final = re.compile(r"^error at (\d+):(\d+): (.*)", re.DOTALL)
_EXPECTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\b[A-Za-z]{2,}\b(?=,|$)')
# Of RDF: a place, or from one place to another.
_PARSER: Final = re.compile(
    r"^Parser error (?:at|between) line (\d+)(?: between)? columns? (\d+)(?: and [^:]*)?: "
    r"(.*?)(?: \(line \d+\))?$",
    re.DOTALL,
)
_MOST_SAID: Final = 240


def syntax(said: str) -> Failure:
    """What the engine says of a text that is no query, with its place."""
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


def _of_rdf(said: str) -> Failure:
    if found := _PARSER.match(said):
        words = " ".join(found[3].split())[:_MOST_SAID]
        return Failure("bad-query", words, line=int(found[1]), column=int(found[2]))
    return Failure("bad-query", " ".join(said.split())[:_MOST_SAID])
