"""What is asked of a search beside its words: which instruments, what kind of hit, from where."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from kb.instrument import Instrument
from kb.library import Library
from kb.search_index import After
from kb.search_query import read_search
from kb.search_symbols import BadSearch
from kb.search_texts import KINDS, Kind
from ontology.ids import graph_iri, instrument_iri
from ontology.issue import Issue
from ontology.label import Label
from ontology.names import nearest
from ontology.places import PlaceTable, UnknownPlace, within
from service.deciding import today

MOST: Final = 100
USUAL: Final = 20
NAMES: Final = ("q", "kind", "instrument", "province", "limit", "cursor")
_PROVINCE: Final = "0000"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a parameter; `column` is 0 where the fault has no place in it."""

    name: str
    message: Label
    hint: str = ""
    column: int = 0

    @property
    def issue(self) -> Issue:
        """The fault as problems tell it."""
        where = f"?{self.name}" + (f" column {self.column}" if self.column else "")
        return Issue("error", self.message.en, where, self.hint)


@dataclass(frozen=True, slots=True)
class Asked:
    """A search that can be answered.

    `instruments` are those that `instrument` and `province` leave, None where neither is given.
    """

    words: str
    kind: Kind = KINDS[0]
    instrument: Instrument | None = None
    province: str = ""
    limit: int = USUAL
    after: After | None = None

    def instruments(self, library: Library) -> tuple[Instrument, ...] | None:
        """The instruments to search; None for all that there is."""
        if self.instrument is not None:
            found: Iterable[Instrument] = (self.instrument,)
        elif self.province:
            found = library.instruments
        else:
            return None
        return tuple(i for i in found if within(i.jurisdiction, self.province))


def graph_of(instrument: Instrument) -> str:
    """The named graph of what an instrument says."""
    return graph_iri(f"doc/{instrument.key}")


def read_asked(
    given: Mapping[str, str], library: Library, places: PlaceTable
) -> tuple[Asked, tuple[Fault, ...]]:
    """What parameters ask, and every fault in them; faulty ones count as not given."""
    faults = [_unknown(name) for name in sorted(given.keys() - {*NAMES})]

    def read(name: str, reader: Callable[[str], T], otherwise: T) -> T:
        if name != "q" and not given.get(name, "").strip():
            return otherwise
        try:
            return reader(given.get(name, "") if name == "q" else given[name].strip())
        except BadParameter as bad:
            faults.append(Fault(name, bad.message, bad.hint, bad.column))
            return otherwise

    asked = Asked(
        read("q", _words, ""),
        read("kind", _kind, KINDS[0]),
        read("instrument", lambda text: _instrument(text, library), None),
        read("province", lambda text: _province(text, places), ""),
        read("limit", _limit, USUAL),
        read("cursor", read_cursor, None),
    )
    return asked, tuple(faults)


class BadParameter(Exception):
    """A parameter that cannot be read."""

    def __init__(self, zh: str, en: str, hint: str = "", column: int = 0) -> None:
        super().__init__(en)
        self.message, self.hint, self.column = Label(zh, en), hint, column


def _unknown(name: str) -> Fault:
    near = nearest(name, NAMES)
    hint = f"did you mean {near}?" if near else f"there are: {', '.join(NAMES)}"
    return Fault(name[:60], Label("没有这个参数", f"unknown parameter {name[:60]}"), hint)


def _words(text: str) -> str:
    try:
        read_search(text)
    except BadSearch as bad:
        raise BadParameter(bad.message.zh, bad.message.en, "", bad.column) from None
    return text


def _kind(text: str) -> Kind:
    for kind in KINDS:
        if kind == text:
            return kind
    raise BadParameter("没有这种结果", "there is no such kind of hit", f"one of {', '.join(KINDS)}")


def _instrument(named: str, library: Library) -> Instrument:
    by_iri = (i for i in library.instruments if instrument_iri(i.key) == named)
    found = library.instrument(named) or library.by_number(named) or next(by_iri, None)
    if found is None:
        near = nearest(named, _known(library))
        hint = f"did you mean {near}?" if near else ""
        raise BadParameter("没有这个文件", "no instrument has this key or number", hint)
    return found


def _known(library: Library) -> Iterator[str]:
    for instrument in library.instruments:
        yield instrument.key
        if instrument.number:
            yield instrument.number


def _province(called: str, places: PlaceTable) -> str:
    try:
        code = places.resolve(called, today()).place.code
    except UnknownPlace as unknown:
        raise BadParameter(unknown.message.zh, unknown.message.en) from None
    if not code.endswith(_PROVINCE):
        raise BadParameter("不是省级行政区", f"{called[:60]} is no province")
    return code.removesuffix(_PROVINCE)


def _limit(text: str) -> int:
    if text.isascii() and text.isdecimal() and 0 < int(text[:9]) <= MOST:
        return int(text)
    raise BadParameter(f"应为1至{MOST}的整数", f"a whole number from 1 to {MOST}")


def cursor(after: After) -> str:
    """A place in the order of hits, for an address."""
    told = json.dumps([after.score, after.subject, after.graph], ensure_ascii=False)
    return base64.urlsafe_b64encode(told.encode()).rstrip(b"=").decode()


def read_cursor(text: str) -> After:
    """What `cursor` wrote. Raises BadParameter for anything else."""
    try:
        told = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError):  # also those of base64 and of UTF-8
        told = None
    match told:
        case [float() as score, str() as subject, str() as graph]:
            return After(score, subject, graph)
    raise BadParameter("不是本服务给出的游标", "no cursor that was given here", "take it from next")
