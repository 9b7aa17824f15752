"""Whatever is sent to the operations described, the service itself does not fail (no 5xx).

A few requests for each operation, the same each time; `tests/prove/fuzz.py` sends many.
"""

from __future__ import annotations

from pathlib import Path

import httpx

from service.settings import Settings
from service.shipped import Shipped
from service.sparql.process import query_process
from service.sparql.wire import Limits
from service.store.database import open_database
from service.store.tokens import TokenStore
from tests.service.conftest import DEMOLITION
from tests.service.fuzzing import fuzz
from tests.service.listening import listening


def test_no_request_makes_the_service_fail(tmp_path: Path, shipped: Shipped) -> None:
    graph = tmp_path / "graph.nq"
    graph.write_text(
        "<https://zhunru.example/a> <https://zhunru.example/b> <https://a.example/> .\n"
    )
    url = f"sqlite:///{tmp_path}/zhunru.db"
    with query_process(Limits(1)) as querying:
        settings = Settings(database_url=url, graph_path=graph, sparql_socket=querying.address)
        with listening(settings, shipped) as base:
            answer = httpx.post(
                f"{base}/v1/decisions/admissibility", json=DEMOLITION, timeout=30
            ).json()
            engine = open_database(url)
            _, token = TokenStore(engine).create("legal", "fuzz")
            engine.dispose()
            known = {"id": answer["id"], "revision": answer["revision"]}
            statuses, faults = fuzz(base, 8, known, token)
    assert faults == []
    assert statuses["2xx"] > 50  # it did not only knock at the door
    assert statuses["4xx"] > 100
