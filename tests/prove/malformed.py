"""Malformed YAML, CSV, XLSX, JSON and SPARQL: each a clear error, nothing changed, no process lost.

Texts that are taken are bent at random places, again and again with the same seed. What is still
well-formed by another reader than ours (json, csv, zipfile, the counting of braces) is bent once
more, so that each of them must be refused. JSON, CSV, XLSX and SPARQL go over HTTP to a service
with several processes; rules are files and never come by HTTP, so YAML goes to the reader of rules.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import httpx
import yaml
from openpyxl import Workbook
from sqlalchemy import text

from rules.load import read_rules, rule_files
from service.store.database import open_database
from tests.prove._serving import DECIDE, DEMOLITION, Service, arguments, conclude, serving

SEED: Final = 20170817
NOISE: Final = b"\x00\xff\xfe{}[]()<>\"'\\,:;&*!|%@`?#-\t\r\n0 \xe4\xbd"
SPARQL: Final = (
    "PREFIX zr: <https://zhunru.example/ns#>\n"
    "SELECT ?rule (COUNT(?quote) AS ?n) WHERE {\n"
    "  GRAPH ?g { ?rule zr:cites ?quote .\n"
    "             OPTIONAL { ?quote zr:text ?t FILTER(LANG(?t) = 'zh') } }\n"
    "} GROUP BY ?rule ORDER BY DESC(?n) LIMIT 5"
)
LIST: Final = "序号,事项,依据\n" + "".join(
    f"{n},协助做好第{n}项工作,《条例》第{n}条\n" for n in range(1, 9)
)

Send = Callable[[httpx.Client, bytes], httpx.Response]


def main() -> None:
    """The proof."""
    reduced = arguments(__doc__ or "")
    count, workers = (300, 2) if reduced else (10_000, 2)
    faults = _yaml(count)
    told = [f"YAML {count}"]
    with serving(workers) as service:
        headers = {"authorization": f"Bearer {service.token()}"}
        before, processes = _state(service), _processes(service)
        kinds: list[tuple[str, Iterator[bytes], Send]] = [
            ("JSON", _bent(json.dumps(DEMOLITION).encode(), _no_json), _decide),
            ("CSV", _bent_lists(), lambda c, body: _put(c, body, "text/csv", headers)),
            ("XLSX", _bent(_workbook(), _no_xlsx), lambda c, b: _put(c, b, _XLSX, headers)),
            ("SPARQL", _bent(SPARQL.encode(), _no_sparql), _query),
        ]
        for name, bodies, send in kinds:
            statuses, found = _refused(service, [next(bodies) for _ in range(count)], send)
            faults += [f"{name}: {fault}" for fault in found]
            told.append(f"{name} {count} ({', '.join(map(str, sorted(statuses)))})")
            if _state(service) != before:
                faults.append(f"{name} changed the store: {before} → {_state(service)}")
            if _processes(service) != processes:
                faults.append(f"{name} cost a process: {service.log.read_text()}")
        if log := service.log.read_text():
            faults.append(log)
    conclude(
        f"refused, each with a clear error: {'; '.join(told)}; nothing changed, no process lost",
        faults,
    )


# --- bending -------------------------------------------------------------------------------------


def _bent(good: bytes, refusable: Callable[[bytes], bool]) -> Iterator[bytes]:
    chance = random.Random(SEED)
    while True:
        body = _bend(good, chance)
        while not refusable(body):
            body = _bend(body, chance)
        yield body


def _bend(body: bytes, chance: random.Random) -> bytes:
    """One change: bytes put in, taken away, doubled, swapped, or all after a place lost."""
    at = chance.randrange(len(body) + 1)
    other = min(len(body), at + chance.randrange(1, 20))
    noise = bytes(chance.choice(NOISE) for _ in range(chance.randrange(1, 4)))
    match chance.randrange(5):
        case 0:
            return body[:at] + noise + body[at:]
        case 1:
            return body[:at] + body[other:]
        case 2:
            return body[:other] + body[at:other] * chance.randrange(1, 50) + body[other:]
        case 3:
            return body[:at] + noise + body[other:]
        case _:
            return body[:at]


def _bent_lists() -> Iterator[bytes]:
    """Lists of which no row could be taken as it stands: by the header, the bytes or the rows."""
    chance = random.Random(SEED)
    good = LIST.encode()
    while True:
        match chance.randrange(4):
            case 0:  # no column 事项
                head, _, rows = LIST.partition("\n")
                name = "".join(chance.choices("甲乙丙丁戊己庚辛", k=chance.randrange(0, 6)))
                yield (head.replace("事项", name) + "\n" + rows).encode()
            case 1:  # neither UTF-8 nor GB18030
                at = chance.randrange(len(good))
                yield good[:at] + b"\xff\xff\xff" + good[at:]
            case 2:  # a row twice
                lines = LIST.splitlines(keepends=True)
                yield "".join([*lines, chance.choice(lines[1:])]).encode()
            case _:
                body = _bend(good, chance)
                while not _no_list(body):
                    body = _bend(body, chance)
                yield body


def _no_json(body: bytes) -> bool:
    try:
        json.loads(body.decode())
    except ValueError:
        return True
    return False


def _no_list(body: bytes) -> bool:
    """The header is not there any more, by a reader that knows nothing of lists.

    Blanks in a heading are no harm: 事　项 is how many lists are set.
    """
    try:
        rows = list(csv.reader(io.StringIO(body.decode())))
    except (UnicodeDecodeError, csv.Error):
        return False
    return not any("事项" in "".join(cell.split()) for row in rows for cell in row)


def _no_xlsx(body: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            return package.testzip() is not None
    except Exception:  # noqa: BLE001 - whatever zipfile says of it, it is no ZIP
        return True


def _no_sparql(body: bytes) -> bool:
    try:
        bare = re.sub(r"<[^<>\"{}|^`\\\x00-\x20]*>|'[^'\n\r\\]*'|#[^\n\r]*", " ", body.decode())
    except UnicodeDecodeError:
        return True
    return bare.count("{") != bare.count("}") or bare.count("(") != bare.count(")")


def _workbook() -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet = book.create_sheet()
    for row in csv.reader(io.StringIO(LIST)):
        sheet.append(row)
    book.save(out)
    return out.getvalue()


# --- asking --------------------------------------------------------------------------------------

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _decide(client: httpx.Client, body: bytes) -> httpx.Response:
    return client.post(DECIDE, content=body, headers={"content-type": "application/json"})


def _query(client: httpx.Client, body: bytes) -> httpx.Response:
    return client.post(
        "/sparql", content=body, headers={"content-type": "application/sparql-query"}
    )


def _put(
    client: httpx.Client, body: bytes, media_type: str, headers: dict[str, str]
) -> httpx.Response:
    query = {"title": "清单", "complete": "true", "start": "2018-01-01", "source": "proof"}
    return client.put(
        "/v1/lists/220102/assist",
        params=query,
        content=body,
        headers={"content-type": media_type, **headers},
    )


def _refused(service: Service, bodies: list[bytes], send: Send) -> tuple[set[int], list[str]]:
    """Send all; the statuses that came, and what was no clear refusal."""
    statuses: set[int] = set()

    def one(body: bytes) -> str | None:
        try:
            answer = send(client, body)
        except httpx.TransportError as error:
            return f"{error!r} for {body!r}"
        statuses.add(answer.status_code)
        return _unclear(answer, body)

    with httpx.Client(base_url=service.base, timeout=60) as client, ThreadPoolExecutor(4) as pool:
        return statuses, [fault for fault in pool.map(one, bodies) if fault]


def _unclear(answer: httpx.Response, body: bytes) -> str | None:
    told: dict[str, Any] = {}
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        told = answer.json()
    clear = told.get("type", "").startswith("/problems/") and told.get("detail")
    if 400 <= answer.status_code < 500 and clear:
        return None
    return f"{answer.status_code} {answer.text[:200]!r} for {body[:2000]!r}"


def _state(service: Service) -> tuple[Any, ...]:
    """What must not change: how many rows every table has, and which revision decides."""
    engine = open_database(service.url)
    tables = ("decisions", "revisions", "publications", "lists", "list_rows", "list_mappings")
    try:
        with engine.connect() as connection:
            counts = [
                connection.execute(text(f"SELECT count(*) FROM {t}")).scalar() for t in tables
            ]
            return (*counts, connection.execute(text("SELECT revision FROM head")).scalar())
    finally:
        engine.dispose()


def _processes(service: Service) -> list[int]:
    return sorted(
        pid
        for module in ("service.worker", "service.store.process", "service.sparql.keeper")
        for pid in service.children(module)
    )


# --- rules ---------------------------------------------------------------------------------------


def _yaml(count: int) -> list[str]:
    """Bent files of rules: those that are no YAML must be refused with file, line and column."""
    chance = random.Random(SEED)
    texts = [path.read_bytes()[:6000] for path, _ in rule_files()]
    faults = []
    for _ in range(count):
        body = _bend(chance.choice(texts), chance)
        while not _no_yaml(body):
            body = _bend(body, chance)
        try:
            _, issues = read_rules(body.decode("utf-8", "replace"), "bent.yaml")
        except Exception as error:  # noqa: BLE001 - that is what must not happen
            faults.append(f"YAML: {error!r} for {body[:2000]!r}")
            continue
        errors = [issue for issue in issues if issue.severity == "error"]
        if not errors or not all(re.match(r"bent\.yaml:\d+:\d+$", i.where) for i in errors):
            faults.append(f"YAML: {[str(i) for i in issues][:3]} for {body[:2000]!r}")
    return faults


def _no_yaml(body: bytes) -> bool:
    try:
        found = yaml.safe_load(body.decode("utf-8", "replace"))
    except yaml.YAMLError:
        return True
    except ValueError:  # a date that is none
        return False
    return not isinstance(found, dict) or not isinstance(found.get("rules"), list)


if __name__ == "__main__":
    main()
