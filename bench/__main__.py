"""Run the benches named, or all of them, and print one table. Exit status 1 where a promise is broken."""

import argparse
import pkgutil
import sys
from importlib import import_module
from pathlib import Path

NAMES = sorted(
    module.name
    for module in pkgutil.iter_modules([str(Path(__file__).parent)])
    if module.name != "__main__"
)


def main():
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", choices=[*NAMES, []], metavar="NAME", help=", ".join(NAMES)
    )
    parser.add_argument(
        "--full", action="store_true", help="the whole size everywhere; takes hours"
    )
    asked = parser.parse_args()
    rows = []
    for name in asked.names or NAMES:
        for row in import_module(f"bench.{name}").rows(asked.full):
            print(f"{row.what}: {row.measured}", file=sys.stderr, flush=True)
            rows.append(row)
    print("\n| | measured | promised | |\n|---|---|---|---|")
    for row in rows:
        print(
            f"| {row.what} | {row.measured} | {row.promised} | {'holds' if row.holds else 'BROKEN'} |"
        )
    return int(not all(row.holds for row in rows))


if __name__ == "__main__":
    sys.exit(main())
