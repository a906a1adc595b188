"""From a raw table to a clean one of the contract: every broken rule found, nothing left out
unannounced. The rules themselves are data, in `contract.py`."""

import pandas as pd

from cxlib.client import cells
from cxlib.client.columns import (
    TOO_FAR,
    as_it_came,
    clean_column,
    decimal_marks,
    report,
    type_capacities,
)
from cxlib.client.contract import BY_ITEM_ALONE, MOST, Column, Table
from cxlib.client.files import Raw
from cxlib.client.initiative_rules import check_initiatives
from cxlib.client.overlooked import meant, unused_columns
from cxlib.client.problems import Problem, did_you_mean, first_few, nearest
from cxlib.client.settings import EVERYONE, LANGUAGES, Settings
from cxlib.sums.kpi import impossible_nps

EXAMPLE = "example: "  # how the first cell of the example row in tables.xlsx begins
NAMES = ("dimension", "segment", "item", "customer")  # what other tables know a thing by
REJECTED = ["table", "row", "column", "value", "reason"]


class Findings:
    """What reading one table turned up: problems, warnings, and rows or cells left out."""

    def __init__(self, raw: Raw, table: Table):
        self.raw, self.table = raw, table
        self.problems, self.warnings, self.rejected = [], [], []
        self.filled = 0  # rows that somebody wrote
        for row, column, value, reason in raw.apart:
            self.leave_out([row], column, value, reason)

    def problem(self, rule, remedy="", column="", rows=None, value="", warning=False):
        """Note a broken rule; `rows` is a mask or an index of the rows that break it."""
        where = {"column": column, "value": value}
        if rows is not None:
            where |= {"row": first_few(rows), "count": len(rows), "of": len(self.raw.frame)}
        found = Problem(self.raw.shown, rule, remedy, **where)
        (self.warnings if warning else self.problems).append(found)

    def leave_out(self, rows, column, values, reason):
        """Note rows, or a cell in each of them, that go no further."""
        if not len(rows):
            return
        lines = {
            "table": self.table.name,
            "row": rows,
            "column": column,
            "value": values,
            "reason": reason,
        }
        self.rejected.append(pd.DataFrame(lines, index=range(len(rows)), columns=REJECTED))


def clean_table(raw: Raw, table: Table, settings: Settings, unsure: frozenset = frozenset()):
    """(clean table, Findings) of one raw table.

    The clean table has the contract's columns that were supplied, typed, then the others as they
    came; its index is the row in the file. `unsure` names keys of client.yml that are themselves
    wrong, whose rules are not looked at.
    """
    found = Findings(raw, table)
    frame = filled_rows(rename_columns(raw.frame, table), found)
    found.filled = len(frame)
    check_columns(frame, settings, found)
    kept = pd.Series(True, index=frame.index)
    marks = decimal_marks(frame, settings, unsure, found)
    clean = {}
    for name in frame.columns:
        column = table.by_name.get(name)
        clean[name] = (
            as_it_came(frame[name])
            if column is None
            else clean_column(frame, column, marks.get(name, "."), found, kept)
        )
    frame = pd.DataFrame(clean, index=frame.index)
    if table.name == "initiatives":
        type_capacities(frame, settings, marks, found)
        check_initiatives(frame, settings, unsure, found)
    if "segment" in frame and table.name == "scores":
        frame["segment"] = frame["segment"].astype("str").fillna(EVERYONE)
    for name in frame.columns.intersection(list(table.by_name)):
        check_values(frame, table.by_name[name], settings, unsure, found, kept)
    if table.name == "kpis":
        check_reported_nps(frame, found)
    if table.name == "customers":
        check_order(frame, found)
    check_key(frame, found)
    return frame if kept.all() else frame.loc[kept], found


