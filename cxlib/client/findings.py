"""What reading one table turned up: what is wrong with it, and what of it goes no further."""

from dataclasses import dataclass, field

import pandas as pd

from cxlib.client import cells, numerals
from cxlib.client.contract import Column, Table
from cxlib.client.files import Raw
from cxlib.client.problems import first_few, problem, said

REJECTED = ["table", "row", "column", "value", "reason"]


@dataclass
class Gathered:
    """What reading a client has turned up so far: problems, warnings, and rows or cells left out."""

    problems: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    rejected: list = field(default_factory=list)

    def add(self, found: "Gathered") -> None:
        """What one more table or survey turned up."""
        self.problems += found.problems
        self.warnings += found.warnings
        self.rejected += found.rejected

    def lines(self) -> pd.DataFrame:
        """Every row and cell left out, one line each."""
        if not self.rejected:
            return pd.DataFrame(columns=REJECTED)
        return pd.concat(self.rejected, ignore_index=True)


class Findings(Gathered):
    """The same of one table, as it is told and left out."""

    def __init__(self, raw: Raw, table: Table):
        super().__init__()
        self.raw, self.table = raw, table
        self.filled = 0  # rows that somebody wrote
        self.gone = []  # rows that are left out whole, for what is required of them
        for row, column, value, reason in raw.apart:
            self.leave_out([row], column, value, reason)

    def tell(self, name, /, column="", rows=None, value="", warning=False, **facts) -> None:
        """Note a problem of `problems.toml`; `rows` is an index of the rows that have it: none, no
        problem."""
        if rows is not None and not len(rows):
            return
        where = {"column": column, "value": value}
        if rows is not None:
            where |= {"row": first_few(rows), "count": len(rows), "of": len(self.raw.frame)}
        found = problem(self.raw.shown, name, **where, **facts)
        (self.warnings if warning else self.problems).append(found)

    def leave_out(self, rows, column, values, reason) -> None:
        """Note rows, or a cell in each of them, that go no further."""
        if len(rows):
            lines = pd.DataFrame({"row": rows, "value": values})
            lines = lines.assign(table=self.table.name, column=column, reason=reason)
            self.rejected.append(lines[REJECTED])

    def spares(self, column: Column, rows, frame) -> bool:
        """Whether rows that break a rule of a column are left out, not refused: in a system's export."""
        return self.table.records and (len(rows) < len(frame) or not column.required)

    def report(self, frame, column: Column, broken, name: str, **facts) -> None:
        """A rule broken in some rows: refused, or left out where the table is a system's export."""
        if not broken.any():
            return
        rows, given = frame.index[broken], frame.loc[broken, column.name]
        if name == "number" and self.table.records and (form := one_form(given)):
            name, facts = "one_form", {"form": form}
        elif self.spares(column, rows, frame):
            words = cells.texts(given)[0].fillna("").to_numpy()
            self.leave_out(rows, column.name, words, said(name, **facts)[0])
            self.gone += list(rows) if column.required else []
            return
        self.tell(name, column.name, rows, shown_values(frame, column, rows, self.table), **facts)


def one_form(given: pd.Series) -> str:
    """The form of cells that are all plainly numbers, written alike; '' where they are not, or one."""
    texts = [str(cell) for cell in given.unique()]
    forms = {numerals.form(text) for text in texts}
    return forms.pop() if len(texts) > 1 and len(forms) == 1 else ""


def shown_values(frame, column: Column, rows, table: Table) -> str:
    """'service (12), price (-1)': the key of each row and the value found in it."""
    first = frame.loc[rows[:6]].astype(object)
    shown = [cells.as_text(v) if not cells.is_blank(v) else "blank" for v in first[column.name]]
    key = next((name for name in table.key if name in frame.columns and name != column.name), None)
    if key is not None:
        names = map(cells.as_text, first[key])
        shown = [f"{name} ({value})" for name, value in zip(names, shown, strict=True)]
    return first_few(shown + [""] * (len(rows) - len(shown)))
