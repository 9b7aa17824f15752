"""What follows from the day an application arrived: whether it was in time.

吉民发〔2019〕30号 四（二）: 于每年的9月底前报省民政厅, read with 30 September included.
"""

from __future__ import annotations

from datetime import date

from ontology.label import Label
from rules.drawing import Drawn
from rules.facts import Given

_SOURCE = Label(
    "由申请报省民政厅的日期推出，含9月30日当日",
    "from the day the application reached the province, 30 September included",
)


def application_facts(given: Given, _as_of: date) -> tuple[Drawn, ...]:
    """Whether the application arrived by the end of September of its round, where both are known.

    Without the year of the round, that of the day of arrival counts.
    """
    arrived = given.values.get("application.reached_province")
    if arrived is None:
        return ()
    day = date.fromisoformat(str(arrived))
    year = given.values.get("application.year")
    last = date(year if isinstance(year, int) else day.year, 9, 30)
    return (Drawn("application.by_end_of_september", day <= last, _SOURCE),)
