"""Virtuoso 7 beside us: started in a scratch folder on the loopback address, loaded, ended.

Its settings are those that its makers advise for the size: buffers for all pages of the data, no
limit of rows, time or estimated cost, its text index on every literal.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, perf_counter, sleep
from typing import Final

from tests.benchmarks import start
from tests.benchmarks.sparql_asking import Endpoint

PROGRAM: Final = "virtuoso-t"
CLIENT: Final = "isql-vt"
PACKAGE: Final = "virtuoso-opensource-7-bin"
PATIENCE: Final = 600.0
BUFFERS_PER_MILLION: Final = 60_000
"""Pages of 8 KiB: a million statements with their texts take some 30,000."""

_INI: Final = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
ErrorLogLevel = 3
FileExtend = 200
MaxCheckpointRemap = {buffers}
Striping = 0
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
MaxCheckpointRemap = 2000
Striping = 0

[Parameters]
ServerPort = 127.0.0.1:{sql}
LiteMode = 0
DisableUnixSocket = 1
MaxClientConnections = 40
CheckpointInterval = 0
CaseMode = 2
DirsAllowed = {folder}, {data}
SchedulerInterval = 10
MaxStaticCursorRows = 5000
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
MaxQueryMem = 2G
VectorSize = 1000
MaxVectorSize = 1000000
AdjustVectorSize = 0
ThreadsPerQuery = 4
AsyncQueueMaxThreads = 10

[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 40
MaxKeepAlives = 40
KeepAliveTimeout = 600
HTTPThreadSize = 280000
Charset = UTF-8

[Client]
SQL_QUERY_TIMEOUT = 0
SQL_TXN_TIMEOUT = 0

[SPARQL]
ResultSetMaxRows = 10000000
MaxQueryCostEstimationTime = 0
MaxQueryExecutionTime = 0
"""


def installed() -> bool:
    """Whether its server and its client are there."""
    return bool(shutil.which(PROGRAM) and shutil.which(CLIENT))


@contextmanager
def serving(folder: Path, data: Path, statements: int) -> Iterator[tuple[Endpoint, int, float]]:
    """A server that has loaded a file of N-Quads, its process, and the seconds that loading took.

    Raises RuntimeError where it does not load what it should, TimeoutError.
    """
    port, sql = start.free_port(), start.free_port()
    buffers = max(10_000, BUFFERS_PER_MILLION * (statements // 1_000_000 + 1))
    ini = folder / "virtuoso.ini"
    ini.write_text(
        _INI.format(
            folder=folder,
            data=data.parent,
            port=port,
            sql=sql,
            buffers=buffers,
            dirty=buffers * 3 // 4,
        ),
        "utf-8",
    )
    # -f: stay in the foreground, so that it ends with us.
    running = subprocess.Popen(
        [PROGRAM, "-f", "-c", str(ini)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until_up(sql, running)
        began = perf_counter()
        _load(sql, data)
        seconds = perf_counter() - began
        yield Endpoint(port, "/sparql"), running.pid, seconds
    finally:
        running.terminate()
        try:
            running.wait(start.PATIENCE)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _until_up(sql: int, running: subprocess.Popen[bytes]) -> None:
    limit = monotonic() + start.PATIENCE
    while monotonic() < limit:
        if running.poll() is not None:
            raise RuntimeError(f"{PROGRAM} ended with {running.returncode}")
        if _said(sql, "status('');", check=False):
            return
        sleep(0.2)
    raise TimeoutError(f"{PROGRAM} does not answer")


def _load(sql: int, data: Path) -> None:
    _said(sql, "DB.DBA.RDF_OBJ_FT_RULE_ADD (null, null, 'All');")
    _said(sql, f"ld_dir ('{data.parent}', '{data.name}', 'urn:bench:none');")
    _said(sql, "rdf_loader_run ();")
    _said(sql, "DB.DBA.VT_INC_INDEX_DB_DBA_RDF_OBJ ();")
    _said(sql, "checkpoint;")
    told = _said(
        sql, "select ll_error from DB.DBA.LOAD_LIST where ll_state <> 2 or ll_error is not null;"
    )
    if "0 Rows" not in told:
        raise RuntimeError(f"{PROGRAM} did not load: {told[:300]}")


def _said(sql: int, statement: str, *, check: bool = True) -> str:
    """What its client prints after a statement; empty where it failed and need not work."""
    done = subprocess.run(
        [CLIENT, f"127.0.0.1:{sql}", "dba", "dba", f"exec={statement}"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    failed = done.returncode != 0 or "*** Error" in done.stdout + done.stderr
    if failed and check:
        raise RuntimeError(f"{statement} {done.stdout[-300:]} {done.stderr[-300:]}")
    return "" if failed else done.stdout
