"""Deciding by the current revision, with receipts: what the API and the pages ask.

Pure deciding is in `service.deciding`; here is what changes or lasts: the revision that is current,
the day, the thread for long answers, the writer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import perf_counter
from typing import Any

from kb.register import Register
from rules.model import Rulebook
from service.deciding import (
    Answer,
    place_of,
    read_request,
    recorded,
    rule_on,
    today,
    unrecorded,
)
from service.envelope import Detail, Envelope
from service.metrics import Metrics
from service.revisions import Revisions
from service.settings import Settings
from service.store.record import Record
from service.store.writer import Receiver


class DecisionService:
    """Decides requests by the current revision and keeps receipts; shared by all callers.

    `look` gives something that differs once the revision or the lists may: only then are both read.
    """

    def __init__(
        self,
        settings: Settings,
        revisions: Revisions,
        register: Callable[[], Register],
        look: Callable[[], object],
        writer: Receiver,
        metrics: Metrics,
        engine_version: str,
    ) -> None:
        self.settings = settings
        self.revisions = revisions
        self._register = register
        self._look = look
        self._held: tuple[object, Rulebook, Register] | None = None
        self._writer = writer
        self._metrics = metrics
        self._engine_version = engine_version
        # Full answers may take long; one thread keeps them off the event loop, in order.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="deciding")

    def head(self) -> Rulebook:
        """The rulebook that decides now."""
        return self.revisions.head()

    async def decide(
        self, value: object, kind: str, *, record: bool = True, detail: Detail = "full"
    ) -> dict[str, Any]:
        """Decide a request given as JSON; where `record`, return once its receipt is on disk.

        Raises UnknownKind, BadRequest, BadFacts, Busy, StoreFailed, EngineFault.
        """
        answer = await self.answer(value, kind, record=record, detail=detail)
        return answer.to_json()

    async def answer(
        self, value: object, kind: str, *, record: bool = True, detail: Detail = "full"
    ) -> Answer:
        """As `decide`, as a value that knows its bytes."""
        answer = await self.draft(value, kind, record=record, detail=detail)
        if answer.record is not None:
            await self.store([answer.record])
        return answer

    async def answers(
        self, values: Sequence[object], kind: str, *, record: bool = True, detail: Detail = "full"
    ) -> list[Answer | Exception]:
        """Answer several requests, each by itself; their receipts are stored in one transaction.

        A request that cannot be answered is an exception in its place; Busy and StoreFailed are
        raised for all.
        """
        found: list[Answer | Exception] = []
        for value in values:
            try:
                found.append(await self.draft(value, kind, record=record, detail=detail))
            except Exception as error:  # noqa: BLE001 - each stands for itself, as its problem
                found.append(error)
            await asyncio.sleep(0)  # others get their turn between two decisions
        await self.store([a.record for a in found if isinstance(a, Answer) and a.record])
        return found

    async def store(self, records: Sequence[Record]) -> None:
        """Return when the receipts are on disk. Raises Busy, StoreFailed."""
        if records:
            await asyncio.wrap_future(self._writer.submit(records))

    async def draft(
        self, value: object, kind: str, *, record: bool = True, detail: Detail = "full"
    ) -> Answer:
        """As `answer`, but not yet stored: its record must be before it leaves."""
        # Both as they are when the request begins: what is published meanwhile is for the next.
        rulebook, register = self._current()
        envelope = read_request(value, kind, rulebook, detail, self.settings.max_list)
        if envelope.detail == "verdict" and not envelope.several:
            return self._make(value, kind, envelope, rulebook, register, record)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._thread, self._make, value, kind, envelope, rulebook, register, record
        )

    def _current(self) -> tuple[Rulebook, Register]:
        """The rulebook and the lists that decide now. Raises StoreFailed."""
        seen, held = self._look(), self._held
        if held is None or held[0] != seen:
            held = self._held = (seen, self.head(), self._register())
        return held[1:]

    def _make(
        self,
        value: object,
        kind: str,
        envelope: Envelope,
        rulebook: Rulebook,
        register: Register,
        record: bool,
    ) -> Answer:
        began = perf_counter()
        ruling = rule_on(kind, envelope, rulebook, register, today())
        self._metrics.decided(
            kind, str(ruling.body["verdict"]), envelope.detail, perf_counter() - began
        )
        if not record:
            return unrecorded(ruling, self._engine_version)
        bases = tuple(
            replace(basis, place=place_of(case.facts, kind, rulebook, ruling.as_of))
            for basis, case in zip(ruling.bases, envelope.cases, strict=True)
        )
        return recorded(replace(ruling, bases=bases), value, envelope, self._engine_version)

    def close(self) -> None:
        """End the deciding thread after what it is at."""
        self._thread.shutdown()
