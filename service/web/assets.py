"""Addresses of the built front-end files, from the manifest that the bundler writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MOUNT: Final = "/static/dist/"


@dataclass(frozen=True, slots=True)
class Assets:
    """Source name → built file name: `app.js` → `app-3F2A.js`."""

    built: Mapping[str, str]

    def url(self, name: str) -> str:
        """The address of a built file; a name the manifest lacks is served unhashed."""
        return MOUNT + self.built.get(name, name)


def load_assets(folder: Path) -> Assets:
    """The assets of a folder with a `manifest.json`; none where nothing has been built yet."""
    manifest = folder / "manifest.json"
    return Assets(json.loads(manifest.read_text("utf-8")) if manifest.exists() else {})
