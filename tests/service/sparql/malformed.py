"""Queries that somebody got wrong: the competency questions with tokens lost, added, swapped."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from kb.query import queries

_PIECE = re.compile(r"\s+|\w+|.", re.DOTALL)
_WORDS = (
    "SELECT WHERE FILTER OPTIONAL UNION SERVICE FROM GRAPH BIND AS VALUES MINUS CONSTRUCT ASK BASE "
    "DESCRIBE PREFIX LIMIT ORDER GROUP COUNT REGEX STR IRI NOT EXISTS { } ( ) [ ] < > << >> {| |} "
    '?x <http://x/> zr:Rule _:b "a" " \' """ @zh ^^ # \\ \\u0053 * + / ^ | a ; . , - ! 1 1e9 居'
)
_BITS = [*_WORDS.split(), "\n", "\0", "\ufeff"]


def malformed(seed: int, count: int) -> Iterator[str]:
    """So many texts, the same for the same seed; a few of them are right after all."""
    chance = random.Random(seed)
    questions = [question.text for question in queries()]
    for _ in range(count):
        kind = chance.random()
        if kind < 0.75:
            yield _mutated(chance, _PIECE.findall(chance.choice(questions)))
        elif kind < 0.95:
            yield " ".join(chance.choices(_BITS, k=chance.randint(1, 40)))
        else:
            points = [chance.choice((chance.randrange(1, 128), chance.randrange(0x4E00, 0x9FFF)))
                      for _ in range(chance.randint(0, 200))]  # fmt: skip
            yield "".join(map(chr, points))


def _mutated(chance: random.Random, pieces: list[str]) -> str:
    for _ in range(chance.randint(1, 6)):
        at, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        match chance.randrange(4):
            case 0 if len(pieces) > 1:
                del pieces[at]
            case 1:
                pieces.insert(at, chance.choice(_BITS))
            case 2:
                pieces[at] = chance.choice(_BITS)
            case _:
                pieces[at], pieces[other] = pieces[other], pieces[at]
    return "".join(pieces)
