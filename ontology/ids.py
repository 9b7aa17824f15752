"""IRIs of everything the knowledge base names; the only place where they are minted and read.

`/id/…` names a thing, `/ns#…` a term, `/graph/…` a named graph.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

BASE: Final = "https://zhunru.example/"
NS: Final = f"{BASE}ns#"

Kind = Literal[
    "instrument",
    "provision",
    "norm",
    "relation",
    "body",
    "code-list",
    "code",
    "list",
    "list-row",
    "rule",
    "revision",
    "decision-kind",
    "fact",
    "place",
    "programme",
    "programme-part",
    "indicator",
    "observation",
    "dataset",
    "dataset-part",
    "standing",
    "later",
    "case",
    "publication",
    "decision",
]

_PATHS: Final[dict[Kind, str]] = {
    "instrument": "id/doc/{}",
    "provision": "id/doc/{}/{}",
    "norm": "id/norm/{}/{}",
    "relation": "id/relation/{}",
    "body": "id/body/{}",
    "code-list": "id/code/{}",
    "code": "id/code/{}/{}",
    "list": "id/list/{}",
    "list-row": "id/list/{}/{}",
    "rule": "id/rule/{}",
    "revision": "id/revision/{}",
    "decision-kind": "id/kind/{}",
    "fact": "id/fact/{}/{}",
    "place": "id/place/{}",
    "programme": "id/programme/{}",
    "programme-part": "id/programme/{}/{}",
    "indicator": "id/indicator/{}",
    "observation": "id/observation/{}",
    "dataset": "id/dataset/{}",
    "dataset-part": "id/dataset/{}/{}",
    "standing": "id/standing/{}/{}",
    "later": "id/later/{}",
    "case": "id/case/{}/{}",
    "publication": "id/publication/{}",
    "decision": "id/decision/{}",
}
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

# One segment: no slash, and nothing that an IRI would have to escape. A colon names a hash.
_SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")
_BY_FOLDER: Final[dict[tuple[str, int], Kind]] = {
    (path.split("/")[1], path.count("{}")): kind for kind, path in _PATHS.items()
}


@dataclass(frozen=True, slots=True)
class Named:
    """What an IRI names: its kind and the local names in it."""

    kind: Kind
    parts: tuple[str, ...]

    @property
    def iri(self) -> str:
        """The IRI again."""
        return mint(self.kind, *self.parts)


def arity(kind: Kind) -> int:
    """How many local names the IRI of a kind of thing has."""
    return _PATHS[kind].count("{}")


def mint(kind: Kind, *parts: str) -> str:
    """The IRI of a thing; ValueError where a local name is missing or cannot stand in an IRI."""
    if len(parts) != arity(kind):
        raise ValueError(f"a {kind} has {arity(kind)} local names, not {len(parts)}")
    for part in parts:
        if not _SEGMENT.fullmatch(part):
            raise ValueError(f"{part!r} cannot stand in the IRI of a {kind}")
    return BASE + _PATHS[kind].format(*parts)


def parse(iri: str) -> Named | None:
    """What an IRI of this base names; None for any other IRI."""
    if not iri.startswith(f"{BASE}id/"):
        return None
    folder, *parts = iri.removeprefix(f"{BASE}id/").split("/")
    kind = _BY_FOLDER.get((folder, len(parts)))
    if kind is None or not all(_SEGMENT.fullmatch(part) for part in parts):
        return None
    return Named(kind, tuple(parts))


def term(name: str) -> str:
    """The IRI of a term of the ontology (`policy.ttl`)."""
    return NS + name


def graph_iri(name: str) -> str:
    """The IRI of a named graph: doc/{key}, vocabulary, rules, lists, derived/{rule} …"""
    return f"{BASE}graph/{name}"


def instrument_iri(key: str) -> str:
    """The IRI of an instrument."""
    return mint("instrument", key)


def provision_iri(key: str, eid: str) -> str:
    """The IRI of a provision of an instrument."""
    return mint("provision", key, eid)


def body_iri(key: str) -> str:
    """The IRI of a body that makes instruments."""
    return mint("body", key)


def list_iri(list_id: str) -> str:
    """The IRI of a registered list."""
    return mint("list", list_id)


def list_row_iri(list_id: str, row: int) -> str:
    """The IRI of a row of a registered list."""
    return mint("list-row", list_id, str(row))


def code_list_iri(list_id: str) -> str:
    """The IRI of a code list (SKOS concept scheme)."""
    return mint("code-list", list_id)


def code_iri(list_id: str, code: str) -> str:
    """The IRI of a code."""
    return mint("code", list_id, code)


def rule_iri(rule_id: str) -> str:
    """The IRI of a rule."""
    return mint("rule", rule_id)


def fact_iri(kind: str, name: str) -> str:
    """The IRI of a fact of a decision kind."""
    return mint("fact", kind, name)


def later_iri(title: str) -> str:
    """The IRI of a later instrument known by its title only, whose number may be unknown."""
    return mint("later", hashlib.sha256(title.encode()).hexdigest()[:16])


def place_iri(code: str) -> str:
    """The IRI of a place by its GB/T 2260 code."""
    return mint("place", code)


def case_iri(rule_id: str, number: int) -> str:
    """The IRI of a case: the cases of a rule are counted in the order of their files."""
    return mint("case", rule_id, str(number))


def decision_iri(decision_id: str) -> str:
    """The IRI of a decision: "d." before its id, which may begin as no local name does."""
    return mint("decision", f"d.{decision_id}")


def decision_id(iri: str) -> str:
    """The id of a decision by its IRI; "" for any other IRI."""
    named = parse(iri)
    if named is None or named.kind != "decision" or not named.parts[0].startswith("d."):
        return ""
    return named.parts[0].removeprefix("d.")
