"""Pages looked at by axe-core (https://github.com/dequelabs/axe-core), WCAG 2.1 A and AA."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"


def serious(page: Page) -> list[str]:
    """The serious and critical violations of the page as it is now, each with what has it."""
    page.evaluate(SCRIPT.read_text("utf-8") + ";0")
    found: list[dict[str, Any]] = page.evaluate("axe.run()")["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:200]}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


def fits(page: Page) -> bool:
    """Whether nothing makes the page wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
