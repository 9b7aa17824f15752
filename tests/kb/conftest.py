"""The built graph, made once for the tests that ask it."""

from __future__ import annotations

import pytest

from tests.kb.world import World, build_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The shipped content and its graph."""
    return build_world(tmp_path_factory.mktemp("graph"))
