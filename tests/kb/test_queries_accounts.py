"""What sentences carry and what rules execute, asked of the graph: computed from the values."""

from __future__ import annotations

import pytest

from rules.publish import executed
from tests.kb.world import JILIN, REPLY, World, zh

HELD = [
    "jl-jifa-2017-36",
    "jl-jizhengfa-2010-37",
    "jl-jiminfa-2019-30",
    "jl-jiminyizi-2020-16",
    "sd-luminhan-2019-50",
]


def rules_by_norm(world: World) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for rule in world.rules:
        for norm in executed(rule, world.library):
            found.setdefault(norm.iri, set()).add(rule.id)
    return found


def test_provisions_whose_sentences_carry_no_norm(world: World) -> None:
    expected = set()
    for instrument in world.library.instruments:
        kinds = {account.sentence: account.kind for account in instrument.accounts}
        for provision in instrument.provisions:
            found = {kinds[s.id] for s in provision.sentences}
            if found and "norms" not in found:
                told = frozenset(zh("sentence-accounts", kind) for kind in found)
                row = (instrument.number, provision.label, str(len(provision.sentences)), told)
                expected.add(row)
    rows = world.answer("provisions-without-norm", "number", "provision", "sentences", "accounts")
    assert {(*row[:3], frozenset(row[3].split("；"))) for row in rows} == expected
    # The reasons of the reply, which sets no norm itself.
    assert {(REPLY, "一"), (REPLY, "二"), (REPLY, "三")} <= {row[:2] for row in rows}


def test_sentences_without_norm_say_why(world: World) -> None:
    expected = {
        (f"{i.iri}/{a.sentence}", zh("sentence-accounts", a.kind), a.because.zh)
        for i in world.library.instruments
        for a in i.accounts
        if a.kind != "norms" and a.because
    }
    rows = world.answer("sentences-without-norm", "sentence", "account", "because")
    assert rows == expected
    carried = {a.kind for i in world.library.instruments for a in i.accounts}
    assert {account for _, account, _ in rows} == {
        zh("sentence-accounts", kind) for kind in carried - {"norms"}
    }
    texts = world.answer("sentences-without-norm", "number", "account", "text")
    assert (
        REPLY,
        "事实",
        "国家已经启动了《中华人民共和国城市居民委员会组织法》的修订程序。",
    ) in texts


@pytest.mark.parametrize("key", HELD)
def test_norms_that_facts_can_decide_and_their_rules(world: World, key: str) -> None:
    rules = rules_by_norm(world)
    stated = [s for s in world.norms if s.instrument.key == key]
    without = {
        (s.norm.iri, s.provision, s.modality)
        for s in stated
        if s.norm.check == "rule" and s.norm.iri not in rules
    }
    found = world.answer("norms-without-rule", "norm", "provision", "modality", instrument=key)
    assert found == without
    linked = {(s.norm.iri, rule) for s in stated for rule in rules.get(s.norm.iri, ())}
    assert world.answer("norms-with-rules", "norm", "id", instrument=key) == linked


def test_the_one_vote_veto_has_its_rule(world: World) -> None:
    rows = world.answer("norms-with-rules", "provision", "words", "id")
    assert ("三（五）", "取消对社区工作的“一票否决”事项", "jl-2017-36.one-vote-veto") in rows


def test_rules_whose_words_are_of_no_norm(world: World) -> None:
    expected = {
        (rule.id, citation.quote, str(rule.inference).lower())
        for rule in world.rules
        if not executed(rule, world.library)
        for citation in rule.citations
    }
    rows = world.answer("rules-without-norm", "id", "quote", "inference")
    assert rows == expected
    # Words of the published list, which is no text held.
    assert "cn-2020-20.kinship-verifiable" in {rule for rule, _, _ in rows}


def test_norms_whose_words_were_repaired(world: World) -> None:
    expected = {
        (s.norm.iri, f"{s.instrument.iri}#repair-{repair}")
        for s in world.norms
        for repair in s.norm.repairs
    }
    assert world.answer("norms-on-repaired-words", "norm", "repair") == expected
    rows = world.answer("norms-on-repaired-words", "number", "provision", "replacement", "words")
    words = "从2011年起，城区社区年工作经费争取达到5□5万元"
    assert ("吉政发〔2010〕37号", "六（三）", "□", words) in rows
    assert all(number != JILIN for number, _, _, _ in rows)
