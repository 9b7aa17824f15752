"""Everything that can be set, each from an environment variable ZHUNRU_<NAME>.

Only the composition root reads them; every field has a default that is safe on one machine.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic.functional_validators import BeforeValidator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _words(value: object) -> object:
    """A comma-separated environment value as a tuple of words."""
    return (
        tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value
    )


LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")


class Settings(BaseSettings):
    """Settings of one service process."""

    model_config = SettingsConfigDict(env_prefix="ZHUNRU_", frozen=True, extra="ignore")

    database_url: str = Field(
        "sqlite:///var/zhunru.db",
        description="SQLAlchemy URL of the store; a relative path starts at the working directory.",
    )
    host: str = Field("127.0.0.1", description="Address that `zhunru serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port; 0 lets the system choose one.")
    workers: int = Field(1, ge=1, le=64, description="Web processes that share the port.")
    allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)] = Field(
        (),
        description="Host names, comma-separated, that requests may name besides loopback. "
        "Listening on any other address than loopback is refused while this is empty.",
    )
    max_body_bytes: int = Field(
        2**20, ge=1024, description="Largest request body; of an NDJSON stream, largest line."
    )
    max_list: int = Field(
        1000, ge=1, description="Most requests in one JSON list, and most items in one request."
    )
    write_queue: int = Field(
        1024, ge=1, description="Answers that may wait for their receipt to be stored before 503."
    )
    writer_socket: Path | None = Field(
        None,
        description="Unix socket of the process that writes for several workers; "
        "`zhunru serve` sets this.",
    )
    cached_revisions: int = Field(
        8, ge=1, description="Revisions of the rulebook kept compiled in memory."
    )
    rulebook_path: Path | None = Field(
        None, description="Folder of the rulebook's YAML instead of the shipped one."
    )

    graph_path: Path = Field(
        Path("var/graph/graph.nq"), description="The built graph that SPARQL asks."
    )
    sparql_socket: Path | None = Field(
        None,
        description="Unix socket of the query process; `zhunru serve` starts one and sets this.",
    )
    sparql_url: str | None = Field(
        None,
        description="SPARQL 1.1 endpoint that is asked in place of the query process: any server; "
        "what it holds is loaded into it by whoever runs it.",
    )
    sparql_workers: int = Field(4, ge=1, le=64, description="Queries that run at once.")
    sparql_waiting: int = Field(
        16, ge=1, description="Queries that may wait for a worker before 429."
    )
    sparql_seconds: float = Field(30, gt=0, description="Deadline of a query; timeout= lowers it.")
    sparql_rows: int = Field(100_000, ge=1, description="Most rows or statements of an answer.")
    sparql_bytes: int = Field(64 * 2**20, ge=1024, description="Most bytes of an answer.")
    sparql_memory: int = Field(
        2**30, ge=2**26, description="Most memory, in bytes, that a query may take."
    )
    sparql_running: int = Field(
        0,
        ge=0,
        description="Queries without a token that run at once; 0: as many as there are workers.",
    )
    sparql_client: int = Field(
        2,
        ge=0,
        description="Queries of one client (a token, or an address beyond the loopback) "
        "that run at once; 0: any number.",
    )
    sparql_roles: str = Field(
        "analyst seconds=120 rows=1000000 bytes=1073741824",
        description="What a token gives beside the limits above: for each role any of seconds, "
        "rows, bytes, memory and running; a role has what the one before it has.",
    )
    sparql_writing: bool = Field(
        False,
        description="Whether administrators may write graphs of their own by SPARQL Update and the "
        "Graph Store Protocol.",
    )
    sparql_written: Path | None = Field(
        None, description="File of what they write; unset, written.nq beside the built graph."
    )
    sparql_decisions: int = Field(
        1000,
        ge=0,
        description="Latest decisions that are in the graph for who may read receipts; 0: none.",
    )
    sparql_decisions_seconds: float = Field(
        60, ge=0, description="How old what the graph tells of decisions may be."
    )
    dumps_path: Path | None = Field(
        None, description="Folder of the dumps; unset, dumps beside the built graph."
    )
    sparql_slow_seconds: float = Field(
        5, gt=0, description="A query that ran so long is logged, without the values in it."
    )

    kept_bytes: int = Field(
        2**20, ge=1024, description="Most bytes of a result of a query that is kept."
    )
    kept_results: int = Field(
        1000, ge=0, description="Results of queries that may be kept; 0: none may."
    )

    @property
    def hosts(self) -> frozenset[str]:
        """Every host name a request may name, in lower case and without a port."""
        return frozenset(h.lower() for h in (*LOOPBACK_HOSTS, *self.allowed_hosts))
