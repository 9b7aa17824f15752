"""Lists as JSON, CSV and Turtle."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from kb.graph import list_quads
from kb.register import REFERENCES, RegisteredList, Row
from ontology.vocabulary import CodeList, Vocabulary
from service.lists.suggest import code_list

# https://owasp.org/www-community/attacks/CSV_Injection: a spreadsheet takes what begins so for a
# formula; an apostrophe in front makes it the text that it is.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_HEAD: Final = (
    "序号",
    "事项",
    "依据",
    "责任部门",
    "备注",
    "类型代码",
    "类型",
    "社区角色",
    "法定依据",
    "已确认",
    "确认人",
    "确认时间",
)


def summary(found: RegisteredList) -> dict[str, Any]:
    """A version without its rows."""
    return {
        "id": found.id,
        "jurisdiction": found.jurisdiction.ljust(6, "0"),
        "kind": found.kind,
        "title": found.title,
        "complete": found.complete,
        "start": found.start and found.start.isoformat(),
        "start_latest": found.latest and found.latest.isoformat(),
        "end": found.end and found.end.isoformat(),
        "version": found.version,
        "shipped": not found.version,
        "derives": found.kind not in REFERENCES and found.kind != "burden-negative",
        "source": found.source,
        "uploaded_by": found.uploaded_by or None,
        "uploaded_at": found.uploaded_at or None,
        "sha256": found.sha256 or None,
        "rows_count": len(found.rows),
        "unconfirmed": found.unconfirmed,
    }


def whole(
    found: RegisteredList,
    vocabulary: Vocabulary,
    candidates: Mapping[int, Sequence[tuple[str, float]]],
) -> dict[str, Any]:
    """A version with its rows: what each is, or may be."""
    codes = code_list(found.kind, vocabulary)
    return summary(found) | {
        "rows": [_row(row, codes, candidates.get(row.number, ())) for row in found.rows]
    }


def _row(row: Row, codes: CodeList, candidates: Sequence[tuple[str, float]]) -> dict[str, Any]:
    mapped = row.mapped
    return {
        "number": row.number,
        "text": row.name,
        "basis": row.basis,
        "department": row.department,
        "notes": [note.to_json() for note in row.notes],
        "start": row.start and row.start.isoformat(),
        "end": row.end and row.end.isoformat(),
        "mapping": {
            "codes": list(mapped.codes),
            "labels": [_label(code, codes) for code in mapped.codes],
            "role": mapped.role or None,
            "statutory_basis": mapped.statutory_basis,
            "confirmed": mapped.confirmed,
            "confidence": mapped.confidence or None,
            "by": mapped.by or None,
            "at": mapped.at or None,
        },
        "candidates": [
            {"code": code, "label": _label(code, codes), "score": score}
            for code, score in candidates
        ],
    }


def _label(code: str, codes: CodeList) -> dict[str, str]:
    concept = codes.get(code)
    return concept.label.to_json() if concept else {"zh": code, "en": code}


def as_csv(found: RegisteredList, vocabulary: Vocabulary) -> bytes:
    """A version as a sheet opens it: UTF-8 with a byte order mark, no cell a formula."""
    codes = code_list(found.kind, vocabulary)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_HEAD)
    for row in found.rows:
        mapped = row.mapped
        cells = (
            str(row.number),
            row.name,
            row.basis,
            row.department,
            "；".join(note.zh for note in row.notes),
            " ".join(mapped.codes),
            "、".join(_label(code, codes)["zh"] for code in mapped.codes),
            mapped.role,
            {True: "是", False: "否", None: ""}[mapped.statutory_basis],
            "是" if mapped.confirmed else "否",
            mapped.by,
            mapped.at,
        )
        writer.writerow([harmless(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def as_turtle(lists: Iterable[RegisteredList]) -> bytes:
    """Lists as Turtle, the statements of the graph of lists."""
    return "".join(f"{line}\n" for line in sorted(triples(lists))).encode()


def triples(lists: Iterable[RegisteredList]) -> Iterable[str]:
    """N-Triples, which are Turtle (https://www.w3.org/TR/n-triples/), without the graph's name."""
    for quad in list_quads(lists, {}):
        triple, _, _ = quad.rpartition(" <")
        yield f"{triple} ."
