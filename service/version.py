"""Which release answers: the version is written once, in pyproject.toml."""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path

_DISTRIBUTION = "zhunru"
_PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"


def version() -> str:
    """The version of this release; from the sources where the distribution is not installed."""
    if _PROJECT.is_file():
        # An editable install keeps the metadata of the day it was made; the sources are newer.
        return str(tomllib.loads(_PROJECT.read_text("utf-8"))["project"]["version"])
    return metadata.version(_DISTRIBUTION)


def engine_version() -> str:
    """What decided, as receipts name it: this release and the engine beneath it."""
    return f"zhunru/{version()} durable_rules/{metadata.version('durable_rules')}"
