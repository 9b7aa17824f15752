"""Quotes found again in their provision: verbatim in the mended text, or an issue."""

from __future__ import annotations

from dataclasses import dataclass

from kb.instrument import Instrument, Provision
from kb.repairs import Repair
from kb.sentences import Span
from ontology.issue import Issue
from ontology.names import nearest


@dataclass(frozen=True, slots=True)
class Located:
    """Where a quote stands: its provision (None: the whole instrument), and its spans.

    `repairs` are those inside it; `sentences` the ids of the sentences it takes words from.
    """

    provision: Provision | None
    span: Span
    source: Span
    repairs: tuple[Repair, ...]
    sentences: tuple[str, ...]


def locate(
    instrument: Instrument, label: str | None, quote: str, where: str = ""
) -> Located | Issue:
    """The first place of `quote` in the provision `label` of a held instrument.

    With no label the whole text is searched. `where` is the place an issue is said to be at.
    """
    place = where or f"{instrument.number or instrument.key} {label or ''}".strip()
    mended = instrument.mended
    if mended is None:
        message = f"{instrument.key} is not held, so nothing can be quoted from it"
        return Issue("error", message, place, "quote it from the text that quotes it: quoted-in")
    provision = instrument.provision(label) if label else None
    if label and provision is None:
        near = nearest(label, (p.label for p in instrument.provisions))
        hint = f"did you mean {near}?" if near else ""
        return Issue("error", f"{instrument.key} has no provision {label}", place, hint)
    start, end = provision.span if provision else (0, len(mended.text))
    at = mended.text.find(quote, start, end) if quote.strip() else -1
    if at < 0:
        name = f"{instrument.key} {label or ''}".strip()
        message = f"not verbatim in {name}: {quote}" if quote.strip() else "the quote is empty"
        return Issue("error", message, place, _hint(instrument, start, end, quote))
    span = (at, at + len(quote))
    return Located(
        provision,
        span,
        mended.source_span(*span),
        mended.touched(*span),
        tuple(
            s.id
            for p in instrument.provisions
            for s in p.sentences
            if s.span[0] < span[1] and s.span[1] > span[0]
        ),
    )


def _hint(instrument: Instrument, start: int, end: int, quote: str) -> str:
    """Where the quote stands instead, or where it leaves the text."""
    text = instrument.text
    if not quote.strip():
        return ""
    if (elsewhere := text.find(quote)) >= 0:
        inner = [p for p in instrument.provisions if p.span[0] <= elsewhere < p.span[1]]
        return f"it stands in {inner[-1].label}" if inner else "it stands outside any provision"
    length = len(quote)
    while length > 3 and text.find(quote[:length], start, end) < 0:
        length -= 1
    at = text.find(quote[:length], start, end)
    if length <= 3 or at < 0:
        return ""
    return (
        f"after “{quote[max(0, length - 12) : length]}” the text has “{text[at + length :][:12]}”"
    )
