"""A text people read, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """One meaning in two languages; its JSON form is {"zh": …, "en": …}."""

    zh: str
    en: str

    @classmethod
    def from_json(cls, value: Mapping[str, str]) -> Label:
        """The label of its JSON form; KeyError where a language is missing."""
        return cls(zh=value["zh"], en=value["en"])

    def to_json(self) -> dict[str, str]:
        """The JSON form."""
        return {"zh": self.zh, "en": self.en}
