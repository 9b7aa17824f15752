"""An application in which administrators may write, as the tests of writing use it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from service.settings import Settings
from tests.service.conftest import Client

BUILT = "https://zhunru.example/graph/built"
MINE = "https://mine.example/graph"
QUAD = f'<https://a.example/s> <https://a.example/p> "one" <{BUILT}> .\n'
STORE = "/rdf-graph-store"
TURTLE = {"content-type": "text/turtle"}
UPDATE = {"content-type": "application/sparql-update"}


class Desk:
    """An application in which administrators may write, and one of them."""

    def __init__(self, client: Client, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.admin = self.token("admin")

    def token(self, role: Any) -> dict[str, str]:
        return {"authorization": f"Bearer {self.client.app.state.tokens.create(role)[1]}"}

    def update(self, text: str, **parameters: Any) -> httpx.Response:
        headers = UPDATE | self.admin
        return self.client.post(
            "/sparql", content=text.encode(), headers=headers, params=parameters
        )

    def put(
        self, data: str | bytes, media: str = "text/turtle", graph: str | None = MINE
    ) -> httpx.Response:
        return self.client.request(
            "PUT",
            STORE,
            params={"graph": graph} if graph else {"default": ""},
            content=data.encode() if isinstance(data, str) else data,
            headers={"content-type": media} | self.admin,
        )

    def get(self, graph: str | None = MINE) -> httpx.Response:
        return self.client.get(
            STORE,
            params={"graph": graph} if graph else {"default": ""},
            headers={"accept": "application/n-triples"},
        )

    def ask(self, pattern: str, **parameters: Any) -> bool:
        answer = self.client.get("/sparql", params={"query": f"ASK {pattern}", **parameters})
        return bool(answer.json()["boolean"])


def settings(folder: Path, socket: Path, *, writing: bool = True, **more: Any) -> Settings:
    (folder / "graph.nq").write_text(QUAD, "utf-8")
    return Settings(
        database_url=f"sqlite:///{folder}/z.db",
        graph_path=folder / "graph.nq",
        sparql_socket=socket,
        sparql_writing=writing,
        **more,
    )
