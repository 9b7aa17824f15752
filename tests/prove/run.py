"""Run every proof of this folder in turn and write down what each found: `make prove`.

Each is a script of its own; the last lines it prints are its result, its exit code tells whether
it holds. RESULTS.md keeps the last run of each in each size, with its day and revision.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
ROOT: Final = FOLDER.parents[1]
_MOST_LINES: Final = 10
RESULTS: Final = FOLDER / "RESULTS.md"
HEAD: Final = """# What the proofs found

`make prove` and `make prove REDUCED=1` write here, each in the place of its last run.
"""


def main() -> None:
    """Run all, or those named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reduced", action="store_true", help="smaller, for a quick look")
    parser.add_argument("names", nargs="*", help="only these")
    given = parser.parse_args()
    names = [
        file.stem for file in sorted(FOLDER.glob("[!_]*.py")) if file.resolve() != Path(__file__)
    ]
    rows = []
    held = True
    for name in given.names or names:
        print(f"=== {name}", flush=True)
        began = time.monotonic()
        size = ["--reduced"] if given.reduced else []
        command = [sys.executable, "-m", f"tests.prove.{name}", *size]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
            assert running.stdout
            lines = []
            for line in running.stdout:
                print(line, end="", flush=True)
                lines.append(" ".join(line.split()).replace("|", "\\|"))
        held = held and running.returncode == 0
        told = "<br>".join(filter(None, lines[-_MOST_LINES:])) or "it said nothing"
        mark = "holds" if running.returncode == 0 else "**FAILS**"
        seconds = time.monotonic() - began
        rows.append(f"| `{name}` | {mark} | {seconds:.0f} | {_when()} | {told} |")
    _keep("Reduced" if given.reduced else "Full", rows, whole=not given.names)
    sys.exit(0 if held else 1)


def _keep(size: str, rows: list[str], whole: bool) -> None:
    """Put a section in the place of the last one of its size; of some proofs, only their rows."""
    sections = dict(
        part.split("\n", 1)
        for part in (RESULTS.read_text("utf-8") if RESULTS.exists() else HEAD).split("\n## ")[1:]
    )
    kept = []
    if not whole:
        fresh = {row.split("|")[1] for row in rows}
        before = [line for line in sections.get(size, "").splitlines() if line.startswith("| `")]
        kept = [line for line in before if line.split("|")[1] not in fresh]
    head = ["| proof | | s | day, revision | found |", "| --- | --- | --- | --- | --- |"]
    table = [*head, *sorted(kept + rows)]
    sections[size] = "\n".join(["", _where(), "", *table, ""])
    parts = [f"## {name}\n{sections[name].rstrip()}\n" for name in sorted(sections)]
    RESULTS.write_text("\n".join([HEAD, *parts]), "utf-8")


def _where() -> str:
    """The machine, in one line."""
    return (
        f"{os.cpu_count()} cores {platform.machine()}, "
        f"{platform.system()}, CPython {platform.python_version()}"
    )


def _when() -> str:
    """Day and revision, in one line."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True
    )
    return f"{datetime.now(UTC):%Y-%m-%d}, {commit.stdout.strip() or 'unknown'}"


if __name__ == "__main__":
    main()
