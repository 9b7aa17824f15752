"""Settings come from ZHUNRU_* and every one is described; defaults are safe on one machine."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from service.settings import Settings


def test_every_setting_is_described() -> None:
    assert [n for n, field in Settings.model_fields.items() if not field.description] == []


def test_defaults_reach_no_other_machine() -> None:
    found = Settings()
    assert found.host == "127.0.0.1"
    assert found.hosts == {"127.0.0.1", "localhost", "[::1]"}


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHUNRU_ALLOWED_HOSTS", "a.example, B.example,")
    monkeypatch.setenv("ZHUNRU_PORT", "9000")
    found = Settings()
    assert found.allowed_hosts == ("a.example", "B.example")
    assert {"a.example", "b.example"} <= found.hosts
    assert found.port == 9000


@pytest.mark.parametrize("value", ["70000", "-1", "x"])
def test_a_value_that_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ZHUNRU_PORT", value)
    with pytest.raises(ValidationError, match="port"):
        Settings()
