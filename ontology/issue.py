"""A defect found in content: a value to collect and show, never an exception (DESIGN §3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One defect; `where` is "file:line:column", "file:line" or a JSON path such as "$.facts.x"."""

    severity: Severity
    message: str
    where: str
    hint: str = ""

    def __str__(self) -> str:
        tail = f" ({self.hint})" if self.hint else ""
        return f"{self.where}: {self.severity}: {self.message}{tail}"
