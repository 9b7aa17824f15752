"""All instruments of the knowledge base, and the only way to a checked citation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kb import numbers, quotes
from kb.bodies import Body, read_bodies
from kb.instrument import Instrument
from kb.list_files import read_register
from kb.loading import Entry, HorizonEntry, read_horizon, read_instruments
from kb.register import ListSource, Register
from kb.relations import Relation, read_relations
from kb.sentences import Span
from ontology.ids import list_row_iri
from ontology.issue import ContentError, Issue
from ontology.names import nearest

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class CitedText:
    """A quote that was found again, verbatim, in the mended text of its provision.

    `provision` is empty for a norm of an instrument we do not hold: then `as_quoted_in` is the
    place that hands it down. `source` are offsets in the source text; `repairs` the ids of repairs
    that changed words of the quote, `remarks` of those that only note something about them. `seen`
    says where the words of a list were seen and how far they can be trusted.
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
    remarks: tuple[str, ...] = ()
    seen: ListSource | None = None


@dataclass(frozen=True)
class Library:
    """Instruments by key and number, relations of their norms, later instruments, and warnings."""

    instruments: tuple[Instrument, ...]
    register: Register = field(default_factory=Register)
    bodies: tuple[Body, ...] = ()
    horizon: tuple[HorizonEntry, ...] = ()
    warnings: tuple[Issue, ...] = ()
    relations: tuple[Relation, ...] = ()
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
        if not cited.held and (row := self._row(cited, provision)):
            return self.list_citation(row[0], row[1], quote, where)
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
            tuple(r.id for r in found.repairs if r.edits),
            tuple(r.id for r in found.repairs if not r.edits),
        )

    def list_citation(
        self, list_id: str, row: int, quote: str, where: str = ""
    ) -> CitedText | Issue:
        """A citation of a row of a registered list, by its name or its exception's text."""
        found = self.register.get(list_id)
        place = where or f"{list_id} {row}"
        if found is None:
            near = nearest(list_id, (known.id for known in self.register.lists))
            hint = f"did you mean {near}?" if near else ""
            return Issue("error", f"no list {list_id} is known", place, hint)
        told = found.row(row)
        if told is None:
            return Issue("error", f"{list_id} has no row {row}", place)
        instrument = self._find(found.instrument, where)
        if isinstance(instrument, Issue):
            return instrument
        if quote.strip() and quote in told.name:
            seen: ListSource | None = told.source
        elif quote.strip() and quote in told.exception:
            seen = told.exception_source
        else:
            message = f"not verbatim in row {row} of {list_id}: {quote}"
            return Issue("error", message, place, f"the row reads {told.name}")
        return CitedText(
            instrument.key,
            instrument.number or "",
            found.title,
            found.label(row),
            list_row_iri(list_id, row),
            quote,
            seen=seen,
        )

    def _row(self, cited: Instrument, provision: str | None) -> tuple[str, int] | None:
        """The list and row that a label such as 附件第1项 names, of an instrument not held."""
        return next(
            (
                (found.id, row.number)
                for found in self.register.of_instrument(cited.key)
                for row in found.rows
                if found.label(row.number) == provision
            ),
            None,
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
    library, errors = read_library(root)
    if errors:
        raise ContentError(errors)
    return library


def read_library(root: Path | None = None) -> tuple[Library, list[Issue]]:
    """What can be read of a knowledge base, with all errors: for work on content that has some."""
    base = root or _HERE
    entries, issues = read_instruments(base / "texts")
    horizon, more = read_horizon(base / "horizon.yaml")
    register, list_issues = read_register(base)
    bodies, body_issues = read_bodies(base / "bodies.yaml", f"{base.name}/bodies.yaml")
    instruments = tuple(e.instrument for e in entries)
    relations, relation_issues = read_relations(
        base / "relations.yaml", f"{base.name}/relations.yaml", instruments
    )
    issues += [*more, *list_issues, *body_issues, *relation_issues]
    library = Library(
        instruments,
        register,
        bodies,
        horizon,
        tuple(i for i in issues if i.severity == "warning"),
        relations,
    )
    return library, [i for i in issues if i.severity == "error"] + _dangling(library, entries)


def _dangling(library: Library, entries: Iterable[Entry]) -> list[Issue]:
    """Citations among instruments that lead nowhere or quote what is not there."""
    issues: list[Issue] = []
    names = {body.name.zh for body in library.bodies}
    for entry in entries:
        for n, authority in enumerate(entry.instrument.authorities):
            if names and authority.name not in names:
                where = entry.source.where((*entry.at, "authorities", n))
                near = nearest(authority.name, names)
                hint = f"did you mean {near}?" if near else ""
                issues.append(Issue("error", f"no body {authority.name} is described", where, hint))
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
