"""What holds for every template, sheet and catalogue (DESIGN §8, §9)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import UndefinedError

from service.web.assets import Assets, load_assets
from service.web.language import LOCALES
from service.web.templates import TEMPLATES, environment

ROOT = Path(__file__).parents[3]
SOURCES = sorted(TEMPLATES.glob("**/*.html"))
SHEETS = sorted((ROOT / "service/frontend").glob("**/*.css"))


def test_there_is_something_to_look_at() -> None:
    assert len(SOURCES) >= 15
    assert len(SHEETS) >= 5


@pytest.mark.parametrize("path", SOURCES + SHEETS, ids=lambda p: p.name)
def test_nothing_is_loaded_from_another_host(path: Path) -> None:
    assert re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.name)
def test_no_script_or_style_is_written_into_a_page(path: Path) -> None:
    """The content security policy allows none, so it would silently not work."""
    text = path.read_text("utf-8")
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|\shx-on|javascript:|hx-vals='js", text) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", text) == []


def _texts() -> set[str]:
    mapping = [("templates/**.html", "jinja2")]
    found = extract_from_dir(ROOT / "service", mapping, {"templates/**.html": {"trimmed": "true"}})
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def test_every_text_of_the_templates_is_translated_and_no_translation_is_stale() -> None:
    with (LOCALES / "en/LC_MESSAGES/messages.po").open("rb") as source:
        catalogue = {m.id: m for m in read_po(source, locale="en") if m.id}
    assert set(catalogue) == _texts()
    for text, message in catalogue.items():
        assert message.string, text
        assert not message.fuzzy, text
        own = str(message.string).replace("吉林省长春市南关区", "")
        assert not re.search("[\u4e00-\u9fff]", own)
        marks = re.findall(r"%\(\w+\)s", str(text))
        assert sorted(re.findall(r"%\(\w+\)s", str(message.string))) == sorted(marks)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.name)
def test_no_chinese_stands_outside_the_catalogue(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r"_\((\"[^\"]*\"|'[^']*')", "", text)
    # The name of the other language, and brackets of a Chinese citation, are the same everywhere.
    left = re.findall("[\u4e00-\u9fff]+", text)
    assert [word for word in left if word != "中文"] == []


def test_an_undefined_name_fails_instead_of_printing_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("{{ page.missing }}", "utf-8")
    template = environment("zh", Assets({}), tmp_path).get_template("a.html")
    with pytest.raises(UndefinedError):
        template.render(page=object())


def test_built_files_are_named_by_the_manifest(tmp_path: Path) -> None:
    assert load_assets(tmp_path).url("app.js") == "/static/dist/app.js"
    (tmp_path / "manifest.json").write_text('{"app.js": "app-1.js"}', "utf-8")
    assert load_assets(tmp_path).url("app.js") == "/static/dist/app-1.js"
