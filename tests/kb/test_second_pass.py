"""The texts were annotated twice, apart from each other; how far the two agree and what was kept.

The first pass stands beside the texts, corrected since; the second is kept as it was. What the
first said before it was corrected is told by the resolutions, so that the agreement can be computed
anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from kb.instrument import Instrument
from kb.loading import read_instruments
from kb.norms import Account
from tests.kb.agreement_of_passes import (
    Count,
    Difference,
    Norm,
    Resolution,
    Sentence,
    Value,
    count,
    differences,
    missed,
    outcomes,
    pairs,
    restored,
    table,
    value,
)

ROOT = Path(__file__).parents[2]
TEXTS = ROOT / "kb" / "texts"
PASS = ROOT / "tests" / "fixtures" / "second_pass"
KEYS = tuple(sorted(path.stem for path in PASS.glob("*.yaml") if path.stem != "resolutions"))


@cache
def instruments() -> dict[str, Instrument]:
    return {entry.instrument.key: entry.instrument for entry in read_instruments(TEXTS)[0]}


@cache
def first(key: str) -> dict[str, Sentence]:
    """What the norms beside a text say now."""
    instrument = instruments()[key]
    spans = {s.id: (s.span[0], s.text) for p in instrument.provisions for s in p.sentences}
    return {a.sentence: _annotated(a, *spans[a.sentence]) for a in instrument.accounts}


def _annotated(account: Account, start: int, text: str) -> Sentence:
    norms = (
        Norm(
            norm.quote, norm.span[0] - start, norm.modality, norm.strength, frozenset(norm.bearer),
            frozenset(q.value for q in norm.quantities if q.value is not None),
        )
        for norm in account.norms
    )  # fmt: skip
    return Sentence(account.sentence, text, account.kind, tuple(norms))


@cache
def second(key: str) -> dict[str, Sentence]:
    entries = yaml.safe_load((PASS / f"{key}.yaml").read_text("utf-8"))
    texts = {name: sentence.text for name, sentence in first(key).items()}
    return {e["sentence"]: _noted(e, texts[e["sentence"]]) for e in entries}


def _noted(entry: dict[str, Any], text: str) -> Sentence:
    norms = (
        Norm(
            n["quote"], text.index(n["quote"]), n["modality"], n["strength"],
            frozenset(n["bearer"]), frozenset(n.get("figures", ())),
        )
        for n in entry.get("norms", ())
    )  # fmt: skip
    return Sentence(entry["sentence"], text, entry["account"], tuple(norms))


@cache
def told() -> dict[str, list[dict[str, Any]]]:
    """The resolutions of each text as they are written."""
    told = yaml.safe_load((PASS / "resolutions.yaml").read_text("utf-8"))
    resolutions: dict[str, list[dict[str, Any]]] = told["resolutions"]
    return resolutions


def resolutions(key: str, sentence: str = "") -> list[Resolution]:
    return [
        Resolution(
            Difference(
                entry["sentence"], entry.get("quote", ""), entry["what"],
                _value(entry["first"]), _value(entry["second"]),
            ),
            _value(entry["kept"]),
        )
        for entry in told()[key]
        if sentence in ("", entry["sentence"])
    ]  # fmt: skip


def _value(said: str | list[str]) -> Value:
    return said if isinstance(said, str) else frozenset(said)


@cache
def before(key: str) -> dict[str, Sentence]:
    """The first pass as it was when the two were compared."""
    return {
        name: restored(sentence, second(key)[name], resolutions(key, name))
        for name, sentence in first(key).items()
    }


@cache
def agreement() -> dict[str, Count]:
    """How far the passes agreed on each text, by its number."""
    return {
        instruments()[key].number or key: sum(
            (count(before(key)[name], noted) for name, noted in second(key).items()), Count()
        )
        for key in KEYS
    }


def differing(key: str, passes: dict[str, Sentence]) -> Iterator[Difference]:
    for name, noted in second(key).items():
        yield from differences(passes[name], noted)


# --- the two passes -------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_both_passes_account_for_every_sentence(key: str) -> None:
    sentences = {s.id for p in instruments()[key].provisions for s in p.sentences}
    assert set(first(key)) == set(second(key)) == sentences


@pytest.mark.parametrize("key", KEYS)
def test_every_norm_of_the_second_pass_is_met(key: str) -> None:
    for passes in (before(key), first(key)):
        assert not [n.quote for name, s in second(key).items() for n in missed(passes[name], s)]


@pytest.mark.parametrize(
    ("what", "least"), [("span", 0.95), ("modality", 0.97), ("strength", 0.90), ("bearer", 0.85)]
)
def test_the_passes_agreed(what: str, least: float) -> None:
    in_all = sum(agreement().values(), Count())
    assert getattr(in_all, what) / in_all.met >= least


@pytest.mark.parametrize("key", KEYS)
def test_every_difference_is_resolved_and_nothing_else_is(key: str) -> None:
    found = list(differing(key, before(key)))
    resolved = [r.difference for r in resolutions(key)]
    assert len(set(resolved)) == len(resolved)
    # What both passes had alike and wrong is recorded too.
    assert set(found) == {d for d in resolved if d.first != d.second}


@pytest.mark.parametrize("key", KEYS)
def test_what_was_kept_is_what_the_norms_say_now(key: str) -> None:
    for resolution in resolutions(key):
        difference, kept = resolution.difference, resolution.kept
        name = difference.sentence
        assert value(first(key)[name], second(key)[name], difference) == kept, difference


@pytest.mark.parametrize("key", KEYS)
def test_the_norms_now_differ_from_the_second_pass_only_as_was_decided(key: str) -> None:
    kept = {
        (r.difference.sentence, r.difference.quote, r.difference.what)
        for r in resolutions(key)
        if r.kept != r.difference.second
    }
    assert {(d.sentence, d.quote, d.what) for d in differing(key, first(key))} <= kept


@pytest.mark.parametrize("key", KEYS)
def test_every_resolution_says_why_in_both_languages(key: str) -> None:
    for entry in told()[key]:
        assert set(entry["because"]) == {"zh", "en"}
        assert all(entry["because"].values())


def test_the_document_gives_the_numbers_that_are_computed() -> None:
    document = (TEXTS / "AGREEMENT.md").read_text("utf-8")
    assert "\n".join(table(agreement())) in document
    assert "\n".join(outcomes(r for key in KEYS for r in resolutions(key))) in document


# --- how they are compared ------------------------------------------------------------------------

TEXT = "建立甲制度，完善乙机制，每年至少培训一次。"


def norm(quote: str, **fields: Any) -> Norm:
    given = {"modality": "obligation", "strength": "strict", "bearer": frozenset({"zone"})} | fields
    return Norm(quote, TEXT.index(quote), **given)


def sentence(*norms: Norm, account: str = "norms") -> Sentence:
    return Sentence("s_1", TEXT, account, norms)


def test_a_norm_is_met_by_the_one_that_shares_most_of_its_words() -> None:
    apart = sentence(norm("建立甲制度"), norm("完善乙机制"))
    (pair,) = pairs(apart, sentence(norm("立甲制度，完善乙机制")))
    assert pair.first.quote == "完善乙机制"
    assert missed(apart, sentence(norm("每年至少培训一次"))) == (norm("每年至少培训一次"),)


def test_a_bearer_is_agreed_on_where_one_code_is_common() -> None:
    mine = sentence(norm("建立甲制度", bearer=frozenset({"zone", "community"})))
    assert count(mine, sentence(norm("建立甲制度"))).bearer == 1
    assert count(mine, sentence(norm("建立甲制度", bearer=frozenset({"assigner"})))).bearer == 0


def test_figures_of_norms_that_one_norm_meets_are_taken_together() -> None:
    whole = sentence(norm("完善乙机制，每年至少培训一次", figures=frozenset({"1", "2"})))
    parts = sentence(
        norm("完善乙机制", figures=frozenset({"2"})),
        norm("每年至少培训一次", figures=frozenset({"1"})),
    )
    assert count(whole, parts).figures == count(whole, parts).figured == 2


def test_what_was_corrected_is_restored_from_its_resolution() -> None:
    was = sentence(norm("建立甲制度，完善乙机制"), norm("每年至少培训一次"))
    noted = sentence(norm("建立甲制度", strength="best-effort"), account="definition")
    now = sentence(norm("建立甲制度", strength="best-effort"), norm("完善乙机制"))
    decided = [
        Resolution(Difference("s_1", "", "account", "norms", "definition"), "norms"),
        Resolution(
            Difference("s_1", "建立甲制度", "quote", "建立甲制度，完善乙机制", "建立甲制度"),
            "建立甲制度",
        ),
        Resolution(
            Difference("s_1", "建立甲制度", "strength", "strict", "best-effort"), "best-effort"
        ),
        Resolution(Difference("s_1", "完善乙机制", "norm", "absent", "absent"), "recorded"),
        Resolution(Difference("s_1", "每年至少培训一次", "norm", "recorded", "absent"), "absent"),
    ]
    back = restored(now, noted, decided)
    assert back.norms[0] == was.norms[0]
    assert [n.quote for n in back.norms] == [n.quote for n in was.norms]
    assert {d.what for d in differences(back, noted)} == {"account", "norm", "strength"}
    assert all(value(now, noted, r.difference) == r.kept for r in decided)
