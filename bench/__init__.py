"""Speed and endurance, as ratios measured in one run: `make bench`, or `python -m bench NAME…`.

A bench is a module here with `rows(full)`, which yields a Row for each thing measured; `full` asks
for the whole size where a smaller one is measured otherwise.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table: what, how much was measured, what was promised, and whether it holds."""

    what: str
    measured: str
    promised: str
    holds: bool
