"""The files for servers name what there is, and the unit is one that systemd reads."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from service.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "service" / "deploy"
UNIT = (DEPLOY / "zhunru.service").read_text("utf-8")
CONTAINER = (DEPLOY / "Containerfile").read_text("utf-8")


@pytest.mark.parametrize("file", sorted(DEPLOY.iterdir()), ids=lambda file: str(file.name))
def test_settings_named_exist(file: Path) -> None:
    known = {f"ZHUNRU_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"ZHUNRU_[A-Z_]+[A-Z]", file.read_text("utf-8"))) <= known


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_reads_the_unit(tmp_path: Path) -> None:
    # Verified are also the paths named, so those of this tree.
    unit = tmp_path / "zhunru.service"
    unit.write_text(UNIT.replace("/opt/zhunru", str(ROOT)), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True
    )
    told = [line for line in done.stderr.splitlines() if "zhunru" in line]
    assert (done.returncode, told) == (0, []), done.stderr


def test_neither_runs_as_root_nor_writes_outside_its_state() -> None:
    assert {"DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes"} <= {
        *UNIT.splitlines()
    }
    assert "StateDirectory=zhunru" in UNIT
    assert re.search(r"^USER [1-9]\d*$", CONTAINER, re.M)
    assert re.findall(r"^VOLUME (.+)$", CONTAINER, re.M) == ["/var/lib/zhunru"]
    assert "sqlite:////var/lib/zhunru/zhunru.db" in UNIT
    assert "sqlite:////var/lib/zhunru/zhunru.db" in CONTAINER


def test_the_image_has_all_that_set_up_needs() -> None:
    """The Makefile says which programs it needs beside Python."""
    installed = re.search(r"apt-get install [^\n]*", CONTAINER)
    assert installed
    assert {"gcc", "make"} <= set(installed[0].split())
