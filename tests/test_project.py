"""What holds for the repository as a whole: its shape, its locks, and the names it claims."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("ontology", "kb", "rules", "service")
LOCKS = {
    "requirements.lock": None,
    "requirements-build.lock": "build",
    "requirements-test.lock": "test",
    "requirements-bench.lock": "bench",
}

# The layers, their tests, and what a tool or the licence looks for at the root by name.
TOP_LEVEL = {
    *LAYERS,
    *LOCKS,
    "tests",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "NOTICE",
    "Makefile",
    "package.json",
    "package-lock.json",
    ".ci",
    ".gitattributes",
    ".gitignore",
    ".npmrc",
}

LINES = 400
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}

# Where packages come from and where a checkout lies are settings of a machine.
HOSTS = re.compile(
    rb"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|npmmirror|tuna\.tsinghua|mirrors?\.aliyun"
    rb"|/simple/|--(?:extra-)?index-url|--find-links"
)
MACHINE_PATHS = re.compile(rb"(?<![\w./>-])/(?:home|root|Users|work|mnt)/[\w.-]+")


def tracked(pattern: str = "") -> list[Path]:
    """Paths of the files in git, from the root; with a pattern only those that match it."""
    # The checkout of a CI run may belong to another user than the one that runs it.
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "-z",
        "--",
        *([pattern] * bool(pattern)),
    ]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode()
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()]


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def pins(lock: str) -> dict[str, Version]:
    text = (ROOT / lock).read_text("utf-8")
    return {m[1]: Version(m[2]) for m in re.finditer(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.M)}


def canonical(name: str) -> str:
    """A distribution's name as locks write it: https://peps.python.org/pep-0503/#normalized-names"""
    return re.sub(r"[-_.]+", "-", name).lower()


# --- shape ---------------------------------------------------------------------------------------


def test_the_top_level_holds_nothing_else() -> None:
    assert {path.parts[0] for path in tracked()} <= TOP_LEVEL


def test_modules_are_small() -> None:
    lines = {p: len((ROOT / p).read_text("utf-8").splitlines()) for p in tracked("*.py")}
    assert {str(path): n for path, n in lines.items() if n > LINES} == {}
    assert len(lines) > 10


def test_module_names_say_what_is_in_them() -> None:
    names = {part.removesuffix(".py") for path in tracked("*.py") for part in path.parts}
    assert names & VAGUE == set()


def test_tests_are_told_apart_by_path() -> None:
    """`--import-mode=importlib` and mypy's package bases both rest on tests/ being no package."""
    assert [p for p in tracked("tests/*.py") if p.name == "__init__.py"] == []


def test_paths_can_be_prerequisites_in_make() -> None:
    """`make` splits names at white space and reads these characters, so content would go stale."""
    assert [p for p in tracked() if re.search(r"[\s:;#%$*?\[\]\\]", str(p))] == []


def test_the_version_stands_only_in_pyproject() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", project()["project"]["version"])
    assert "version" not in json.loads((ROOT / "package.json").read_text("utf-8"))
    literal = re.compile(r"^\s*_{0,2}version_{0,2}\s*(?::[^=]+)?=\s*[\"']\d+\.\d+", re.M | re.I)
    sources = [p for layer in LAYERS for p in tracked(f"{layer}/*.py")]
    assert [str(p) for p in sources if literal.search((ROOT / p).read_text("utf-8"))] == []


def test_the_project_cannot_be_uploaded() -> None:
    assert "Private :: Do Not Upload" in project()["project"]["classifiers"]


@pytest.mark.parametrize("layer", LAYERS)
def test_no_foreign_package_shadows_a_layer(layer: str) -> None:
    """All four names are taken by strangers on the package index."""
    spec = importlib.util.find_spec(layer)
    assert spec is not None
    assert spec.origin == str(ROOT / layer / "__init__.py")
    assert set(packages_distributions().get(layer, ())) <= {project()["project"]["name"]}


