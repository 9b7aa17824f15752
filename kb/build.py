"""Texts, lists and words → graph.nq and library.json, the same bytes from the same content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.graph import instrument_quads, list_quads
from kb.horizon_graph import horizon_quads
from kb.instrument import Instrument
from kb.library import Library, load_library
from kb.materialise import followed
from kb.mentions import mention_quads
from kb.norm_codes import unknown_codes
from kb.norm_graph import norm_quads
from kb.relation_graph import relation_quads
from kb.relations import same_wording
from kb.vocabulary_graph import vocabulary_quads
from kb.void_graph import built_quads
from ontology.issue import ContentError, Issue
from ontology.validate import CONTENT, read
from ontology.vocabulary import Vocabulary, load_vocabulary


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """A file that was written."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build wrote, and the warnings of its content."""

    folder: Path
    quads: int
    graphs: int
    files: tuple[BuiltFile, ...]
    warnings: tuple[Issue, ...]

    def __str__(self) -> str:
        lines = [str(warning) for warning in self.warnings]
        lines += [f"{f.sha256[:12]} {f.bytes:>10,} {self.folder / f.name}" for f in self.files]
        return "\n".join([*lines, f"{self.quads:,} quads in {self.graphs} graphs"])


def build(
    folder: Path,
    rules: Iterable[str] = (),
    library: Library | None = None,
    vocabulary: Vocabulary | None = None,
) -> BuildReport:
    """Write the compiled knowledge base into `folder` (made where it is missing).

    `rules` are N-Quads lines of the rulebook, which this layer may not read itself. Raises
    ContentError with every fault at its file and line; OSError where nothing can be written.
    """
    library = library or load_library()
    vocabulary = vocabulary or load_vocabulary()
    try:
        ontology = read(CONTENT)
    except ValueError as error:
        raise ContentError([Issue("error", str(error), "ontology")]) from error
    if unknown := unknown_codes(library, ontology):
        raise ContentError(unknown)
    quads = {
        *vocabulary_quads(ontology, vocabulary.places.places, library.bodies),
        *(line for i in library.instruments for line in instrument_quads(i, library.bodies)),
        *list_quads(
            library.register.lists, {i.key: i.number for i in library.instruments if i.number}
        ),
        *(line for i in library.instruments for line in norm_quads(i)),
        *mention_quads(library, ontology),
        *relation_quads((*library.relations, *same_wording(library.instruments))),
        *horizon_quads(library.horizon),
        *(line.rstrip("\n") for line in rules),
    }
    # What follows is written too, so that stores without our rules hold it; a service replaces it.
    quads.update(followed(quads))
    # Sorted by code point, which for UTF-8 is also the order of bytes.
    lines = sorted(quads.union(built_quads(quads)))
    folder.mkdir(parents=True, exist_ok=True)
    files = (
        _write(folder / "graph.nq", "".join(f"{line}\n" for line in lines)),
        _write(folder / "library.json", _json(library)),
    )
    graphs = len({line.rsplit(" ", 2)[1] for line in lines})
    return BuildReport(folder, len(lines), graphs, files, library.warnings)


def _write(path: Path, text: str) -> BuiltFile:
    """Write beside and rename, so that nobody reads half a file."""
    data = text.encode()
    beside = path.with_suffix(path.suffix + ".new")
    beside.write_bytes(data)
    beside.replace(path)
    return BuiltFile(path.name, len(data), hashlib.sha256(data).hexdigest())


def _json(library: Library) -> str:
    document = {
        "instruments": [_instrument(i) for i in sorted(library.instruments, key=lambda i: i.key)],
        "horizon": [
            {
                "number": entry.number,
                "title": entry.title,
                "date": entry.date,
                "jurisdiction": entry.jurisdiction,
                "note": entry.note.to_json(),
                "source": list(entry.source),
            }
            for entry in library.horizon
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _instrument(instrument: Instrument) -> dict[str, Any]:
    known = instrument.in_force
    days = {"from": known.start, "from_latest": known.latest, "until": known.end}
    return {
        "key": instrument.key,
        "iri": instrument.iri,
        "number": instrument.number,
        "title": instrument.title,
        "kind": instrument.kind,
        "authorities": [authority.name for authority in instrument.authorities],
        "jurisdiction": instrument.jurisdiction,
        "issued": instrument.issued.written,
        "in_force": {name: day and day.isoformat() for name, day in days.items()},
        "held": instrument.held,
        "sha256": instrument.sha256,
        "provisions": [
            {
                "eid": provision.eid,
                "label": provision.label,
                "level": provision.level,
                "parent": provision.parent,
                "heading": provision.heading,
                "text": provision.text,
                "source": list(provision.source),
                "repairs": [repair.id for repair in provision.repairs],
                "sentences": [
                    {"id": s.id, "text": s.text, "source": list(s.source)}
                    for s in provision.sentences
                ],
            }
            for provision in instrument.provisions
        ],
    }
