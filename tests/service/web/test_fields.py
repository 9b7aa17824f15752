"""Fields are made from the fact vocabulary; what does not exist is not asked (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from ontology.label import Label
from ontology.vocabulary import Fact, Vocabulary
from service.web.applicability import exists
from service.web.asked import Asked, Item
from service.web.fields import Field, Group, groups
from service.web.form import form_page

KIND = "admissibility"


def asked(**facts: object) -> Asked:
    return Asked(items=(Item(facts={name.replace("__", "."): v for name, v in facts.items()}),))


def fields(words: Vocabulary, kind: str, what: Asked | None = None) -> dict[str, Field]:
    page = form_page(what or Asked(), kind, words)
    found = [*page.first, *page.then, *(f for g in page.items[0].groups for f in g.fields)]
    return {field.fact: field for field in found}


def group(words: Vocabulary, key: str, what: Asked) -> Group:
    made = groups(what, 0, common=False, kind=KIND, words=words, faults={})
    return next(g for g in made if g.key == key)


def test_every_fact_of_every_kind_is_asked_once(words: Vocabulary) -> None:
    for kind in words.kinds:
        assert sorted(fields(words, kind)) == sorted(f.name for f in words.facts(kind))


def test_each_type_of_fact_has_its_control(words: Vocabulary) -> None:
    made = fields(words, KIND)
    controls = {
        "task.kind": "several",
        "task.role": "choice",
        "task.funding": "yes-no",
        "assigner.type": "select",
        "community.jurisdiction": "place",
        "task.item": "line",
    }
    assert {name: made[name].control for name in controls} == controls


@pytest.mark.parametrize(("type_", "input_"), [("date", "date"), ("integer", "number")])
def test_days_and_numbers_have_their_own_inputs(words: Vocabulary, type_: str, input_: str) -> None:
    label = Label("数", "number")
    fact = Fact("x.n", type_, label, label, label, unit="万元")  # type: ignore[arg-type]
    made = fields(replace(words, kinds={"k": (fact,)}), "k")["x.n"]
    assert (made.control, made.input, made.unit) == ("line", input_, "万元")


def test_codes_keep_their_hierarchy(words: Vocabulary) -> None:
    choices = {c.value: c for c in fields(words, KIND)["task.kind"].choices}
    assert list(choices) == list(words.code_lists["task-kinds"].codes)
    assert (choices["enforcement"].depth, choices["enforcement-penalty"].depth) == (0, 1)


def test_a_presumed_fact_shows_what_is_presumed(words: Vocabulary) -> None:
    made = fields(words, KIND)
    assert made["task.exception_approved"].presumed is not None
    assert made["task.exception_approved"].presumed.value is False
    assert made["task.addressee"].presumed is not None
    committee = words.code_lists["addressees"].get("committee")
    assert committee is not None
    assert made["task.addressee"].presumed.value == committee.label
    assert made["task.role"].presumed is None


def test_certificate_facts_exist_where_a_kind_of_certificate_is_chosen(words: Vocabulary) -> None:
    assert group(words, "certificate", asked()).exists is None
    assert group(words, "certificate", asked(task__kind=["demolition"])).exists is False
    assert group(words, "certificate", asked(task__kind=["demolition", "seal-use"])).exists is True
    assert group(words, "task", asked()).exists is True


def test_what_existence_rests_on_is_named(words: Vocabulary) -> None:
    made = group(words, "certificate", asked())
    assert made.conditional
    assert made.rests_on(0) == ("task.kind",)
    assert made.rests_on(2) == ("items.2.task.kind",)
    assert made.rests is not None
    assert made.rests.zh == "任务类型"
    assert made.when
    assert not group(words, "task", asked()).conditional


def test_existence_is_three_valued(words: Vocabulary) -> None:
    fact = words.fact(KIND, "certificate.remit")
    assert fact is not None
    kind, role = {"fact": "task.kind", "in": ["enforcement"]}, {"fact": "task.role", "is": "assist"}

    def holds(condition: Mapping[str, object], **facts: object) -> bool | None:
        given = {name.replace("__", "."): v for name, v in facts.items()}
        return exists(replace(fact, applies_when=condition), given, KIND, words)

    narrower = {"task__kind": ["enforcement-penalty"]}
    assert holds(kind, **narrower) is True, "a code covers its narrower codes"
    assert holds({"not": kind}, **narrower) is False
    assert holds({"all": [kind, role]}, **narrower) is None
    assert holds({"all": [kind, role]}, task__role="autonomy") is False
    assert holds({"any": [kind, role]}, **narrower) is True
    assert holds({"any": [kind, role]}, task__role="autonomy") is None
    assert holds({"fact": "task.addressee", "is": "committee"}) is True, "presumed"
