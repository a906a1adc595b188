"""A thousand random clients, and the demo clients in every language, attacked by whoever adds, subtracts
and bounds what they tell.

.venv/bin/python -m bench.intruder [clients]
.venv/bin/python -m bench.intruder demos
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path

from bench import Row
from cxlib.client.case import read_client
from cxlib.client.release import released
from tests.intruder import KINDS, attacked, tables_of, told_by

DATA = Path(__file__).parents[1] / "data"
LANGUAGES = ("en", "zh-Hans", "zh-Hant")


def rows(full):
    clients = 1000 if full else 2 * len(KINDS)
    lost = attack(clients)
    text = f"{lost.total()} of {clients} gave something away"
    yield Row("random clients attacked", text, "0", not lost)


def attack(clients: int) -> Counter:
    """How many gave something away, by kind of client; prints what."""
    lost = Counter()
    for seed in range(clients):
        with tempfile.TemporaryDirectory() as folder:
            found = attacked(Path(folder), seed)
        if found:
            lost[KINDS[seed % len(KINDS)]] += 1
            print(seed, *found[:3], sep="\n  ")
    return lost


def main(clients: int = 1000) -> int:
    """Prints, by kind of client, how many gave something away; 0 where none did."""
    lost = attack(clients)
    for kind in KINDS:
        print(f"{kind}: {lost[kind]} of {len(range(KINDS.index(kind), clients, len(KINDS)))}")
    return int(bool(lost))


def demos() -> int:
    """Prints what each demo client's answers give away, and whether it tells the same in every
    language; 0 where none gives anything away and all do."""
    lost = 0
    for name in sorted(path.parent.name for path in DATA.glob("*/client.yml")):
        cases = [read_client(name, DATA, language=tag) for tag in LANGUAGES]
        if cases[0].survey is None:
            continue
        first, *others = (tables_of(case, released) for case in cases)
        found = told_by(cases[0], first)
        same = all(set(told) == set(first) and all(told[each].equals(first[each]) for each in told)
                   for told in others)  # fmt: skip
        print(name, f"{len(first)} tables", "alike in all languages" if same else "NOT ALIKE",
              *found or ["nothing given away"], sep=", ", flush=True)  # fmt: skip
        lost += bool(found) or not same
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(demos() if sys.argv[1:] == ["demos"] else main(*map(int, sys.argv[1:])))
