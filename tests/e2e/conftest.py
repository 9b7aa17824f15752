"""The served application and a real browser: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium")
_PATIENCE = 30_000
"""Milliseconds within which what is expected must have come, on a machine however busy."""
# Without the background-networking flags Chromium looks for its maker's hosts at every start.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the served application keeps its store, zhunru.db."""
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="session")
def token(folder: Path, address: str) -> str:
    """A token of legal staff, made by the command while the application runs."""
    command = (sys.executable, "-m", "service", "token", "create", "--role", "legal")
    env = os.environ | {
        "ZHUNRU_DATABASE_URL": f"sqlite:///{folder}/zhunru.db",
        "PYTHONPATH": str(ROOT),
    }
    made = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=True, text=True)
    return made.stdout.strip()


@pytest.fixture(scope="session")
def address(folder: Path) -> Iterator[str]:
    """The address of an application served on loopback, with a store of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = (sys.executable, "-m", "service", "serve", "--host", "127.0.0.1", "--port", str(port))
    env = os.environ | {
        "ZHUNRU_DATABASE_URL": f"sqlite:///{folder}/zhunru.db",
        "ZHUNRU_GRAPH_PATH": str(ROOT / "var/graph/graph.nq"),  # `make test` builds it first
        "PYTHONPATH": str(ROOT),
    }
    url = f"http://127.0.0.1:{port}"
    with (folder / "log").open("wb") as log:
        served = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)
        try:
            _wait(url, served, folder / "log")
            yield url
        finally:
            served.terminate()
            served.wait(timeout=20)


def _wait(url: str, served: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        assert served.poll() is None, log.read_text("utf-8")[-2000:]
        try:
            if httpx.get(f"{url}/healthz", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail(f"not served within 30 s: {log.read_text('utf-8')[-2000:]}")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium; left out where it is not installed.

    While it runs, so does an event loop in this thread: it ends with the tests of this folder.
    """
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium fonts-noto-cjk)")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page at 1366 x 768 that fails the test on any script error or refused request."""
    context = browser.new_context(
        base_url=address, locale="zh-CN", viewport={"width": 1366, "height": 768}
    )
    context.set_default_timeout(_PATIENCE)
    expect.set_options(timeout=_PATIENCE)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    opened.on("request", lambda r: None if r.url.startswith(address) else faults.append(r.url))
    yield opened
    context.close()
    # A form that was refused answers 422, which the console calls an error.
    assert [f for f in faults if "422" not in f] == []
