"""`zhunru build`: vocabulary, schemas, graph, library and rulebook, all from the sources.

Everything is made from what the sources say now before anything is written, so that bad content
leaves the last good build as it was.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kb.build import BuildReport
from kb.build import build as build_graph
from kb.library import Library, load_library
from ontology.compile import compile_all, stale
from ontology.issue import ContentError
from ontology.sources import HERE
from ontology.vocabulary import Vocabulary, load_vocabulary
from rules.cases import load_cases
from rules.export_cases import case_quads
from rules.load import RULEBOOK as FOLDER
from rules.publish import build_rulebook, rule_quads
from rules.schema import schemas
from service.shipped import MARK, RULEBOOK, content_digest


@dataclass(frozen=True, slots=True)
class Built:
    """What a build came to."""

    graph: BuildReport
    revision: str

    def __str__(self) -> str:
        return f"{self.graph}\n{self.revision}"


def build(out: Path, rulebook_path: Path | None = None, ontology: Path = HERE) -> Built:
    """Build into `out`, and write what is compiled beside its sources where it changed.

    Raises ContentError with every fault at its file and line; OSError where nothing can be written.
    """
    _check_writable(out)
    compiled, issues = compile_all(ontology)
    if issues:
        raise ContentError(issues)
    vocabulary = _read(compiled)
    library = load_library()
    rulebook = build_rulebook(vocabulary, library, rulebook_path)
    cases, _ = load_cases(rulebook_path)
    told = [*rule_quads(rulebook, library), *case_quads(cases)]
    report = build_graph(out, told, library, vocabulary)
    replace(out / RULEBOOK, rulebook.document())
    if stale(ontology, compiled):
        for name, text in compiled.items():
            replace(ontology / name, text)
    _write_schemas(vocabulary, library, rulebook_path or FOLDER)
    if rulebook_path is None and ontology == HERE:
        replace(out / MARK, f"{content_digest()} {rulebook.revision}\n".encode())
    return Built(report, rulebook.revision)


def _write_schemas(vocabulary: Vocabulary, library: Library, folder: Path) -> None:
    """The schemas that editors check rule files against, where their words have changed."""
    for name, text in schemas(vocabulary, titles(library)).items():
        path = folder / name
        if not path.exists() or path.read_bytes() != text:
            replace(path, text)


def titles(library: Library) -> dict[str, str]:
    """The titles of the instruments by key."""
    return {instrument.key: instrument.title for instrument in library.instruments}


def _read(compiled: Mapping[str, bytes]) -> Vocabulary:
    """The vocabulary of compiled files that are not in their place yet."""
    with TemporaryDirectory() as folder:
        for name, text in compiled.items():
            Path(folder, name).write_bytes(text)
        return load_vocabulary(Path(folder, "vocabulary.json"), Path(folder, "places.json"))


def _check_writable(folder: Path) -> None:
    """Raises OSError where the folder cannot be made or written: before anything else is done."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    fault = 0 if os.access(there, os.W_OK) else errno.EACCES
    if fault := errno.ENOTDIR if not there.is_dir() else fault:
        raise OSError(fault, os.strerror(fault), os.fspath(folder))


def replace(path: Path, text: bytes) -> None:
    """Write beside and rename, so that nobody reads half a file."""
    beside = path.with_suffix(path.suffix + ".new")
    beside.write_bytes(text)
    beside.replace(path)
