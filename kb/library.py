"""All instruments of the knowledge base, and the only way to a checked citation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kb import numbers, quotes
from kb.instrument import Instrument
from kb.loading import Entry, HorizonEntry, read_horizon, read_instruments
from kb.sentences import Span
from ontology.issue import Issue
from ontology.names import nearest

_HERE = Path(__file__).parent


class ContentError(Exception):
    """Content that does not hold; `issues` say what and where."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("\n".join(str(issue) for issue in self.issues))


@dataclass(frozen=True, slots=True)
class CitedText:
    """A quote that was found again, verbatim, in the mended text of its provision.

    `provision` is empty for a norm of an instrument we do not hold: then `as_quoted_in` is the place
    that hands it down. `source` are offsets in the source text; `repairs` the ids of repairs inside.
    """

    instrument: str
    number: str
    title: str
    provision: str
    iri: str
    quote: str
    as_quoted_in: CitedText | None = None
    source: Span | None = None
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Library:
    """Instruments by key and number, later instruments known but not held, and warnings."""

    instruments: tuple[Instrument, ...]
    horizon: tuple[HorizonEntry, ...] = ()
    warnings: tuple[Issue, ...] = ()
    _by_key: dict[str, Instrument] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_key = {i.number: i for i in self.instruments if i.number}
        by_key |= {i.key: i for i in self.instruments}
        object.__setattr__(self, "_by_key", by_key)

    def instrument(self, key: str) -> Instrument | None:
        """The instrument of a key, or None."""
        found = self._by_key.get(key)
        return found if found and found.key == key else None

    def by_number(self, number: str) -> Instrument | None:
        """The instrument of a document number, its brackets of any form, or None."""
        return self._by_key.get(numbers.normal(number))

    def citation(
        self,
        instrument: str,
        provision: str | None,
        quote: str,
        quoted_in: tuple[str, str] | None = None,
        where: str = "",
    ) -> CitedText | Issue:
        """A checked citation by key or number; an Issue at `where` if it does not hold.

        With `quoted_in` (key or number, label) the quote is looked for there and the citation is of
        `instrument` as quoted in that text.
        """
        cited = self._find(instrument, where)
        if isinstance(cited, Issue):
            return cited
        if quoted_in is not None:
            inner = self.citation(quoted_in[0], quoted_in[1], quote, where=where)
            if isinstance(inner, Issue):
                return inner
            return CitedText(
                cited.key, cited.number or "", cited.title, provision or "", cited.iri, quote, inner
            )
        found = quotes.locate(cited, provision, quote, where)
        if isinstance(found, Issue):
            return found
        return CitedText(
            cited.key,
            cited.number or "",
            cited.title,
            found.provision.label if found.provision else "",
            found.provision.iri if found.provision else cited.iri,
            quote,
            None,
            found.source,
            tuple(r.id for r in found.repairs),
        )

    def _find(self, name: str, where: str) -> Instrument | Issue:
        found = self.instrument(name) or self.by_number(name)
        if found:
            return found
        near = nearest(name, self._by_key)
        hint = f"did you mean {near}?" if near else ""
        return Issue("error", f"no instrument {name} is known", where or name, hint)


def load_library(root: Path | None = None) -> Library:
    """The shipped knowledge base, or the one under `root`. Raises ContentError with all faults."""
    base = root or _HERE
    entries, issues = read_instruments(base / "texts")
    horizon, more = read_horizon(base / "horizon.yaml")
    issues += more
    library = Library(
        tuple(e.instrument for e in entries),
        horizon,
        tuple(i for i in issues if i.severity == "warning"),
    )
    errors = [i for i in issues if i.severity == "error"] + _dangling(library, entries)
    if errors:
        raise ContentError(errors)
    return library


def _dangling(library: Library, entries: Iterable[Entry]) -> list[Issue]:
    """Citations among instruments that lead nowhere or quote what is not there."""
    issues: list[Issue] = []
    for entry in entries:
        for n, cite in enumerate(entry.instrument.cites):
            where = entry.source.where((*entry.at, "cites", n))
            found = library.citation(entry.instrument.key, cite.provision, cite.quote, None, where)
            known = library._find(cite.instrument, where)
            issues += [x for x in (found, known) if isinstance(x, Issue)]
        known_from = entry.instrument.known
        for n, quoted in enumerate(known_from.quoted_in if known_from else ()):
            where = entry.source.where((*entry.at, "known", "quoted-in", n))
            found = library.citation(quoted.instrument, quoted.provision, quoted.quote, None, where)
            issues += [found] if isinstance(found, Issue) else []
    return issues
