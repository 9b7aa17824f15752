"""Which of the forms on offer a client prefers (RFC 9110 §12.5.1, Accept).

https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
"""

from __future__ import annotations

from collections.abc import Sequence


def preferred(accept: str, offered: Sequence[str]) -> str | None:
    """The offered media type of the highest weight, the earlier of equals; None if none is let.

    No Accept at all takes the first. What cannot be read of it is passed over.
    """
    if not accept.strip():
        return offered[0] if offered else None
    ranges = [_range(part) for part in accept.split(",")]
    weighed = [(_weight(media, ranges), -n, media) for n, media in enumerate(offered)]
    best = max(weighed, default=(0.0, 0, ""))
    return best[2] if best[0] > 0 else None


def _range(part: str) -> tuple[str, float]:
    media, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return media, min(max(float(value), 0.0), 1.0)
            except ValueError:
                return media, 0.0
    return media, 1.0


def _weight(media: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The weight that the most specific range gives; of equally specific ones the highest."""
    media = media.partition(";")[0].strip().lower()
    for pattern in (media, media.partition("/")[0] + "/*", "*/*"):
        found = [weight for name, weight in ranges if name == pattern]
        if found:
            return max(found)
    return 0.0
