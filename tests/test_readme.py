"""The README's first screen is true: its request, decided for real, gets the answer shown."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from kb.library import load_library
from ontology.vocabulary import load_vocabulary
from rules.decide import decide
from rules.publish import build_rulebook

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def _block(language: str, holding: str) -> str:
    blocks: list[str] = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return next(block for block in blocks if holding in block)


def _lacks(shown: Any, real: Any, path: str = "$") -> list[str]:
    """Paths at which what is shown is not so in reality; lists are compared from their start."""
    if isinstance(shown, dict) and isinstance(real, dict):
        return [p for k, v in shown.items() for p in _lacks(v, real.get(k), f"{path}.{k}")]
    if isinstance(shown, list) and isinstance(real, list) and len(shown) <= len(real):
        return [p for i, v in enumerate(shown) for p in _lacks(v, real[i], f"{path}[{i}]")]
    return [] if shown == real else [path]


def test_the_request_of_the_readme_gets_the_answer_of_the_readme() -> None:
    # DESIGN §6: the README shows a real request and its real answer.
    request = json.loads(_block("sh", "curl").split("-d '")[1].rsplit("'", 1)[0])
    shown = json.loads(_block("json", "verdict"))
    rulebook = build_rulebook(load_vocabulary(), load_library())
    day = date.fromisoformat(request["as_of"])
    real = decide("admissibility", request["facts"], day, rulebook).to_json()
    assert _lacks(shown, json.loads(json.dumps(real))) == []


def test_every_command_of_the_readme_exists() -> None:
    # A newcomer types what stands here: each make target and each command must be there.
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"\bmake ([a-z]+)", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
