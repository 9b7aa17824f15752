"""How the answer to a competency question is shown: what its columns are called, and its chart.

Columns are called by the variables of the query: `queries/columns.yaml` has one name for each, a
question whose variable means another thing has a line of its own in the header. A chart is declared
there too; whoever draws none shows the table::

    # column: number 数值 figure
    # chart: bar topic norms number
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

from pydantic import TypeAdapter, ValidationError

from kb import yaml_source
from kb.meta import Words
from ontology.issue import Issue
from ontology.label import Label
from ontology.names import nearest

_FILE: Final = Path(__file__).parent / "queries" / "columns.yaml"
_NAMED: Final = "kb/queries/columns.yaml"
SHOWN: Final = ("chart", "column")
"""The keys of a header that say how an answer is shown."""
_VARIABLE: Final = re.compile(r"[?$](\w+)")

ChartKind = Literal["bar", "stacked", "line", "timeline"]
CHART_KINDS: Final[tuple[ChartKind, ...]] = get_args(ChartKind)

_TABLE: Final = TypeAdapter(dict[str, Words])


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of an answer, by its columns: `x` against `y`, a series for each value of `by`.

    bar and stacked: categories `x`, numbers `y`, the series side by side or (of counts) as parts of
    a whole; line: numbers or days `x`, numbers `y`; timeline: days `x`, lanes `y`, `by` names the
    point. `panel` parts what has no common scale, such as units. `by` and `panel` may be empty.
    """

    kind: ChartKind
    x: str
    y: str
    by: str = ""
    panel: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""
        return tuple(filter(None, (self.x, self.y, self.by, self.panel)))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a header: its key, what it says and where it stands."""

    key: str
    said: str
    where: str


@dataclass(frozen=True, slots=True)
class Show:
    """The chart of a question, if it has one, and the names of columns that are its own.

    In a query that is no question variables may mean anything: it has no `shared` names.
    """

    chart: Chart | None = None
    columns: tuple[tuple[str, Label], ...] = ()
    shared: bool = True

    def column(self, name: str) -> Label:
        """What a column is called: here, by the shared table, else by its variable."""
        shared = shared_columns() if self.shared else {}
        return dict(self.columns).get(name) or shared.get(name) or Label(name, name)


def read_show(lines: Iterable[Line], text: str) -> tuple[Show, list[Issue]]:
    """What a header says, with what is wrong in it; `text` is that of the query."""
    variables = frozenset(_VARIABLE.findall(text))
    chart: Chart | None = None
    columns: list[tuple[str, Label]] = []
    issues: list[Issue] = []
    for line in lines:
        read = _chart(line) if line.key == "chart" else _column(line)
        match read:
            case Issue():
                issues.append(read)
                continue
            case Chart():
                chart, said = read, read.columns
            case name, _:
                columns.append(read)
                said = (name,)
        issues += [_unknown(name, variables, line.where) for name in said if name not in variables]
    return Show(chart, tuple(columns)), issues


def _chart(line: Line) -> Chart | Issue:
    words = line.said.split()
    kind = next((known for known in CHART_KINDS if words[0] == known), None)
    if kind is None:
        near = nearest(words[0], CHART_KINDS)
        hint = f"did you mean {near}?" if near else f"one of {', '.join(CHART_KINDS)}"
        return Issue("error", f"there is no chart {words[0]}", line.where, hint)
    if not 3 <= len(words) <= 5:
        return Issue("error", "a chart is: kind x y, then perhaps by and panel", line.where)
    return Chart(kind, *words[1:])


def _column(line: Line) -> tuple[str, Label] | Issue:
    try:
        name, zh, en = shlex.split(line.said)
    except ValueError:
        return Issue("error", "a column is: name label-zh label-en", line.where,
                     "put a text with blanks in quotation marks")  # fmt: skip
    return name, Label(zh, en)


def _unknown(name: str, variables: Iterable[str], where: str) -> Issue:
    near = nearest(name, variables)
    hint = f"did you mean {near}?" if near else ""
    return Issue("error", f"the query has no variable {name}", where, hint)


@cache
def shared_columns() -> Mapping[str, Label]:
    """The names that all questions share; ValueError where their file does not hold."""
    source = yaml_source.read(_FILE, _NAMED)
    if source.issues:
        raise ValueError("\n".join(map(str, source.issues)))
    try:
        table = _TABLE.validate_python(source.value)
    except ValidationError as error:
        raise ValueError(f"{_NAMED}: {error}") from None
    return {name: Label(words.zh, words.en) for name, words in table.items()}
