"""The graph that is asked, by the settings: in the query process beside, or in another store."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import httpx

from service.errors import BadSetting
from service.settings import Settings
from service.sparql.asking import Graph
from service.sparql.decided import DecidedGraph
from service.sparql.embedded import EmbeddedGraph
from service.sparql.limits import allowance_of, limits_of
from service.sparql.projection import Projection
from service.sparql.remote import RemoteGraph
from service.sparql.written import Written


def open_graph(
    settings: Settings,
    projections: Sequence[Projection],
    decided: DecidedGraph | None = None,
    look: Callable[[], object] = object,
) -> Graph:
    """The graph; `projections` go into the embedded one, `decided` beside it. Raises BadSetting.

    `look` tells whether what is projected may have changed.
    """
    allowance = allowance_of(settings)
    if settings.sparql_url:
        if settings.sparql_writing:
            raise BadSetting(
                "ZHUNRU_SPARQL_WRITING writes to the embedded store, not to ZHUNRU_SPARQL_URL",
                hint="set one of the two",
            )
        return RemoteGraph(_url(settings.sparql_url), allowance, limits_of(settings))
    written = settings.sparql_written or settings.graph_path.with_name("written.nq")
    return EmbeddedGraph(
        settings.sparql_socket,
        settings.graph_path,
        projections,
        allowance,
        Written(written) if settings.sparql_writing else None,
        decided,
        look,
    )


def _url(text: str) -> str:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise BadSetting(
            "ZHUNRU_SPARQL_URL is no address of an endpoint", hint="such as http://host:7878/query"
        )
    return text
