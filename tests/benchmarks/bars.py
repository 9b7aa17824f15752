"""What the project holds itself to, and whether it does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """A measured ratio and the bound it must keep: at least `bound`, or at most."""

    name: str
    value: float
    bound: float
    at_most: bool = False

    @property
    def met(self) -> bool:
        """Whether the bound is kept."""
        return self.value <= self.bound if self.at_most else self.value >= self.bound

    def __str__(self) -> str:
        sign = "≤" if self.at_most else "≥"
        told = "met" if self.met else "MISSED"
        return f"{self.name}: {self.value:.2f} ({sign} {self.bound:g}, {told})"
