"""Revisions and lists published while several workers decide: none fails, none uses an old one.

Each decision must name a revision and a list that were in force at some moment between its being
asked and its answer. So one whose successor was acknowledged before the decision was asked is a
fault, and so is one that nobody had begun to publish when the answer was there.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, replace

import httpx

from ontology.label import Label
from rules.model import Rulebook
from service.shipped import load_shipped
from service.store.database import open_database
from service.store.revisions import RevisionStore
from tests.prove._serving import Load, arguments, conclude, register, serving


@dataclass(frozen=True, slots=True)
class Published:
    """What was published, when that began, and when it was acknowledged."""

    name: str
    begun: float
    done: float


def main() -> None:
    """The proof."""
    reduced = arguments(__doc__ or "")
    workers, seconds, times = (2, 25.0, 10) if reduced else (4, 300.0, 50)
    shipped = load_shipped().rulebook
    revisions = [Published(shipped.revision, 0.0, 0.0)]
    lists: list[Published] = []
    with serving(workers) as service:
        engine = open_database(service.url)
        store, token = RevisionStore(engine), service.token()
        client = httpx.Client(base_url=service.base, timeout=60)
        with Load(service.base, 2 * workers) as load:
            began = time.monotonic()
            for number in range(times):
                time.sleep(max(began + number * seconds / times - time.monotonic(), 0))
                _publish(store, _variant(shipped, number), revisions)
                begun = time.monotonic()
                name = register(client, token, number)
                lists.append(Published(name, begun, time.monotonic()))
            time.sleep(max(began + seconds - time.monotonic(), 0))
        client.close()
        store.close()
        engine.dispose()
        up = len(service.children("service.worker"))
        log = service.log.read_text()
    faults = [f"refused with {status}: {why}" for status, why in load.refused]
    faults += [] if up == workers else [f"{workers - up} workers were lost"]
    faults += [log] if log else []
    for asked, answered, body in load.answers:
        faults += _fault(revisions, body["revision"], asked, answered)
        of_place = [one for one in body["lists"] if any(one == made.name for made in lists)]
        if len(of_place) > 1 or (not of_place and lists[0].done < asked):
            faults.append(f"lists {of_place} at {asked:.3f}")
        for one in of_place:
            faults += _fault(lists, one, asked, answered)
    by = Counter(body["revision"] for _, _, body in load.answers)
    waits = sorted(answered - asked for asked, answered, _ in load.answers)
    half, most = waits[len(waits) // 2], waits[len(waits) * 99 // 100]
    conclude(
        f"{workers} workers, {seconds:.0f} s, {times} revisions and {len(lists)} lists published: "
        f"{len(waits)} decisions by {len(by)} revisions, each by what was in force; median "
        f"{half * 1e3:.1f} ms, 99 % {most * 1e3:.0f} ms, longest {waits[-1] * 1e3:.0f} ms",
        faults,
    )


def _variant(rulebook: Rulebook, number: int) -> Rulebook:
    """The same law under another revision: a title differs, which every document has."""
    first, *others = rulebook.rules["admissibility"]
    changed = replace(first, title=Label(f"第{number}次发布", f"publication {number}"))
    return replace(rulebook, rules={**rulebook.rules, "admissibility": (changed, *others)})


def _publish(store: RevisionStore, rulebook: Rulebook, published: list[Published]) -> None:
    document, before = rulebook.document(), published[-1].name
    begun = time.monotonic()
    store.make_current(rulebook.revision, document, "proof", "proof", before)
    published.append(Published(rulebook.revision, begun, time.monotonic()))


def _fault(published: list[Published], name: str, asked: float, answered: float) -> list[str]:
    at = next((n for n, one in enumerate(published) if one.name == name), None)
    if at is None:
        return [f"{name} was never published"]
    if published[at].begun > answered:
        return [f"{name} decided before it was published"]
    if at + 1 < len(published) and published[at + 1].done < asked:
        return [f"{name} decided {asked - published[at + 1].done:.3f} s after it was replaced"]
    return []


if __name__ == "__main__":
    main()
