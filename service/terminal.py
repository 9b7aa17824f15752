"""Decisions for people at a terminal (rich); the words are in terminal.json."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rules.model import Rulebook

Language = Literal["zh", "en"]
Json = Mapping[str, Any]

_WORDS: Final = Path(__file__).with_name("terminal.json")
_STYLES: Final = {
    "admissible": "bold green",
    "conditional": "bold yellow",
    "undetermined": "bold blue",
    "inadmissible": "bold red",
    "compliant": "bold green",
    "non-compliant": "bold red",
}
_INDENT: Final = 2


def words(language: Language) -> Mapping[str, Any]:
    """The words of a language."""
    found: Mapping[str, Any] = json.loads(_WORDS.read_text("utf-8"))[language]
    return found


class Teller:
    """Prints results on a console in one language."""

    def __init__(self, console: Console, language: Language, rulebook: Rulebook) -> None:
        self._console = console
        self._rulebook = rulebook
        self._language = language
        self._words = words(language)

    def result(self, body: Json) -> None:
        """A whole result: of one case or of several items."""
        self._verdict(body)
        if body.get("summary"):
            self._line(self._say(body["summary"]))
        assumed = f"（{self._words['assumed']}）" if body["as_of_assumed"] else ""
        self._line(f"{self._words['as_of']} {body['as_of']}{assumed}", style="dim")
        self._line(f"{self._words['revision']} {body['revision']}", style="dim")
        if "items" in body:
            for item in body["items"]:
                self._item(item, item["index"] in body["strike"])
        elif "findings" in body:
            self._case(body)
        self._listed("ignored", [f"{i['path']}  {self._say(i['why'])}" for i in body["ignored"]])

    def _item(self, item: Json, struck: bool) -> None:
        self._console.print()
        title = self._words["item"].format(number=item["index"] + 1)
        mark = f" · {self._words['strike']}" if struck else ""
        self._line(f"{title}{mark} {item['text'] or ''}", style="bold")
        self._verdict(item)
        if "findings" in item:
            self._case(item)

    def _case(self, body: Json) -> None:
        measured = body.get("standards", ())
        told = {standard["rule"] for standard in measured}
        self._findings(
            [f for f in body["findings"] if f["status"] != "fails" and f["rule"] not in told]
        )
        self._agenda(body.get("agenda", ()))
        self._standards(measured)
        self._requirements([r for r in body["requirements"] if r["rule"] not in told])
        self._listed(
            "derived",
            [
                f"{self._fact(body['kind'], d['fact'], d['value'])}  {self._say(d['source'])}"
                for d in body["derived"]
            ],
        )
        self._listed(
            "assumptions",
            [
                f"{self._say(a['label'])}：{self._say(a['value_label'])}  {self._say(a['ground'])}"
                for a in body["assumptions"]
            ],
        )
        self._questions(body["missing"]["questions"])
        self._changes(body["changes"]["sets"])
        self._listed("horizon", [f"{h['number']} {h['title']}" for h in body["horizon"]])

    def _findings(self, found: Sequence[Json]) -> None:
        if not found:
            return
        self._title("findings")
        for finding in found:
            status = self._words["status"][finding["status"]]
            mark = f" · {self._words['inference']}" if finding["inference"] else ""
            self._line(f"{self._say(finding['title'])}（{status}{mark}）", 1)
            self._line(self._say(finding["text"]), 2)
            self._citations(finding["citations"])
            if finding["doubt"]:
                self._line(f"{self._words['doubt']}：{self._say(finding['doubt'])}", 2, "yellow")

    def _requirements(self, found: Sequence[Json]) -> None:
        if not found:
            return
        self._title("requirements")
        for requirement in found:
            status = self._words["status"][requirement["status"]]
            bearer = self._say(requirement["bearer"]["label"])
            self._line(f"{self._say(requirement['text'])}（{bearer}，{status}）", 1)
            self._citations(requirement["citations"])

    def _agenda(self, found: Sequence[Json]) -> None:
        """What is due, the earliest first."""
        if not found:
            return
        self._title("agenda")
        for entry in found:
            status = self._words["agenda-status"][entry["status"]]
            what, bearer = self._say(entry["what"]), self._say(entry["bearer"]["label"])
            self._line(f"{entry['by'] or self._words['no-day']}  {what}（{bearer}，{status}）", 1)

    def _standards(self, found: Sequence[Json]) -> None:
        """A table of the standards, and under it what they rest on."""
        if not found:
            return
        self._title("standards")
        heads = ("standard", "measured", "required", "gap", "state")
        shown = Table(box=None, pad_edge=False)
        for head in heads:
            shown.add_column(self._words[head], overflow="fold")
        for standard in found:
            shown.add_row(
                Text(self._say(standard["title"])),
                Text("\n".join(self._say(m["value_label"]) for m in standard["measured"])),
                Text("\n".join(self._comparison(r) for r in standard["required"])),
                Text(standard["gap"] or ""),
                Text("\n".join(self._state(standard))),
            )
        self._console.print(shown)
        for standard in found:
            self._console.print()
            self._line(self._say(standard["title"]), 1)
            self._citations(standard["citations"])
            if standard["doubt"]:
                self._line(f"{self._words['doubt']}：{self._say(standard['doubt'])}", 2, "yellow")

    def _comparison(self, required: Json) -> str:
        values = "、".join(self._say(label) for label in required["value_labels"])
        return f"{self._words['comparison'][required['comparison']]} {values}".strip()

    def _state(self, standard: Json) -> list[str]:
        told = [self._words["status"][standard["status"]]]
        if not standard["decides"]:
            told.append(self._words["advised"])
        if due := standard["due"]:
            word = {True: "passed", False: "not-passed", None: "open"}[due["passed"]]
            told.append(f"{self._words[f'due-{word}']}（{due['latest'] or due['by']}）")
        return told

    def _citations(self, citations: Sequence[Json]) -> None:
        for citation in citations:
            place = f"{citation['instrument']} {citation['provision']}".strip()
            inner = citation["quoted_in"]
            if inner:
                within = f"{inner['instrument']} {inner['provision']}".strip()
                place += f"（{self._words['quoted_in']} {within}）"
            # The quote stays Chinese whatever the language is.
            self._line(f"{place}：“{citation['quote']}”", 2, "cyan")

    def _questions(self, questions: Sequence[Json]) -> None:
        if not questions:
            return
        self._title("questions")
        for question in questions:
            self._line(f"{self._say(question['question'])}（{question['fact']}）", 1)
            for answer in question["answers"]:
                labels = "、".join(self._say(label) for label in answer["labels"])
                verdict = self._words["verdict"][answer["verdict"]]
                self._line(f"{labels} → {verdict}", 2)

    def _changes(self, sets: Sequence[Json]) -> None:
        if not sets:
            return
        self._title("changes")
        for number, found in enumerate(sets, start=1):
            for change in found["changes"]:
                by = f"{self._words['by']}{self._say(change['by']['label'])}"
                self._line(f"{number}. {self._say(change['act'])}（{by}）", 1)
                self._line(f"{self._words['proof']}：{self._say(change['proof'])}", 2, "dim")

    def _verdict(self, body: Json) -> None:
        word = self._words["verdict"][body["verdict"]]
        reason = f"（{body['reason']}）" if body["reason"] else ""
        self._line(f"{word}{reason}", style=_STYLES[body["verdict"]])

    def _listed(self, title: str, lines: Sequence[str]) -> None:
        if lines:
            self._title(title)
            for line in lines:
                self._line(line, 1)

    def _title(self, name: str) -> None:
        self._console.print()
        self._line(self._words[name], style="bold")

    def _line(self, text: str, level: int = 0, style: str = "") -> None:
        # As Text: brackets in quotes are no markup.
        self._console.print(Padding(Text(text, style=style), (0, 0, 0, level * _INDENT)))

    def _fact(self, kind: str, name: str, value: bool | int | str) -> str:
        words = self._rulebook.vocabulary
        fact = words.fact(kind, name)
        if fact is None:
            return f"{name}：{value}"
        if isinstance(value, bool):
            told = self._say(self._rulebook.wording["value"][str(value).lower()])
        else:
            concept = words.code_lists[fact.codes].get(str(value)) if fact.codes else None
            unit = f" {fact.unit}" if fact.unit else ""
            told = self._say(concept.label.to_json()) if concept else f"{value}{unit}"
        return f"{self._say(fact.label.to_json())}：{told}"

    def _say(self, label: Mapping[str, str]) -> str:
        return label[self._language]
