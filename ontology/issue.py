"""A defect found in content: a value to collect and show; raised only together, where content is
refused for them (DESIGN §3).
"""

from __future__ import annotations

from collections.abc import Iterable
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


class ContentError(Exception):
    """Content that does not hold; `issues` say what and where."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("\n".join(str(issue) for issue in self.issues))
