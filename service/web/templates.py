"""Jinja environments, one for each language, and pages rendered from typed contexts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from ontology.label import Label
from service.web.assets import Assets
from service.web.language import COOKIE, Language, language_of, translations

TEMPLATES: Final = Path(__file__).parent.parent / "templates"

# By what is known of a date: a day, a month, a year (Unicode TR35, Dates).
_PATTERNS: Final[Mapping[Language, Mapping[int, str]]] = {
    "zh": {10: "y年M月d日", 7: "y年M月", 4: "y年"},
    "en": {10: "d MMMM y", 7: "MMMM y", 4: "y"},
}


@dataclass(frozen=True, slots=True)
class Page:
    """What every page is given beside its own context."""

    language: Language
    here: str
    switch: str


class Pages:
    """Renders templates; built once, in the composition root."""

    def __init__(self, assets: Assets, folder: Path = TEMPLATES) -> None:
        self._environments: dict[Language, Environment] = {
            "zh": environment("zh", assets, folder),
            "en": environment("en", assets, folder),
        }

    def render(
        self, request: Request, template: str, context: object, status: int = 200
    ) -> HTMLResponse:
        """The template in the reader's language, given `page` (its context) and `site`."""
        language = language_of(request)
        html = self.part(request, template, context)
        response = HTMLResponse(html, status, headers={"vary": "cookie"})
        if "lang" in request.query_params:
            response.set_cookie(
                COOKIE, language, max_age=31_536_000, samesite="lax", httponly=True, path="/"
            )
        return response

    def part(self, request: Request, template: str, context: object) -> str:
        """The text of a template in the reader's language."""
        language = language_of(request)
        found = self._environments[language].get_template(template)
        return found.render(page=context, site=site_of(request, language))


def site_of(request: Request, language: Language) -> Page:
    """The frame of a page: its language, its address, the same address in the other language."""
    other = "zh" if language == "en" else "en"
    # A page that answers a POST has no address of its own: the switch leads to the form.
    path = request.url.path if request.url.path.startswith("/decide/") else "/"
    address = request.url if request.method == "GET" else request.url.replace(path=path, query="")
    switch = address.include_query_params(lang=other)
    query = f"?{switch.query}" if switch.query else ""
    return Page(language, request.url.path, switch.path + query)


def environment(language: Language, assets: Assets, folder: Path) -> Environment:
    """An environment whose templates fail on an undefined name instead of printing nothing."""
    env = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    catalogue = translations(language)
    env.install_gettext_callables(catalogue.ugettext, catalogue.ungettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals["asset"] = assets.url
    env.filters["say"] = lambda value: say(value, language)
    env.filters["day"] = lambda value: day(value, language)
    return env


def say(value: Label | Mapping[str, str], language: Language) -> str:
    """A label in the page's language, from the class or from its JSON form."""
    return str(getattr(value, language) if isinstance(value, Label) else value[language])


def day(value: str | date, language: Language) -> str:
    """A day, month or year (ISO 8601) as the language writes it; any other text as it is."""
    text = value if isinstance(value, str) else value.isoformat()
    try:
        known = date.fromisoformat(
            text + "-01-01"[len(text) - 4 :] if len(text) in (4, 7) else text
        )
    except ValueError:
        return text
    return str(format_date(known, _PATTERNS[language][len(text)], locale=language))
