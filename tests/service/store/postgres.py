"""A PostgreSQL server of its own for tests and proofs: temporary, reached by a Unix socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_DEBIAN = Path("/usr/lib/postgresql")


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl, or None. Debian leaves the servers' own off the PATH."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    return versions[-1].parent if versions else None


@contextmanager
def cluster(folder: Path | None = None) -> Iterator[str]:
    """A running server; its URL, of an empty database. `folder` is one the server may enter."""
    with tempfile.TemporaryDirectory(prefix="zhunru-pg-", dir=folder) as made:
        home, programs = Path(made), binaries()
        assert programs, "no PostgreSQL here"
        data, account = home / "data", _account(home)

        def run(program: str, *arguments: str) -> None:
            command = [str(programs / program), *arguments]
            done = subprocess.run(command, cwd=home, capture_output=True, text=True, **account)
            if done.returncode:
                raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")

        run(
            "initdb",
            f"--pgdata={data}",
            *["-U", "zhunru", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        )
        options = f"-c listen_addresses='' -c unix_socket_directories={home}"
        # pg_ctl leaves the server its own output streams, so they go to a file.
        control = ("pg_ctl", f"--pgdata={data}", "--wait", f"--log={home}/log")
        run(*control, f"--options={options}", "start")
        try:
            yield f"postgresql+psycopg://zhunru@/postgres?host={home}"
        finally:
            run(*control, "--mode=immediate", "stop")


def _account(home: Path) -> dict[str, Any]:
    """Whom it runs as: the server refuses root, so then another user, who is given the folder."""
    if os.getuid():
        return {}
    names = {user.pw_name: user for user in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    os.chown(home, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
