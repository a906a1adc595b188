"""A thousand random clients, attacked by whoever adds, subtracts and bounds what they tell.

.venv/bin/python -m bench.intruder [clients]
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.intruder import KINDS, attacked


def main(clients: int = 1000) -> int:
    """Prints, by kind of client, how many gave something away; 0 where none did."""
    lost = Counter()
    for seed in range(clients):
        with tempfile.TemporaryDirectory() as folder:
            found = attacked(Path(folder), seed)
        if found:
            lost[KINDS[seed % len(KINDS)]] += 1
            print(seed, *found[:3], sep="\n  ")
    for kind in KINDS:
        print(f"{kind}: {lost[kind]} of {len(range(KINDS.index(kind), clients, len(KINDS)))}")
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
