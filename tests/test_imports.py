"""The import contracts in pyproject catch what they are there to catch.

A contract that ignores too much passes as quietly as one that is kept, so each is shown a small
tree that keeps all of them, and then the same tree with one import that it must refuse.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PYPROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"

# Every import that the contracts allow on purpose.
TREE = {
    "ontology/__init__.py": "",
    "ontology/ids.py": "import rdflib",
    "ontology/reason.py": "import owlready2",
    "ontology/vocabulary.py": "",
    "kb/__init__.py": "",
    "kb/library.py": "import ontology.ids",
    "kb/store.py": "import pyoxigraph",
    "rules/__init__.py": "",
    "rules/model.py": "import ontology.vocabulary",
    "rules/engine.py": "import durable.lang\nimport durable_rules_engine\nimport rules.model",
    "rules/check.py": "import kb\nimport kb.library\nimport ontology.ids\nimport rules.model",
    "rules/publish.py": "import kb.library\nimport rules.check",
    "service/__init__.py": "",
    "service/app.py": "import kb.store\nimport rules.engine\nimport rules.publish",
}
DIRECTION = "Imports point one way: ontology <- kb <- rules <- service"
PURE = "Deciding reaches neither kb nor an RDF library"

PLANTED = [
    ("ontology/vocabulary.py", "import kb", DIRECTION),
    ("kb/library.py", "import rules.model", DIRECTION),
    ("rules/check.py", "import service.app", DIRECTION),
    ("rules/model.py", "import kb", PURE),
    ("rules/model.py", "import kb.library", PURE),
    ("rules/model.py", "import ontology.ids", PURE),
    ("rules/check.py", "import rdflib", PURE),
    ("rules/engine.py", "import rules.check", "Only publishing imports the modules of rules"),
    ("rules/model.py", "import durable.engine", "Only rules.engine imports durable_rules"),
    ("service/app.py", "import durable_rules_engine", "Only rules.engine imports durable_rules"),
    ("service/app.py", "import pyoxigraph", "Only kb.store imports pyoxigraph"),
    ("kb/library.py", "import owlready2", "Only ontology.reason imports owlready2"),
]


def lint(root: Path, tree: dict[str, str]) -> subprocess.CompletedProcess[str]:
    for name, text in tree.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text + "\n", "utf-8")
    program = "import sys; from importlinter.cli import lint_imports_command as run; run()"
    return subprocess.run(
        [sys.executable, "-P", "-c", program, "--config", str(PYPROJECT), "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
    )


def test_what_is_allowed_passes(tmp_path: Path) -> None:
    done = lint(tmp_path, TREE)
    assert done.returncode == 0, done.stdout
    assert "6 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(("where", "line", "contract"), PLANTED)
def test_what_is_not_is_caught(tmp_path: Path, where: str, line: str, contract: str) -> None:
    done = lint(tmp_path, TREE | {where: f"{TREE[where]}\n{line}"})
    broken = [text for text in done.stdout.splitlines() if "BROKEN" in text]
    assert any(text.startswith(contract) for text in broken), done.stdout
