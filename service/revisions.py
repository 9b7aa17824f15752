"""The rulebook that decides, and earlier ones for replays: a bounded cache over the store.

Every decision asks the store which revision is current, so that a publish acknowledged anywhere
governs every later decision; the rulebook itself is read and compiled once.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

import orjson

from ontology.places import PlaceTable
from rules.model import Rulebook
from service.errors import StoreFailed, UnknownRevision
from service.store.revisions import RevisionStore


class Revisions:
    """Rulebooks by revision: at most `capacity`, the least recently used is let go."""

    def __init__(self, store: RevisionStore, places: PlaceTable, capacity: int) -> None:
        self._store = store
        self._places = places
        self._capacity = capacity
        self._held: OrderedDict[str, Rulebook] = OrderedDict()
        self._lock = threading.Lock()

    def head(self) -> Rulebook:
        """The rulebook that decides now. Raises StoreFailed where that cannot be known."""
        revision = self._store.head()
        if revision is None:
            raise StoreFailed("no rulebook is published")
        return self.get(revision)

    def get(self, revision: str) -> Rulebook:
        """The rulebook of a revision. Raises UnknownRevision."""
        with self._lock:
            held = self._held.get(revision)
            if held is not None:
                self._held.move_to_end(revision)
                return held
        rulebook = self._read(revision)
        self.keep(rulebook)
        return rulebook

    def look(self, revision: str) -> Rulebook:
        """As `get`, without driving anything out of the cache: for who only looks at it."""
        with self._lock:
            held = self._held.get(revision)
        return held or self._read(revision)

    def _read(self, revision: str) -> Rulebook:
        document = self._store.document(revision)
        if document is None:
            raise UnknownRevision(f"{revision[:80]} was not published here")
        rulebook = Rulebook.from_json(orjson.loads(document), self._places)
        if rulebook.revision != revision:
            raise StoreFailed(f"the stored document of {revision} is damaged")
        return rulebook

    def publish(self, rulebook: Rulebook, note: str) -> bool:
        """Store a rulebook and let it decide; false where its revision is stored already."""
        fresh = self._store.publish(rulebook.revision, rulebook.document(), note)
        self.keep(rulebook)
        return fresh

    @property
    def store(self) -> RevisionStore:
        """What is published, and what decides."""
        return self._store

    @property
    def places(self) -> PlaceTable:
        """The table of places that stored revisions are read with."""
        return self._places

    def keep(self, rulebook: Rulebook) -> None:
        """Hold a rulebook in memory."""
        with self._lock:
            self._held[rulebook.revision] = rulebook
            self._held.move_to_end(rulebook.revision)
            while len(self._held) > self._capacity:
                self._held.popitem(last=False)
