"""The tables a client may send, and the rules that they keep: read from `contract.toml`, the one place.

What breaks a rule, and what then happens:

- in a table that a person filled in (`records` is False): refused. The run would be about
  something else.
- in the export of a system (`records`: customers, transactions, complaints, contacts): the row is
  left out, or the cell where the column is optional, with a line in `rejected`. Refused only where
  no cell of a column can be read at all.
- an answer of the survey file: left out with a line in `rejected`. Refused only where no answer
  of a column can be read at all.
- a weight, wave or respondent of the survey: refused. A blank weight is not zero.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

# The largest company there is takes in about 7e11 US dollars a year: some 7e17 in Iranian rials, the
# currency of least worth. What is beyond is a slip, and its products would be no numbers at all.
MOST = 1e18
EXPECTATION_DRIVERS = (
    "word_of_mouth", "promotion", "values", "circumstance", "past_here", "past_elsewhere",
)  # fmt: skip
BY_ITEM_ALONE = "none"  # in place of an item's dimension: told by item, and in no experience type
FITS = ("strategy_fit", "people", "process", "technology")  # weighed by `strategy.weights`


@dataclass(frozen=True)
class Column:
    """One column; the fields are explained in `contract.toml`."""

    name: str
    about: str
    kind: str = "text"
    required: bool = False
    low: float | None = None
    high: float | None = None
    scale: str = ""
    values: list | tuple = ()
    joins: str = ""
    ahead: bool = False
    example: object = ""


@dataclass(frozen=True)
class Table:
    """One table; the fields are explained in `contract.toml`."""

    name: str
    row: str
    columns: list | tuple
    key: list | tuple = ()
    one_of: list | tuple = ()
    records: bool = False
    unlocks: str = ""

    @property
    def by_name(self) -> dict:
        """{name: column}."""
        return {column.name: column for column in self.columns}


def tables_known() -> dict[str, Table]:
    """{name: table}, each with its columns in order."""
    told = tomllib.loads(Path(__file__).with_name("contract.toml").read_text(encoding="utf-8"))
    found = {}
    for name, table in told.items():
        columns = [Column(each, **rules) for each, rules in table.pop("columns").items()]
        found[name] = Table(name, columns=columns, **table)
    return found


TABLES = tables_known()
MEASURES = TABLES["codebook"].by_name["measure"].values
