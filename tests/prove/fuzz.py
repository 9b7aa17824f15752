"""Many requests made by schemathesis for every operation of the API, right ones and wrong ones."""

from __future__ import annotations

import httpx

from tests.prove._serving import DEMOLITION, WORKER, arguments, conclude, serving
from tests.service.fuzzing import fuzz


def main() -> None:
    """The proof."""
    examples = 10 if arguments(__doc__ or "") else 300
    with serving(2) as service:
        answer = httpx.post(
            f"{service.base}/v1/decisions/admissibility", json=DEMOLITION, timeout=30
        ).json()
        known = {"id": answer["id"], "revision": answer["revision"]}
        workers = service.children(WORKER)
        statuses, faults = fuzz(service.base, examples, known, service.token())
        if service.children(WORKER) != workers:
            faults.append("a worker was lost")
        if log := service.log.read_text():
            faults.append(log)
    told = ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items()))
    conclude(f"{statuses.total()} requests: {told}; no 5xx, no process lost", faults)


if __name__ == "__main__":
    main()
