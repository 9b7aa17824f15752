"""The language of a page: Chinese, or English when asked for by `?lang=en` or the cookie."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Final, Literal, TypeAlias

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from starlette.requests import Request

Language: TypeAlias = Literal["zh", "en"]
COOKIE: Final = "zhunru_lang"
LOCALES: Final = Path(__file__).parent.parent / "locale"


def language_of(request: Request) -> Language:
    """The language asked for: the query first, then the cookie, else Chinese."""
    wanted = request.query_params.get("lang") or request.cookies.get(COOKIE)
    return "en" if wanted == "en" else "zh"


def translations(language: Language, folder: Path = LOCALES) -> NullTranslations:
    """The catalogue of a language. The source strings are Chinese, so Chinese needs none.

    Read from the `.po` itself, so that nothing has to be compiled before the pages can be served.
    """
    if language == "zh":
        return NullTranslations()
    with (folder / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        catalog = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)