def test_no_file_names_a_machine_or_a_package_host() -> None:
    found = [
        f"{path}: {match[0].decode()}"
        for path in tracked()
        if path != Path(__file__).relative_to(ROOT)
        for pattern in (HOSTS, MACHINE_PATHS)
        for match in pattern.finditer((ROOT / path).read_bytes())
    ]
    assert found == []


def test_what_is_imported_is_declared() -> None:
    """A package that another one happens to bring may leave with the next lock."""
    declared = {canonical(Requirement(d).name) for d in project()["project"]["dependencies"]}
    installed = packages_distributions()
    undeclared = set()
    for path in (p for layer in LAYERS for p in tracked(f"{layer}/*.py")):
        for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            else:
                continue
            for top in {name.partition(".")[0] for name in names} - sys.stdlib_module_names:
                owners = {canonical(owner) for owner in installed.get(top, (top,))}
                if top not in LAYERS and not owners & declared:
                    undeclared.add(f"{path}:{node.lineno}: {top}")
    assert undeclared == set()


# --- locks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock: str) -> None:
    entries = re.split(r"^(?=\S+==)", (ROOT / lock).read_text("utf-8"), flags=re.M)[1:]
    assert len(entries) >= 3
    assert [e.split()[0] for e in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}", e)] == []


@pytest.mark.parametrize(("lock", "group"), LOCKS.items())
def test_a_lock_holds_what_pyproject_asks_for(lock: str, group: str | None) -> None:
    config = project()
    asked = config["dependency-groups"][group] if group else config["project"]["dependencies"]
    pinned = pins(lock)
    unmet = [
        str(requirement)
        for requirement in map(Requirement, asked)
        if (version := pinned.get(canonical(requirement.name))) is None
        or not requirement.specifier.contains(version, prereleases=True)
    ]
    assert unmet == []


def test_the_locks_install_into_one_environment() -> None:
    versions: dict[str, set[Version]] = {}
    for lock in LOCKS:
        for name, version in pins(lock).items():
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_node_packages_are_pinned_by_hash_and_not_by_address() -> None:
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
    assert [name for name, v in wanted.items() if not re.fullmatch(r"\d+\.\d+\.\d+", v)] == []
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert packages.pop("")["devDependencies"] == wanted
    assert packages
    assert [
        p for p, entry in packages.items() if not entry["integrity"].startswith("sha512-")
    ] == []
    assert [p for p, entry in packages.items() if "resolved" in entry] == []


# --- set-up --------------------------------------------------------------------------------------


def chosen(path: Path) -> str:
    """The interpreter that the Makefile takes when PATH holds one folder besides the system's."""
    done = subprocess.run(
        ["make", "--no-print-directory", "--eval", "chosen: ; @echo $(PYTHON)", "chosen"],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "PYTHON"))}
        | {"PATH": f"{path}:{os.environ['PATH']}"},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def script(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    path.chmod(0o755)
    return path


def test_make_passes_over_an_interpreter_that_does_not_run(tmp_path: Path) -> None:
    """A version manager's shim stands on the PATH for versions that are not there."""
    script(tmp_path / "python3", "echo 'python3: command not found' >&2; exit 127")
    fits = script(tmp_path / "python3.12", "exit 0")
    assert chosen(tmp_path) == str(fits)


def test_make_prefers_python3_where_it_fits(tmp_path: Path) -> None:
    script(tmp_path / "python3.12", "exit 0")
    fits = script(tmp_path / "python3", "exit 0")
    assert chosen(tmp_path) == str(fits)


def test_make_says_so_when_no_interpreter_fits(tmp_path: Path) -> None:
    done = subprocess.run(
        ["make", "setup", "PYTHON=", f"STAMP={tmp_path / 'stamps'}", f"VENV={tmp_path / 'venv'}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "no Python 3.11 or 3.12 with venv" in done.stderr
    assert not (tmp_path / "venv").exists()
