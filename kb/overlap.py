"""Where the words of a citation stand, and the norms whose words they overlap.

Whoever cites words that a norm is made of rests on that norm: a rule executes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kb import quotes
from kb.instrument import Instrument
from kb.library import Library
from kb.norms import Norm
from kb.sentences import Span
from ontology.issue import Issue

Standing = Literal["held", "list", "not-held", "lost"]
"""In a held text; in a row of a list; of an instrument whose text is not held; nowhere."""


@dataclass(frozen=True, slots=True)
class Resting:
    """What cited words rest on: their sentences and norms in a held text, else why there are none.

    `sentences` are ids in the text of `instrument`; words of a heading are in no sentence. `issue`
    tells why words are lost.
    """

    standing: Standing
    instrument: str
    sentences: tuple[str, ...] = ()
    norms: tuple[Norm, ...] = ()
    issue: Issue | None = None


def resting(library: Library, instrument: str, provision: str, quote: str) -> Resting:
    """What the words of a citation rest on; of one quoted in another text, ask for that text.

    `instrument` is a key or number, `provision` a label, "" for the whole text.
    """
    known = library.instrument(instrument) or library.by_number(instrument)
    if known is None or not known.held:
        cited = library.citation(instrument, provision or None, quote)
        if isinstance(cited, Issue):
            return Resting("not-held" if known else "lost", instrument, issue=cited)
        return Resting("list", cited.instrument)
    found = quotes.locate(known, provision or None, quote)
    if isinstance(found, Issue):
        return Resting("lost", known.key, issue=found)
    return Resting("held", known.key, found.sentences, norms_at(known, found.span))


def norms_at(instrument: Instrument, span: Span) -> tuple[Norm, ...]:
    """The norms of a text that have words in a span of it, in the order of the text."""
    start, end = span
    return tuple(n for n in instrument.norms if n.span[0] < end and n.span[1] > start)
