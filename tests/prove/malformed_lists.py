"""10,000 malformed files of lists: a clear report each time, nothing changed, the process goes on.

Half are texts, half sheets: good files with bytes changed, cut, doubled or thrown in, and noise.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import zipfile
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from openpyxl import Workbook

from kb.list_files import read_register
from kb.register import RegisteredList
from ontology.vocabulary import load_vocabulary
from service.deciding import today
from service.lists.asked import asked_of
from service.lists.faults import FaultyFile
from service.lists.keeping import Lists
from service.store.database import open_database
from service.store.lists import ListStore
from service.store.migrate import upgrade

FULL: Final = 10_000
REDUCED: Final = 500
SEED: Final = 20171208
GOOD: Final = "序号,事项,依据,部门\n" + "".join(
    f"{n},事项{n},《某法》第{n}条,公安\n" for n in range(1, 9)
)
SAID: Final = {
    "jurisdiction": "220102",
    "kind": "assist",
    "title": "清单",
    "source": "证明",
    "complete": "true",
    "start": "2021-05-01",
}


def main() -> None:
    """Send them all; end with 1 where one changed something it should not or was not told of."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reduced", action="store_true")
    count = REDUCED if parser.parse_args().reduced else FULL
    with TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/zhunru.db")
        upgrade(engine)
        store = ListStore(engine)
        failures, told = _send(Lists(store, read_register()[0], load_vocabulary()), count)
        left = sum(file.stat().st_size for file in Path(folder).iterdir())
        store.close()
        engine.dispose()
    for failure in failures[:20]:
        print(failure)
    kinds = ", ".join(f"{code} {n}" for code, n in told.most_common())
    print(f"{count} files, {len(failures)} failures; {kinds}; store {left:,} bytes")
    sys.exit(bool(failures))


def _send(lists: Lists, count: int) -> tuple[list[str], Counter[str]]:
    chance = random.Random(SEED)  # the same files in every run
    asked = asked_of(SAID, lists.vocabulary, today())
    text, sheet = GOOD.encode(), _sheet()
    failures: list[str] = []
    told: Counter[str] = Counter()
    for number in range(count):
        good = (text, GOOD.encode("gb18030"), sheet, _repacked(sheet, chance))[number % 4]
        data = good if number % 4 == 3 else _damaged(good, chance)
        before = lists.generation()
        try:
            taken = lists.take(asked, data, "proof")
        except FaultyFile as error:
            told[error.faults[0].code] += 1
            if not error.issues or lists.generation() != before:
                failures.append(f"file {number}: refused without a word, or something changed")
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            failures.append(f"file {number}: {type(error).__name__}: {error}")
        else:
            told["taken"] += 1
            if lists.generation() != before + taken.fresh or not _sound(taken.list):
                failures.append(f"file {number}: taken, but not soundly")
    return failures, told


def _sound(found: RegisteredList) -> bool:
    numbers = {row.number for row in found.rows}
    return 0 < len(numbers) == len(found.rows) and all(row.name for row in found.rows)


def _damaged(data: bytes, chance: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(found) + 1), chance.randint(1, 24)
        match chance.randrange(6):
            case 0:
                found[at : at + length] = chance.randbytes(length)
            case 1:
                del found[at : at + length]
            case 2:
                found[at:at] = found[at : at + length]
            case 3:
                found[at:at] = chance.choice([b"=", b'"', b"\n", b",", b"\0", b"\xff", b"\r"])
            case 4:
                del found[at:]
            case _:
                found[at:at] = chance.randbytes(length)
    return bytes(found)


def _sheet() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in GOOD.splitlines():
        sheet.append(line.split(","))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _repacked(sheet: bytes, chance: random.Random) -> bytes:
    """The sheet with one part damaged inside a ZIP that is whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheet)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        damaged = chance.choice(names)
        for name in names:
            data = old.read(name)
            new.writestr(name, _damaged(data, chance) if name == damaged else data)
    return out.getvalue()


if __name__ == "__main__":
    main()
