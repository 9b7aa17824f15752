"""The change feed as Atom, page by page.

https://www.rfc-editor.org/rfc/rfc4287, https://www.rfc-editor.org/rfc/rfc5005#section-3
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal
from xml.etree import ElementTree as Xml

from ontology.ids import BASE
from service.changes.entries import Entry, text

MEDIA_TYPE: Final = "application/atom+xml"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_NEVER: Final = "1970-01-01T00:00:00Z"


def atom(
    entries: tuple[Entry, ...],
    origin: str,
    links: Mapping[str, str],
    language: Literal["zh", "en"],
    feed: str = "",
) -> bytes:
    """A feed document; `links` are paths by their relation, `feed` tells feeds apart by kind.

    Everything is told in one language; addresses are those of `origin`, ids those of our IRIs.
    """
    Xml.register_namespace("", _ATOM)
    root = Xml.Element(f"{{{_ATOM}}}feed", {_xml("lang"): "zh-Hans" if language == "zh" else "en"})
    _add(root, "id", f"{BASE}changes{feed}")
    _add(root, "title", _in(text("feed"), language))
    _add(root, "subtitle", _in(text("feed-about"), language))
    _add(root, "updated", max((entry.at for entry in entries), default=_NEVER))
    _add(_add(root, "author"), "name", _in(text("author"), language))
    for relation, path in links.items():
        media = "text/html" if relation == "alternate" else MEDIA_TYPE
        _add(root, "link", rel=relation, href=origin + path, type=media)
    for entry in entries:
        one = _add(root, "entry")
        _add(one, "id", entry.id)
        _add(one, "title", _in(entry.title, language))
        _add(one, "updated", entry.at)
        _add(one, "published", entry.at)
        _add(one, "link", rel="alternate", href=origin + entry.href, type="text/html")
        _add(one, "category", term=entry.kind)
        _add(one, "summary", _in(entry.about, language))
    written: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add(parent: Xml.Element, name: str, content: str = "", **attributes: str) -> Xml.Element:
    found = Xml.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    if content:
        found.text = "".join(c for c in content if c.isprintable() or c in "\t\n")
    return found


def _in(label: object, language: Literal["zh", "en"]) -> str:
    return str(getattr(label, language))


def _xml(name: str) -> str:
    return f"{{http://www.w3.org/XML/1998/namespace}}{name}"
