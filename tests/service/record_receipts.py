"""Records the corpus of receipts anew: `python tests/service/record_receipts.py "why"`.

To be run only where results are meant to differ from now on; the reason goes into the README beside
the receipts, and a change of law into its changelog (DESIGN §4). With --add before the reason only
requests that have no receipt yet are asked: those there are rest on the rules of then.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

CORPUS: Final = Path(__file__).parents[1] / "fixtures/receipts"
PRACTICE: Final = CORPUS.parent / "practice.jsonl"

# One of each sort: every verdict and reason, items, several kinds, certificates with and without
# derived facts, uncertain days, other provinces, parents of places, nothing asked.
CHOSEN: Final = (
    *("P001", "P003", "P004", "P005", "P007", "P009", "P011", "P012", "P013", "P016", "P017"),
    *("P021", "P023", "P027", "P028", "P029", "P031", "P032", "P033", "P034", "P036", "P037"),
    *("P042", "P043", "P045", "P046", "P048", "P049", "P052", "P053", "P054", "P057", "P060"),
    *("P068", "P069", "P071", "P074", "P075", "P077", "P078", "P083"),
)


def requests() -> dict[str, Any]:
    """The requests of the corpus by the name of their receipt."""
    lines = PRACTICE.read_text("utf-8").splitlines()
    cases = {case["id"]: case["request"] for case in map(json.loads, lines)}
    chosen = {name: cases[name] for name in CHOSEN}
    brief = {f"{name}-verdict": cases[name] | {"detail": "verdict"} for name in ("P001", "P036")}
    return chosen | brief | further(cases)


def further(cases: dict[str, Any]) -> dict[str, Any]:
    """What no practice case has: a rule that yields, a doubtful day, a day before all texts."""
    # 吉办发〔2019〕43号 came out on a day of November 2019 that is not known.
    pilot = {
        "task.kind": ["pilot-application"],
        "task.role": "responsible",
        "task.list": "none",
        "task.government_duty": False,
        "task.statutory_basis": False,
        "task.funding": True,
        "task.target": False,
        "task.compulsory_on_residents": False,
        "assigner.type": "sub-district-or-township",
        "community.type": "urban",
        "community.jurisdiction": "吉林省长春市南关区",
    }
    by_law = cases["P036"]["facts"] | {"task.statutory_basis": True}
    return {
        "P036-by-law": cases["P036"] | {"facts": by_law},
        "P036-doubtful-day": cases["P036"] | {"as_of": "2020-03-15"},
        "doubtful-day": {"facts": pilot, "as_of": "2019-11-15"},
        "P001-before": cases["P001"] | {"as_of": "2009-01-01"},
    }


DOSSIERS: Final = CORPUS.parent / "dossiers"
_ZONE: Final = {
    "zone.jurisdiction": "吉林省长春市南关区",
    "zone.responsibilities": True,
    "zone.term_years": "2",
    "zone.change_planned": ["no-change"],
}
_HISTORY: Final = (
    {"on": "2020-01-10", "event": "recognised"},
    {"on": "2020-02-01", "event": "annual-plan"},
    {"on": "2021-01-05", "event": "annual-summary"},
    {"on": "2022-01-08", "event": "final-report"},
)


def other_kinds() -> dict[str, tuple[str, Any]]:
    """The requests of the kinds beside admissibility: kind and request by the name of a receipt."""
    chosen = (
        *("compliance-urban-bad", "compliance-county-good"),
        *("application-jilin-bad", "application-jilin-incomplete", "application-shandong-good"),
    )
    found: dict[str, tuple[str, Any]] = {}
    for name in chosen:
        dossier = json.loads((DOSSIERS / f"{name}.json").read_text("utf-8"))
        request = {"facts": dossier["facts"], "as_of": dossier["as_of"]}
        found[name] = (name.partition("-")[0], request)
    for day in ("2020-06-01", "2021-06-01", "2022-02-01"):
        request = {"facts": _ZONE, "events": list(_HISTORY), "as_of": day}
        found[f"lifecycle-{day}"] = ("lifecycle", request)
    return found


def every_request() -> dict[str, tuple[str, Any]]:
    """Kind and request by the name of their receipt."""
    return {name: ("admissibility", one) for name, one in requests().items()} | other_kinds()


def record(folder: Path, asked: dict[str, tuple[str, Any]]) -> None:
    """Ask the application each request and keep its receipts, and the revision they rest on."""
    from service.settings import Settings
    from service.shipped import load_shipped
    from tests.service.conftest import running

    shipped = load_shipped()
    with TemporaryDirectory() as place:
        settings = Settings(database_url=f"sqlite:///{place}/zhunru.db")
        with running(settings, shipped) as client:
            for name, (kind, request) in asked.items():
                id_ = client.decide(request, kind=kind).json()["id"]
                receipt = client.get(f"/v1/decisions/{id_}").json()
                # What differs each time stands beside the result, and is left out of the corpus.
                receipt |= {"id": name, "decided_at": "2026-01-01T00:00:00.000000Z"}
                receipt |= {"engine": "as recorded"}
                write(folder / f"{name}.json", receipt)
    document = json.loads(shipped.rulebook.document())
    write(folder / "revisions" / f"{shipped.rulebook.revision.replace(':', '-')}.json", document)


def write(path: Path, value: Any) -> None:
    """JSON that people can compare line by line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", "utf-8")


def main(because: str, *, add: bool) -> None:
    """Replace the corpus, or add what it lacks, and say why."""
    asked = every_request()
    if add:
        asked = {name: one for name, one in asked.items() if not (CORPUS / f"{name}.json").exists()}
    else:
        for old in CORPUS.rglob("*.json"):
            old.unlink()
    record(CORPUS, asked)
    with (CORPUS / "README.md").open("a", encoding="utf-8") as told:
        told.write(f"| {date.today().isoformat()} | {because} |\n")  # noqa: DTZ011


if __name__ == "__main__":
    words = sys.argv[1:]
    add = words[:1] == ["--add"]
    reason = " ".join(words[add:]).strip()
    if not reason:
        sys.exit('say why results are to differ: record_receipts.py [--add] "why"')
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main(reason, add=add)