def rename_columns(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Columns of the contract by their own names, whatever their case and the blanks around them."""
    known = {name.casefold(): name for name in table.by_name}
    taken = set(frame.columns)
    names = {
        name: known[name.casefold()]
        for name in frame.columns
        if name.casefold() in known and known[name.casefold()] not in taken
    }
    return frame.rename(columns=names)


def filled_rows(frame: pd.DataFrame, found: Findings) -> pd.DataFrame:
    """Rows that hold something; blank ones and the template's example get a line."""
    blank = blank_rows(frame)
    if blank.any():
        found.leave_out(frame.index[blank], "", "", "the row is blank")
        frame = frame.loc[~blank]
    example = examples(frame)
    if example.any():
        found.leave_out(
            frame.index[example],
            frame.columns[0],
            frame.loc[example].iloc[:, 0].to_numpy(),
            "the template's example row",
        )
        remedy = "Delete it, or write your own row over it, without the word 'example:'."
        found.problem(
            "is the template's example and is not used",
            remedy,
            frame.columns[0],
            frame.index[example],
            warning=True,
        )
        frame = frame.loc[~example]
    return frame


def blank_rows(frame: pd.DataFrame) -> pd.Series:
    """True for rows in which nothing is written."""
    rows = frame.index
    for name in frame.columns:  # few rows are left to look at after the first column
        cell = frame.loc[rows, name]
        empty = cell.isna()
        if isinstance(cell.dtype, pd.StringDtype) or cell.dtype == object:
            empty |= cell.astype("str").str.strip() == ""
        rows = rows[empty]
    return pd.Series(frame.index.isin(rows), index=frame.index)


def examples(frame: pd.DataFrame) -> pd.Series:
    """Rows of the template that are still its own example."""
    # Numbers and dates are no words, and to write half a million of them out takes a while.
    if not len(frame.columns) or frame.dtypes.iloc[0].kind in "biufM":
        return pd.Series(False, index=frame.index)
    return frame.iloc[:, 0].astype("str").str.startswith(EXAMPLE).fillna(False).astype(bool)


NOT_USED = "is not a column of the contract and is not used"


def check_columns(frame: pd.DataFrame, settings: Settings, found: Findings) -> None:
    """Columns that are missing, twice there, or named almost as the contract names them."""
    table = found.table
    extra = [name for name in frame.columns if name not in table.by_name]
    absent = [column for column in table.columns if column.name not in frame.columns]
    if not len(frame):
        found.problem("has a header and no rows", "Fill it in, or take it out of the folder.")
    for name in extra:
        if (first := name.rpartition(" [")[0]) in table.by_name:
            found.problem("stands twice in the header", "Keep one.", first)
    check_missing(absent, extra, found)
    spare = [column.name for column in absent if not column.required]
    for name in unused_columns(extra, table, settings):
        if near := meant(name, table.name, spare):
            rule = NOT_USED
            hint = f"Did you mean '{near}'? Rename it, or let `cx map` draft what is what."
            found.problem(rule, hint, name, warning=True)


def check_missing(absent: list, extra: list, found: Findings) -> None:
    """Columns without which the table says nothing, and the column that may have been meant."""
    table = found.table
    for column in absent:
        if column.required:
            near, row = nearest(column.name, extra), f"The table has one row per {table.row}"
            hint = f"Is it '{near}'? Rename that column." if near else f"{row}: add the column."
            found.problem("is missing", hint, column.name)
    if table.one_of and set(table.one_of) <= {column.name for column in absent}:
        near = next(filter(None, (nearest(name, extra) for name in table.one_of)), "")
        hint = f"Is it '{near}'? Rename that column." if near else "Add one of them."
        found.problem(f"has none of the columns {first_few(table.one_of)}", hint)


def check_order(frame, found: Findings) -> None:
    """Dates and months of a customer that stand in the wrong order: the later one is not known."""
    pairs = (("since", "last_purchase", "last_purchase", "is before `since`"),)
    pairs += (("entered", "tenure", "entered", "is after `tenure`"),)
    for first, second, column, rule in pairs:
        if {first, second} <= set(frame.columns):
            off = frame[first] > frame[second]
            if off.any():
                values = cells.texts(frame.loc[off, column])[0].to_numpy()
                found.leave_out(frame.index[off], column, values, rule)
                frame[column] = frame[column].mask(off)


def check_values(frame, column: Column, settings, unsure, found: Findings, kept) -> None:
    """Numbers off their range, words that are not allowed, names that nothing else knows."""
    check_range(frame, column, settings, unsure, found, kept)
    if column.values:
        rule = f"is not one of {first_few(column.values, 20)}"
        allow_only(frame, column, column.values, rule, found, kept)
    elif column.joins == "dimensions":
        if "dimensions" not in unsure:
            rule, known = "is not among `dimensions` in client.yml", list(settings.dimensions)
            known += [BY_ITEM_ALONE] if found.table.name == "codebook" else []
            allow_only(frame, column, known, rule, found, kept, labels_of(settings))
    elif column.joins in frame:
        check_names(frame, column, set(frame[column.joins].dropna()), found)


def check_range(frame, column: Column, settings, unsure, found: Findings, kept) -> None:
    """Numbers outside the contract's bounds, or the client's scale; they are then not known."""
    if column.kind != "number" or column.scale in unsure:
        return
    low, high = getattr(settings, column.scale) if column.scale else (column.low, column.high)
    values = frame[column.name]
    bounds = []
    if low is not None:
        bounds += [(low, float("inf") if high is None else high, off_range(column, low, high))]
    if high is None:
        bounds += [(-MOST, MOST, TOO_FAR)]
    for least, most, said in bounds:
        off = (values < least) | (values > most)
        if off.any():
            report(frame, column, off, *said, found, kept)
            frame.loc[off, column.name] = float("nan")


def off_range(column: Column, low, high) -> tuple[str, str]:
    """(rule, remedy) for numbers outside the bounds of a column."""
    if high is None:
        return f"is below {low:g}", "Correct it, or leave the cell blank."
    rule = f"is outside {low:g}–{high:g}"
    if not column.scale:
        return rule, f"The contract has it between {low:g} and {high:g}. Correct it."
    named = column.scale.replace("_", " ")
    return (
        rule,
        f"The {named} in client.yml is [{low:g}, {high:g}]. Correct the scores, or the scale.",
    )


def check_reported_nps(frame, found: Findings) -> None:
    """A net promoter score that no set of answers of that size can give was counted otherwise."""
    if not {"value", "denominator", "unit"} <= set(frame.columns):
        return
    off = impossible_nps(frame)
    if off.any():
        rows = frame.loc[off, ["value", "denominator"]].itertuples(index=False)
        value = first_few(f"{nps:g} of {n:,.0f} answers" for nps, n in rows)
        rule = "is a net promoter score that no set of so many answers can give"
        remedy = "Ask how it was counted: other answers, weights or a rounding stand behind it."
        found.problem(rule, remedy, "value", frame.index[off], value, warning=True)


def labels_of(settings: Settings) -> dict:
    """{label in any language: dimension}, to recognise a label where its key should stand."""
    pairs = [
        (label.values() if isinstance(label, dict) else [label], key)
        for key, label in settings.dimensions.items()
    ]
    return {label.casefold(): key for labels, key in pairs for label in labels}


def allow_only(frame, column: Column, known, rule, found: Findings, kept, labels=None) -> None:
    """Words that are allowed in any case; others are refused with the nearest that is right."""
    folded = {str(name).casefold(): name for name in known}
    values = frame[column.name]
    right = values.str.casefold().map(folded)
    wrong = right.isna() & values.notna()
    if wrong.any():
        first = values[wrong].iloc[0]
        meant = (labels or {}).get(first.casefold())
        remedy = f"Write '{meant}'." if meant else did_you_mean(first, known)
        report(frame, column, wrong, rule, remedy, found, kept)
    frame[column.name] = right.where(right.notna(), values) if not found.table.records else right


def check_names(frame, column: Column, known: set, found: Findings) -> None:
    """Cells that list names of the same table, `;` between: every name must be there."""
    lists = frame[column.name].dropna().str.split(";")
    strange = {
        row: [name for each in names if (name := each.strip()) and name not in known]
        for row, names in lists.items()
    }
    strange = {row: names for row, names in strange.items() if names}
    if strange:
        value = first_few(name for names in strange.values() for name in names)
        remedy = did_you_mean(next(iter(strange.values()))[0], known)
        found.problem(
            f"names what is not in the column '{column.joins}'",
            remedy,
            column.name,
            list(strange),
            value,
        )


def check_key(frame, found: Findings) -> None:
    """Two rows about the same thing: which of them holds is not ours to choose."""
    key = [name for name in found.table.key if name in frame.columns]
    required = [name for name in key if found.table.by_name[name].required]
    if not key or set(required) - set(key):
        return
    known = frame.dropna(subset=required)
    twice = known.duplicated(key, keep=False)
    if twice.any():
        repeated = known.loc[twice, key].drop_duplicates().fillna("")
        value = first_few(
            " / ".join(filter(None, map(str, row))) for row in repeated.itertuples(index=False)
        )
        what = " and ".join(key)
        found.problem(
            f"stands more than once: one row per {found.table.row} ({what})",
            "Keep one of them.",
            key[0],
            known.index[twice],
            value,
        )


def localised(frame: pd.DataFrame, table: Table, language: str) -> pd.DataFrame:
    """Free texts in the language of the report, where columns such as `note_zh-Hans` give them; a
    requirement is still known as it was `written`, for the initiatives that name it."""
    translated = {
        name: frame[f"{name}_{language}"].fillna(frame[name])
        for name in frame.columns
        if f"{name}_{language}" in frame.columns and name not in (*table.key[:1], *NAMES)
    }
    spare = [
        f"{name}_{each}"
        for name in frame.columns
        for each in LANGUAGES
        if f"{name}_{each}" in frame.columns
    ]
    if "statement" in translated:
        translated["written"] = frame["statement"]
    return frame.assign(**translated).drop(columns=spare)
