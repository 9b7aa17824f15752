"""The answers to the competency questions, against the texts and against the values they came from.

What the five texts say is written out here. What the rulebook, the lists and the code lists say is
computed from their own values, without the graph, so that widening them cannot make a test stale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from time import perf_counter

import pytest

from kb.build import build
from kb.instrument import Instrument
from kb.library import Library, load_library
from kb.query import bind, load, queries
from kb.store import GraphStore
from ontology.validate import read_nquads, validate
from ontology.vocabulary import Concept, Vocabulary, load_vocabulary
from rules import condition as conditions
from rules.export import nquads
from rules.model import Citation, Rule, Rulebook
from rules.publish import build_rulebook

Rows = set[tuple[str, ...]]
JILIN = "吉发〔2017〕36号"
REPLY = "吉民议字〔2020〕16号"


@dataclass(frozen=True)
class World:
    """The graph, and the values it was built from."""

    store: GraphStore
    library: Library
    vocabulary: Vocabulary
    rulebook: Rulebook

    @property
    def rules(self) -> list[Rule]:
        return [rule for rules in self.rulebook.rules.values() for rule in rules]

    def answer(self, name: str, *columns: str, **values: str) -> Rows:
        """The rows of a question, of some columns; unbound ones are empty."""
        rows = self.store.select(bind(load(name), values))
        return {tuple(row.get(column, "") for column in columns) for row in rows}

    def instrument(self, key: str) -> Instrument:
        found = self.library.instrument(key)
        assert found is not None
        return found

    def number(self, key: str) -> str:
        return self.instrument(key).number or ""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    vocabulary, library = load_vocabulary(), load_library()
    rulebook = build_rulebook(vocabulary, library)
    folder = tmp_path_factory.mktemp("graph")
    build(folder, nquads(rulebook), library, vocabulary)
    return World(GraphStore.open(folder / "graph.nq"), library, vocabulary, rulebook)


def in_force(rule: Rule, day: date, place: str) -> bool:
    period = rule.in_force
    ended = period.end is not None and day >= period.end
    return place.startswith(rule.jurisdiction) and period.start <= day and not ended


def places(citation: Citation) -> list[Citation]:
    """A citation with the one that hands its words down."""
    return [citation] if citation.quoted_in is None else [citation, citation.quoted_in]


def test_the_whole_graph_satisfies_the_shapes(world: World) -> None:
    """Vocabulary, instruments, lists, horizon and rules together (SHACL), within seconds."""
    started = perf_counter()
    assert [str(issue) for issue in validate(read_nquads(world.store.nquads()))] == []
    assert perf_counter() - started < 60


@pytest.mark.parametrize("name", [query.name for query in queries()])
def test_each_question_has_an_answer(world: World, name: str) -> None:
    """The shipped content answers each; an empty table would hide a wrong query."""
    assert world.answer(name)


# --- Texts ---------------------------------------------------------------------------------------


def test_the_held_instruments_with_their_authorities(world: World) -> None:
    held = {
        row[:3]
        for row in world.answer("instruments", "authority", "issued", "number", "held")
        if row[3] == "true"
    }
    assert held == {
        ("中共吉林省委", "2017-12-08", JILIN),
        ("吉林省人民政府", "2017-12-08", JILIN),
        ("吉林省人民政府", "2010-12-21", "吉政发〔2010〕37号"),
        ("吉林省民政厅", "2019", "吉民发〔2019〕30号"),
        ("吉林省民政厅", "2020-06-30", REPLY),
        ("山东省民政厅", "2019-04-30", "鲁民函〔2019〕50号"),
    }


def test_provisions_come_in_the_order_of_the_text(world: World) -> None:
    for key in ("jl-jifa-2017-36", "sd-luminhan-2019-50", "jl-jiminyizi-2020-16"):
        rows = world.store.select(bind(load("provisions-in-order"), {"instrument": key}))
        instrument = world.instrument(key)
        assert [row["label"] for row in rows] == [p.label for p in instrument.provisions]
        assert [row.get("text", "") for row in rows] == [p.text for p in instrument.provisions]


def test_the_sentences_of_three_five_with_their_rules(world: World) -> None:
    """吉发〔2017〕36号 三（五） has four sentences, as a semicolon ends one; rules rest on each."""
    rows = world.answer("rules-of-provision", "order", "text", "id")
    provision = world.instrument("jl-jifa-2017-36").provision("三（五）")
    assert provision is not None
    assert {(order, text) for order, text, _ in rows} == {
        (str(n), s.text) for n, s in enumerate(provision.sentences, start=1)
    }
    assert {
        ("1", "jl-2017-36.five-matters"),
        ("1", "jl-2017-36.statutory-duty"),
        ("2", "jl-2017-36.assist-funding"),
        ("3", "jl-2017-36.signboards"),
        ("4", "jl-2017-36.one-vote-veto"),
    } <= {(order, rule) for order, _, rule in rows}
    elsewhere = world.answer("rules-of-provision", "text", label="四（一）")
    assert elsewhere
    assert not elsewhere & {(text,) for _, text, _ in rows}


def test_a_rule_leads_to_its_sentences(world: World) -> None:
    rows = world.answer("sentences-of-rule", "number", "label", "quote")
    assert rows == {
        (
            JILIN,
            "三（五）",
            "不得将基层群众性自治组织作为行政执法、拆迁拆违、环境整治、城市管理、招商引资等事项的责任主体",
        )
    }
    handed_down = world.answer("sentences-of-rule", "number", "label", rule="jl-2015-44.duties")
    assert handed_down == {(REPLY, "附件四第二段")} or handed_down == {(REPLY, "附件四")}


def test_every_quote_of_a_text_is_found_in_its_sentences(world: World) -> None:
    """DESIGN §2: every step keeps the link back to the sentence."""
    sentences = {
        (i.number or "", provision.label): [s.text for s in provision.sentences]
        for i in world.library.instruments
        for provision in i.provisions
    }
    for rule in world.rules:
        expected = {
            (c.number, c.provision, c.quote)
            for citation in rule.citations
            for c in places(citation)
            if any(
                c.quote in text or text in c.quote
                for text in sentences.get((c.number, c.provision), [])
            )
        }
        found = world.answer("sentences-of-rule", "number", "label", "quote", rule=rule.id)
        assert found == expected


def test_repairs_and_what_is_not_repaired(world: World) -> None:
    held = [i for i in world.library.instruments if i.mended]
    repairs = [r for i in held for r in (i.mended.repairs if i.mended else ())]
    mended = {
        (r.damaged, r.replacement)
        for r in repairs
        if r.replacement is not None and not r.candidates
    }
    assert world.answer("repairs", "damaged", "replacement") == mended
    assert world.answer("unrepaired-damage", "number", "reading", "standing") == {
        ("吉政发〔2010〕37号", "5.5万元", "likely"),
        ("吉政发〔2010〕37号", "55万元", "excluded"),
    }
    kept = {(r.damaged,) for r in repairs if r.replacement is None}
    assert world.answer("wording-kept", "damaged") == kept
    assert ("基层群众自治性组织",) in kept


def test_instruments_that_texts_name_but_that_are_not_held(world: World) -> None:
    expected = {
        (other.title, i.number or "")
        for i in world.library.instruments
        if i.held
        for other in world.library.instruments
        if not other.held
        and (
            other.key in {cite.instrument for cite in i.cites}
            or (other.known and i.key in {q.instrument for q in other.known.quoted_in})
        )
    }
    assert world.answer("cited-but-not-held", "title", "citing") == expected
    assert ("中华人民共和国城市居民委员会组织法", REPLY) in expected


def test_later_instruments_are_those_of_the_horizon(world: World) -> None:
    expected = {(h.date, h.number, h.title) for h in world.library.horizon}
    assert world.answer("later-instruments", "issued", "number", "title") == expected
    assert any(number == "厅字〔2022〕28号" for _, number, _ in expected)


# --- Rules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["", "22", "220102", "37"])
@pytest.mark.parametrize(
    "day", ["2010-12-20", "2015-07-13", "2017-12-08", "2019-06-01", "2020-06-30"]
)
def test_rules_in_force_for_a_place_on_a_day(world: World, place: str, day: str) -> None:
    """DESIGN §4: half-open from the start, the nation's rules everywhere, no other province's."""
    on = date.fromisoformat(day)
    expected = {
        (r.id, str(r.in_force.latest is not None and r.in_force.latest > on).lower())
        for r in world.rules
        if in_force(r, on, place)
    }
    assert world.answer("rules-in-force", "id", "startUncertain", place=place, day=day) == expected


def test_what_may_not_be_asked_of_a_committee(world: World) -> None:
    on = date(2019, 6, 1)
    expected = {
        (r.id, world.number(c.instrument), c.quote)
        for r in world.rules
        if r.effect == "forbids" and in_force(r, on, "22")
        for c in r.citations
    }
    assert world.answer("not-to-be-asked", "id", "number", "quote") == expected
    assert ("jl-2017-36.one-vote-veto", JILIN, "取消对社区工作的“一票否决”事项") in expected
    assert world.answer("not-to-be-asked", "id", place="37") == set()


def test_requirements_have_their_bearers(world: World) -> None:
    bearers = {
        code: concept.label.zh
        for name in ("changers", "addressees")
        for concept in world.vocabulary.code_lists[name].concepts
        for code in (concept.code,)
    }
    expected = {
        (bearers[r.requirement.bearer], r.requirement.text.zh, r.id)
        for r in world.rules
        if r.requirement
    }
    assert world.answer("requirements-by-bearer", "bearer", "requirement", "id") == expected
    assert any(rule == "jl-2017-36.assist-funding" for _, _, rule in expected)


def test_rules_that_rest_on_what_is_not_held(world: World) -> None:
    expected = {
        (r.id, c.quote, world.number(c.quoted_in.instrument) if c.quoted_in else "")
        for r in world.rules
        for c in r.citations
        if (i := world.library.instrument(c.instrument)) and not i.held
    }
    found = world.answer("rules-on-instruments-not-held", "id", "quote", "quotedIn")
    assert found == expected
    assert {rule for rule, _, quoted in found if quoted == REPLY} >= {"jl-2015-44.duties"}


def test_words_quoted_by_another_instrument(world: World) -> None:
    expected = {
        (
            world.number(c.instrument),
            c.quote,
            world.number(c.quoted_in.instrument),
            c.quoted_in.provision,
        )
        for r in world.rules
        for c in r.citations
        if c.quoted_in
    }
    assert world.answer("quoted-in-another", "number", "quote", "in", "label") == expected
    rules = {
        quote: set(ids.split())
        for quote, ids in world.answer("quoted-in-another", "quote", "rules")
    }
    seal = "对法律法规有明确规定且社区有能力提供证明的，方可使用社区印章"
    assert rules[seal] == {r.id for r in world.rules for c in r.citations if c.quote == seal}


def test_inferences_and_doubts(world: World) -> None:
    inferred = {(r.id, r.doubt.zh if r.doubt else "") for r in world.rules if r.inference}
    assert world.answer("inferences", "id", "doubt") == inferred
    assert any(rule == "jl-2017-36.residual" for rule, _ in inferred)
    doubts = {(r.id, r.doubt.zh) for r in world.rules if r.doubt}
    assert world.answer("recorded-doubts", "id", "doubt") == doubts


def test_defeats_with_their_grounds(world: World) -> None:
    grounds = {"exception": "例外", "rank": "位阶", "speciality": "特别规定", "date": "时间"}
    expected = {(r.id, d.rule, grounds[d.ground]) for r in world.rules for d in r.defeats}
    assert world.answer("defeats", "prevails", "yields", "ground") == expected
    assert ("jl-2015-44.exception", "jl-2015-44.targets", "例外") in expected


def test_rules_are_counted_by_strength_and_norm(world: World) -> None:
    counts: dict[tuple[str, str], int] = {}
    for r in world.rules:
        counts[r.strength, r.norm] = counts.get((r.strength, r.norm), 0) + 1
    zh = {"strict": "刚性", "in-principle": "原则上", "best-effort": "力争", "prohibition": "禁止",
          "obligation": "义务", "permission": "许可", "recommendation": "倡导", "target": "目标",
          "definition": "界定"}  # fmt: skip
    rows = world.answer("rules-by-strength-and-norm", "strength", "norm", "rules", "effect")
    found: dict[tuple[str, str], int] = {}
    for strength, norm, number, _ in rows:
        found[strength, norm] = found.get((strength, norm), 0) + int(number)
    assert found == {(zh[s], zh[n]): count for (s, n), count in counts.items()}


# --- Codes and lists -----------------------------------------------------------------------------


def kinds(world: World) -> Mapping[str, Concept]:
    return {c.code: c for c in world.vocabulary.code_lists["task-kinds"].concepts}


def asked(rule: Rule, fact: str) -> set[str]:
    """The codes of a fact that a condition asks for, outside any negation."""

    def walk(condition: conditions.Condition) -> set[str]:
        match condition:
            case conditions.Test(name, _, values):
                return {str(v) for v in values} if name == fact else set()
            case conditions.Not():
                return set()
            case conditions.All(parts) | conditions.Either(parts):
                return set().union(*(walk(p) for p in parts))

    return walk(rule.when)


def test_duties_of_government_with_their_source(world: World) -> None:
    expected = {
        (c.code, c.label.zh, c.government_duty.source.zh)
        for c in kinds(world).values()
        if c.government_duty and c.government_duty.value
    }
    assert world.answer("government-duties", "code", "label", "source") == expected
    assert any(code == "enforcement" for code, _, _ in expected)


def test_kinds_that_a_community_may_not_be_responsible_for(world: World) -> None:
    """The five matters of 三（五）, with their narrower kinds."""
    on = date(2019, 6, 1)
    codes = world.vocabulary.code_lists["task-kinds"]
    expected = {
        (narrower, r.id)
        for r in world.rules
        if r.effect == "forbids"
        and in_force(r, on, "22")
        and "responsible" in asked(r, "task.role")
        for named in asked(r, "task.kind")
        for narrower in codes.narrower(named)
    }
    found = world.answer("kinds-forbidden-to-bear", "code", "id")
    assert found == expected
    five = {code for code, rule in found if rule == "jl-2017-36.five-matters"}
    assert five >= {
        "enforcement", "demolition", "environmental-remediation", "urban-management",
        "investment-promotion",
    }  # fmt: skip


def test_kinds_that_no_rule_names(world: World) -> None:
    codes = world.vocabulary.code_lists["task-kinds"]
    named = {code for r in world.rules for code in asked(r, "task.kind")}
    found = {code for (code,) in world.answer("kinds-without-rule", "code")}
    required = {
        str(value)
        for r in world.rules
        if r.requirement
        for test in conditions.tests(r.requirement.that)
        if test.fact == "task.kind"
        for value in test.values
    }
    covered = {narrower for code in named | required for narrower in codes.narrower(code)}
    assert found == set(codes.codes) - covered


def test_the_national_negative_list(world: World) -> None:
    """民发〔2020〕20号 附件: twenty rows, each under the ban on what is listed."""
    rows = world.answer("negative-list-certificates", "row", "name", "code", "id")
    (listed,) = [
        found for found in world.library.register.lists if found.id == "cn-minfa-2020-20-list-1"
    ]
    assert {row[:3] for row in rows} == {(str(r.number), r.name, r.code) for r in listed.rows}
    assert len(listed.rows) == 20
    assert {row for row, _, _, rule in rows if rule == "cn-2020-20.negative-list"} == {
        str(n) for n in range(1, 21)
    }
    assert ("1", "亲属关系证明", "kinship", "cn-2020-20.kinship-for-notarisation") in rows


def test_rules_on_certificates_read_their_facts(world: World) -> None:
    read = {
        r.id: {f for f in conditions.facts_of(r.when) if f.startswith("certificate.")}
        for r in world.rules
    }
    rows = world.answer("rules-on-certificates", "id", "facts")
    assert {rule: set(facts.split()) for rule, facts in rows} == {
        r: f for r, f in read.items() if f
    }


def test_the_facts_a_decision_asks(world: World) -> None:
    expected = set()
    for fact in world.vocabulary.facts("admissibility"):
        readers = [
            r
            for r in world.rules
            for condition in [r.when, *([r.requirement.that] if r.requirement else [])]
            if fact.name in conditions.facts_of(condition)
        ]
        expected.add((fact.name, str(len({r.id for r in readers}))))
    assert world.answer("questions-a-decision-asks", "name", "rules") == expected


def test_lists_and_rows_whose_start_is_not_known(world: World) -> None:
    expected = set()
    for found in world.library.register.lists:
        if found.latest or not found.start:
            expected.add((found.title, ""))
        expected |= {
            (found.title, str(row.number))
            for row in found.rows
            if row.latest or not (row.start or found.start)
        }
    assert world.answer("lists-without-start", "title", "row") == expected
    assert ("不应由基层群众性自治组织出具证明事项清单（第一批）", "") in expected


# --- Places, bodies, zones, terms ----------------------------------------------------------------


def test_places_that_were_recoded_or_renamed(world: World) -> None:
    """公主岭 passed from 四平 to 长春 in 2020, 九台 became a district; 八道江 was renamed."""
    assert world.answer("places-recoded", "code", "names", "successorCode", "successors") == {
        ("220181", "吉林省长春市九台市", "220113", "吉林省长春市九台区"),
        ("220381", "吉林省四平市公主岭市", "220184", "吉林省长春市公主岭市"),
        ("220625", "吉林省白山市江源县", "220605", "吉林省白山市江源区"),
        ("220724", "吉林省松原市扶余县", "220781", "吉林省松原市扶余市"),
    }
    renamed = {
        (code, frozenset(names.split("、")))
        for code, names in world.answer("places-renamed", "code", "names")
    }
    assert renamed == {("220602", frozenset({"吉林省白山市八道江区", "吉林省白山市浑江区"}))}
    # 莱芜 became part of 济南 at the end of 2018.
    assert ("371202", "370116") in world.answer(
        "places-recoded", "code", "successorCode", place="37"
    )


def test_bodies_stand_under_their_most_special_class(world: World) -> None:
    """Inferred from level and field; 民政部 is the civil affairs department of the centre."""
    found = world.answer("bodies-by-level", "level", "name", "kind", "instruments")
    assert {row[:3] for row in found} >= {
        ("中央", "中共中央", "党中央"),
        ("中央", "民政部", "国务院民政部门"),
        ("省级", "中共吉林省委", "省委"),
        ("省级", "吉林省民政厅", "省民政厅"),
        ("省级", "山东省人民政府", "省人民政府"),
    }
    made = {name: int(count) for _, name, _, count in found}
    names = [a.name for i in world.library.instruments for a in i.authorities]
    assert made == {name: names.count(name) for name in made}


def test_what_an_instrument_names_is_in_its_words(world: World) -> None:
    instrument = world.instrument("jl-jiminfa-2019-30")
    rows = world.answer(
        "named-in-provisions", "provision", "name", "words", instrument=instrument.key
    )
    for label, _, words in rows:
        provision = instrument.provision(label)
        assert provision is not None
        assert words in provision.text + provision.heading
    assert ("三（四）", "社区印章使用范围清单", "社区印章使用范围清单") in rows
    assert ("四（二）", "市（州）民政局", "市州民政局") in rows


def test_zone_programmes_of_two_provinces(world: World) -> None:
    """吉民发〔2019〕30号 四（二）（三） and 鲁民函〔2019〕50号 二, 三（二）."""
    steps = world.answer("zone-programmes-compared", "place", "kind", "actor", "due", "provision")
    assert ("吉林省", "审核评审环节", "市（州）民政局", "每年的9月底前", "四（二）") in steps
    assert ("山东省", "审核评审环节", "市（州）民政局", "6 月 30 日前", "二（一）") in steps
    assert {kind for _, kind, _, _, _ in steps} == {
        "申报环节",
        "审核评审环节",
        "确认环节",
        "管理环节",
    }
    papers = world.answer(
        "zone-requirements-compared", "place", "years", "maximum", "paper", "characters", "copies"
    )
    assert papers == {
        ("吉林省", "2", "false", "申请文件", "", "3"),
        ("吉林省", "2", "false", "实验方案", "3000", "3"),
        ("吉林省", "2", "false", "市州审核意见", "", "3"),
        ("山东省", "2", "true", "实验方案", "4000", "3"),
        ("山东省", "2", "true", "申报表", "", "3"),
        ("山东省", "2", "true", "本级审核意见", "", "3"),
    }


def test_the_counts_that_the_reply_reports(world: World) -> None:
    assert world.answer("reported-counts", "indicator", "place", "on", "number", "total") == {
        ("城乡社区数", "吉林省", "2020-03", "11312", ""),
        ("城市社区数", "吉林省", "2020-03", "1970", "城乡社区数"),
        ("乡镇社区数", "吉林省", "2020-03", "463", "城市社区数"),
        ("村民委员会数", "吉林省", "2020-03", "9342", "城乡社区数"),
        ("农村社区数", "吉林省", "2020-03", "8115", "村民委员会数"),
    }


def test_terms_without_a_counterpart_are_really_our_own(world: World) -> None:
    found = {term.rsplit("#", 1)[1] for (term,) in world.answer("terms-without-alignment", "term")}
    assert found >= {"Seal", "Signboard", "Ledger", "ListEntry", "ExperimentalZone"}
    assert not found & {
        "Instrument",
        "Provision",
        "ResidentsCommittee",
        "Certificate",
        "Post",
        "Rule",
    }


def test_questions_are_quick(world: World) -> None:
    """An analyst waits for none of them: slow shapes (knowledge-base.md §2.3) are avoided."""
    started = perf_counter()
    for query in queries():
        world.store.select(bind(query))
    assert perf_counter() - started < 5
