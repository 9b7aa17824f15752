"""What is said of a resolved place, and how names without a code end (`places/wording.json`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ontology.label import Label
from ontology.place_index import Place

_HIDDEN_DIVISION = re.compile(r"^.+?[市区县]")


def hidden_division(rest: str) -> str:
    """The beginning that reads like a city, district or county, or ""."""
    found = _HIDDEN_DIVISION.match(rest)
    return found[0] if found else ""


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of `places/wording.json`; without them notes are the bare names."""

    texts: Mapping[str, Any] = field(default_factory=dict)

    def note(self, kind: str, given: str, place: Place, area: str = "") -> Label:
        """How `given` came to mean `place`."""
        return self._fill("notes", kind, given=given, area=area, place=place.name, code=place.code)

    def change(self, kind: str, old: Place, place: Place) -> Label:
        """That `given` named `old`, which the day asked knows as `place`."""
        bounds = {"start": str(old.start), "end": str(old.end)}
        kinds = {(True, True): "between", (True, False): "from", (False, True): "until"}
        known = (old.start is not None, old.end is not None)
        days = self._fill("days", kinds.get(known, "from"), **bounds)
        names = {"old_code": old.code, "place": place.name, "code": place.code}
        return Label(
            self._fill("notes", kind, old=old.name, days=days.zh, **names).zh,
            self._fill("notes", kind, old=old.name, days=days.en, **names).en,
        )

    def error(self, kind: str, given: str, **names: str) -> Label:
        """Why `given` means no place."""
        return self._fill("errors", kind, given=given, **names)

    def kind_of_rest(self, rest: str) -> Literal["area", "below"] | None:
        """What follows a coded place: an area, a place below county level, or (None) neither.

        A beginning like 南官区 is neither: it looks like a division nobody knows, i.e. a slip.
        """
        areas = tuple(self.texts.get("area_endings", ()))
        below = tuple(self.texts.get("below_county_endings", ()))
        hidden = hidden_division(rest)
        if hidden and not hidden.endswith((*areas, "社区", "小区")):
            return None
        if areas and rest.endswith(areas):
            return "area"
        return "below" if below and rest.endswith(below) and rest not in below else None

    def _fill(self, group: str, kind: str, **names: str) -> Label:
        text = self.texts.get(group, {}).get(kind)
        if text is None:
            plain = " ".join(v for v in names.values() if v)
            return Label(plain, plain)
        return Label(text["zh"].format(**names), text["en"].format(**names))
