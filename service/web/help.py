"""The manual for legal staff: chapters in Markdown (`service/help`), one made of the vocabulary.

CommonMark (https://spec.commonmark.org/) with tables, read by markdown-it-py; HTML in it is not
let through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ontology.vocabulary import CodeList, Fact
from service.deps import ServiceDep
from service.errors import NotFound
from service.web.templates import Pages

HELP: Final = Path(__file__).parent.parent / "help"
WORDS: Final = "words"
"""The chapter that is completed with the vocabulary."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter; `lead` is its first paragraph, `sections` are the ids and titles of its parts."""

    slug: str
    title: str
    lead: str
    html: str
    sections: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ContentsPage:
    """All chapters."""

    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True)
class ChapterPage:
    """One chapter among the others."""

    slug: str
    title: str
    html: str
    sections: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
    before: Chapter | None
    after: Chapter | None


@dataclass(frozen=True, slots=True)
class VocabularyPart:
    """Facts by kind of decision, and the code lists they use."""

    kinds: Sequence[tuple[str, tuple[Fact, ...]]]
    lists: Sequence[CodeList]


@cache
def chapters(folder: Path = HELP) -> tuple[Chapter, ...]:
    """The chapters in the order of their file names, `1-reading.md` and so on."""
    return tuple(
        read_chapter(path.stem.partition("-")[2], path.read_text("utf-8"))
        for path in sorted(folder.glob("*.md"))
    )


def read_chapter(slug: str, text: str) -> Chapter:
    """A chapter of its Markdown: a title, a first paragraph, sections. ValueError without them."""
    reader = markdown()
    tokens = reader.parse(text)
    if len(tokens) < 6 or (tokens[0].tag, tokens[3].type) != ("h1", "paragraph_open"):
        raise ValueError(f"{slug}: a chapter begins with its title and a paragraph")
    sections: list[tuple[str, str]] = []
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h2":
            id_ = f"s{len(sections) + 1}"
            opening.attrSet("id", id_)
            sections.append((id_, _plain(inline)))
    html: str = reader.renderer.render(tokens[3:], reader.options, {})
    return Chapter(slug, _plain(tokens[1]), _plain(tokens[4]), html, tuple(sections))


def markdown() -> MarkdownIt:
    """The reader of the manual: CommonMark with tables, without HTML."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.add_render_rule("table_open", _scrolled)
    reader.add_render_rule("table_close", _scrolled)
    return reader


def _scrolled(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    """A wide table scrolls in itself on a small screen."""
    return '<div class="scroll"><table>' if tokens[index].nesting == 1 else "</table></div>"


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ())


class Help:
    """Handlers of the manual."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def contents(self, request: Request) -> Response:
        """All chapters."""
        return self._pages.render(request, "contents.html", ContentsPage(chapters()))

    def chapter(self, request: Request, slug: str, service: ServiceDep) -> Response:
        """One chapter."""
        known = chapters()
        at = next((i for i, chapter in enumerate(known) if chapter.slug == slug), None)
        if at is None:
            raise NotFound("the manual has no such chapter")
        found = known[at]
        html, sections = found.html, found.sections
        if slug == WORDS:
            words = service.head().vocabulary
            used = {f.codes for facts in words.kinds.values() for f in facts if f.codes}
            used |= {"changers", "addressees"}  # of whom requirements are made
            lists = [words.code_lists[name] for name in sorted(used)]
            part = VocabularyPart(tuple(words.kinds.items()), lists)
            html += self._pages.part(request, "vocabulary.html", part)
            sections += tuple((f"codes-{codes.id}", codes.label.zh) for codes in lists)
        page = ChapterPage(
            slug,
            found.title,
            html,
            sections,
            known,
            known[at - 1] if at else None,
            known[at + 1] if at + 1 < len(known) else None,
        )
        return self._pages.render(request, "help.html", page)
