"""The thirteen queries of `queries/`, as each contender asks them in its own best way.

`05-words.rq` is ours; `05-words.peers.rq` is what the others ask for the same, `05-words.rdflib.rq`
what one of them does. The first comment says what is asked, and by what kind of query.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).with_name("queries")
OURS: Final = "zhunru"
BARE: Final = "pyoxigraph"
VIRTUOSO: Final = "virtuoso"
RDFLIB: Final = "rdflib"
CONTENDERS: Final = (OURS, BARE, VIRTUOSO, RDFLIB)
EXPORT: Final = "07-export"
AD_HOC: Final = "Ad hoc"


@dataclass(frozen=True)
class Question:
    """A query by name, its kind and what it asks, and its text by contender."""

    name: str
    kind: str
    asks: str
    texts: Mapping[str, str]

    def unlimited(self, contender: str) -> str:
        """The text without its limit, which any rows may fill."""
        return self.texts[contender].partition("LIMIT")[0]

    @property
    def limited(self) -> bool:
        """Whether it has one."""
        return "LIMIT" in self.texts[OURS]


def questions(parameters: Mapping[str, str]) -> list[Question]:
    """All of them in order, with the things asked about put in."""
    names = sorted(path.stem for path in HERE.glob("*.rq") if "." not in path.stem)
    return [_question(name, parameters) for name in names]


def _question(name: str, parameters: Mapping[str, str]) -> Question:
    own = HERE.joinpath(f"{name}.rq").read_text("utf-8")
    comment = " ".join(
        line.removeprefix("#").strip() for line in own.splitlines() if line.startswith("#")
    )
    kind, _, asks = comment.partition(": ")
    return Question(
        name,
        kind,
        asks,
        {contender: _filled(_text(name, contender), parameters) for contender in CONTENDERS},
    )


def _text(name: str, contender: str) -> str:
    first = [f"{name}.{contender}.rq", *([] if contender == OURS else [f"{name}.peers.rq"])]
    path = next((HERE / each for each in first if (HERE / each).exists()), HERE / f"{name}.rq")
    return path.read_text("utf-8")


def _filled(text: str, parameters: Mapping[str, str]) -> str:
    for name, iri in parameters.items():
        text = text.replace(f"<urn:bench:{name}>", f"<{iri}>")
    return text
