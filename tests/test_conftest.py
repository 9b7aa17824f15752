"""With CI=true a skipped test fails; otherwise its reason is shown."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SKIPS = {
    "skip": "import pytest\n\ndef test_a():\n    pytest.skip('no browser')\n",
    "mark": "import pytest\n\n@pytest.mark.skip(reason='no browser')\ndef test_a():\n    pass\n",
    "module": "import pytest\n\npytest.skip('no browser', allow_module_level=True)\n",
}
XFAIL = "import pytest\n\n@pytest.mark.xfail(reason='known')\ndef test_a():\n    assert False\n"


def run(folder: Path, body: str, ci: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(Path(__file__).with_name("conftest.py"), folder)
    (folder / "test_it.py").write_text(body, "utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rs", "--rootdir", "."]
    return subprocess.run(
        command, cwd=folder, env=os.environ | {"CI": ci}, capture_output=True, text=True
    )


@pytest.mark.parametrize("kind", SKIPS)
def test_a_skip_fails_in_ci(tmp_path: Path, kind: str) -> None:
    done = run(tmp_path, SKIPS[kind], ci="true")
    assert done.returncode not in {0, 5}
    assert "no browser" in done.stdout


@pytest.mark.parametrize("kind", SKIPS)
def test_a_skip_passes_elsewhere_and_says_why(tmp_path: Path, kind: str) -> None:
    done = run(tmp_path, SKIPS[kind], ci="")
    assert "failed" not in done.stdout
    assert "no browser" in done.stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    assert run(tmp_path, XFAIL, ci="true").returncode == 0
