"""The bundle that `make setup` makes: its manifest, its names, the licences of what is in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "service/frontend"
DIST = ROOT / "service/static/dist"


@pytest.fixture(scope="module")
def manifest() -> dict[str, str]:
    loaded: dict[str, str] = json.loads((DIST / "manifest.json").read_text("utf-8"))
    return loaded


def test_every_entry_is_bundled_under_the_name_a_browser_loads(manifest: dict[str, str]) -> None:
    entries = {p.name for p in SOURCES.iterdir() if p.suffix in {".ts", ".css"}}
    assert set(manifest) == {re.sub(r"\.ts$", ".js", name) for name in entries}


def test_names_carry_a_hash_so_that_pages_may_keep_the_files(manifest: dict[str, str]) -> None:
    for name, built in manifest.items():
        stem, _, suffix = name.partition(".")
        assert re.fullmatch(rf"{stem}-[A-Z0-9]{{8}}\.{suffix}", built)
        assert (DIST / built).stat().st_size > 0


def test_style_sheets_load_nothing_from_other_hosts(manifest: dict[str, str]) -> None:
    sheets = [built for built in manifest.values() if built.endswith(".css")]
    assert sheets
    for sheet in sheets:
        text = (DIST / sheet).read_text("utf-8")
        assert re.findall(r"url\(\s*[\"']?(?:https?:)?//[^)]*", text) == []
        assert re.findall(r"@import[^;]*", text) == []


def test_the_licence_of_every_bundled_package_is_at_hand() -> None:
    """All but the bundler, what it brings, and what tests use are served to browsers."""
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
    text = (DIST / "THIRD-PARTY-LICENCES.txt").read_text("utf-8")
    for name, version in wanted.items():
        if name not in ("esbuild", "axe-core"):
            assert re.search(rf"^{re.escape(name)} {re.escape(version)} \(.+\)$", text, re.M)
