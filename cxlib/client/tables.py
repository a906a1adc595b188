"""From a raw table to a clean one of the contract: every broken rule found, nothing left out
unannounced. The rules themselves are data, in `contract.py`.

What no initiative can be, however well its cells are written.
"""

from dataclasses import replace

import pandas as pd

from cxlib.client import cells, columns
from cxlib.client.contract import BY_ITEM_ALONE, FITS, MOST, Column, Table
from cxlib.client.files import Raw, shown_name
from cxlib.client.findings import Findings
from cxlib.client.overlooked import meant, own_numbers, unused_columns
from cxlib.client.problems import Problem, did_you_mean, first_few, nearest, problem
from cxlib.client.settings import EVERYONE, LANGUAGES, Settings
from cxlib.sums.kpi import impossible_nps
from cxlib.sums.register import named_requirements

EXAMPLE = "example: "  # how the first cell of the example row in tables.xlsx begins
NAMES = ("dimension", "segment", "item", "customer")  # what other tables know a thing by
# (earlier, later, which of them is not known where they stand in the wrong order, why)
ORDERED = (
    ("since", "last_purchase", "last_purchase", "is before `since`"),
    ("entered", "tenure", "entered", "is after `tenure`"),
)


def clean_table(raw: Raw, table: Table, settings: Settings, unsure: frozenset = frozenset()):
    """(clean table, Findings) of one raw table.

    The clean table has the contract's columns that were supplied, typed, then the others as they
    came; its index is the row in the file. `unsure` names keys of client.yml that are themselves
    wrong, whose rules are not looked at.
    """
    own = own_numbers(table.name, settings)
    spare = [Column(name, "", "number", low=0) for name in own if name not in table.by_name]
    table = replace(table, columns=[*table.columns, *spare])
    found = Findings(raw, table)
    frame = without_copies(filled_rows(rename_columns(raw.frame, table), found), found)
    found.filled = len(frame)
    check_columns(frame, settings, found)
    marks = columns.decimal_marks(frame, settings, unsure, found)
    columns.check_currency(frame, settings, found)
    clean = {}
    for name in frame.columns:
        column = table.by_name.get(name)
        clean[name] = columns.as_it_came(frame[name])
        if column is not None:
            clean[name] = columns.clean_column(frame, column, marks.get(name, "."), found)
            if column.scale and table.records and column.scale not in unsure:
                columns.check_scale(clean[name], column, settings, found)
    frame = pd.DataFrame(clean, index=frame.index)
    if table.name == "initiatives":
        check_initiatives(frame, settings, unsure, found)
    if "segment" in frame and table.name == "scores":
        frame["segment"] = frame["segment"].astype("str").fillna(EVERYONE)
    for name in frame.columns.intersection(list(table.by_name)):
        check_values(frame, table.by_name[name], settings, unsure, found)
    if table.name == "kpis":
        check_reported_nps(frame, found)
    if table.name == "customers":
        check_order(frame, found)
    check_key(frame, found)
    return frame.drop(index=set(found.gone)) if found.gone else frame, found


def rename_columns(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Columns of the contract by their own names, whatever their case and the blanks around them."""
    known = {name.casefold(): name for name in table.by_name}
    names = {name: known.get(name.casefold()) for name in frame.columns}
    return frame.rename(columns={a: b for a, b in names.items() if b and b not in frame.columns})


def filled_rows(frame: pd.DataFrame, found: Findings) -> pd.DataFrame:
    """Rows that hold something; blank ones and the template's example get a line."""
    blank = blank_rows(frame)
    found.leave_out(frame.index[blank], "", "", "the row is blank")
    frame = frame.loc[~blank] if blank.any() else frame
    example = examples(frame)
    if not example.any():
        return frame
    name, rows = frame.columns[0], frame.index[example]
    found.leave_out(rows, name, frame.loc[rows, name].array, "the template's example row")
    found.tell("example_row", name, rows, warning=True)
    return frame.loc[~example]


def without_copies(frame: pd.DataFrame, found: Findings) -> pd.DataFrame:
    """A system's export without rows that an earlier one repeats cell for cell; each gets a line."""
    key = [name for name in found.table.key if name in frame]
    if not found.table.records or not key:
        return frame
    again = (frame[frame.duplicated(key, keep=False) & frame[key[0]].notna()].astype("str").fillna(""))  # fmt: skip
    first = again.index.to_series().groupby([again[name] for name in again]).transform("first")
    first = first[first != first.index]
    why = [f"is row {before} a second time" for before in first]
    found.leave_out(first.index, key[0], again.loc[first.index, key[0]].array, why)
    return frame.drop(index=first.index)


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


def check_columns(frame: pd.DataFrame, settings: Settings, found: Findings) -> None:
    """Columns that are missing, twice there, or named almost as the contract names them."""
    table = found.table
    extra = [name for name in frame.columns if name not in table.by_name]
    absent = [column for column in table.columns if column.name not in frame.columns]
    if not len(frame):
        found.tell("no_rows")
    for name in extra:
        if (first := name.rpartition(" [")[0]) in table.by_name:
            found.tell("column_twice", first)
    check_missing(absent, extra, found)
    for name, key in own_numbers(table.name, settings).items():
        if name not in frame or table.by_name[name].kind != "number":
            found.tell("no_own_column", name, key=key, hint=did_you_mean(name, frame.columns))
    spare = [column.name for column in absent if not column.required]
    for name in unused_columns(extra, table, settings):
        if near := meant(name, table.name, spare):
            found.tell("not_used", name, warning=True, near=near)


def check_missing(absent: list, extra: list, found: Findings) -> None:
    """Columns without which the table says nothing, and the column that may have been meant."""
    table = found.table
    for column in absent:
        if column.required:
            near = nearest(column.name, extra)
            about = {"near": near, "thing": table.row}
            found.tell("missing_near" if near else "missing", column.name, **about)
    if table.one_of and set(table.one_of) <= {column.name for column in absent}:
        near = next(filter(None, (nearest(name, extra) for name in table.one_of)), "")
        hint = f"Is it '{near}'? Rename that column." if near else "Add one of them."
        found.tell("none_of", columns=first_few(table.one_of), hint=hint)


def check_order(frame, found: Findings) -> None:
    """Dates and months of a customer that stand in the wrong order: the later one is not known."""
    for first, second, column, rule in ORDERED:
        if {first, second} <= set(frame.columns):
            off = frame[first] > frame[second]
            values = cells.texts(frame.loc[off, column])[0].to_numpy()
            found.leave_out(frame.index[off], column, values, rule)
            frame[column] = frame[column].mask(off)


def check_values(frame, column: Column, settings, unsure, found: Findings) -> None:
    """Numbers off their range, words that are not allowed, names that nothing else knows."""
    check_range(frame, column, settings, unsure, found)
    if column.values:
        allow_only(frame, column, column.values, "not_one_of", found)
    elif column.joins == "dimensions":
        if "dimensions" not in unsure:
            alone = [BY_ITEM_ALONE] if found.table.name == "codebook" else []
            known = [*settings.dimensions, *alone]
            allow_only(frame, column, known, "no_dimension", found, labels_of(settings))
    elif column.joins in frame:
        check_names(frame, column, set(frame[column.joins].dropna()), found)


def check_range(frame, column: Column, settings, unsure, found: Findings) -> None:
    """Numbers outside the contract's bounds, or the client's scale; they are then not known."""
    if column.kind != "number" or column.scale in unsure:
        return
    values, (low, high) = frame[column.name], columns.bounds_of(column, settings, unsure)
    open_ended = high == float("inf")
    name = "off_scale" if column.scale else "below" if open_ended else "off_bounds"
    faults = {name: (values < low) | (values > high)}
    faults |= {"too_far": values.abs() > MOST} if open_ended else {}
    about = {"low": low, "high": high, "scale": column.scale.replace("_", " "), "most": MOST}
    for name, off in faults.items():
        found.report(frame, column, off, name, **about)
        frame[column.name] = frame[column.name].mask(off)


def check_reported_nps(frame, found: Findings) -> None:
    """A net promoter score that no set of answers of that size can give was counted otherwise."""
    if not {"value", "denominator", "unit"} <= set(frame.columns):
        return
    off = impossible_nps(frame)
    rows = frame.loc[off, ["value", "denominator"]].itertuples(index=False)
    value = first_few(f"{nps:g} of {n:,.0f} answers" for nps, n in rows)
    found.tell("no_such_nps", "value", frame.index[off], value, warning=True)


def labels_of(settings: Settings) -> dict:
    """{label in any language: dimension}, to recognise a label where its key should stand."""
    return {
        text.casefold(): key
        for key, label in settings.dimensions.items()
        for text in (label.values() if isinstance(label, dict) else [label])
    }


def allow_only(frame, column: Column, known, name, found: Findings, labels=None) -> None:
    """Words that are allowed in any case; others are refused with the nearest that is right."""
    folded = {str(name).casefold(): name for name in known}
    values = frame[column.name]
    right = values.str.casefold().map(folded)
    wrong = right.isna() & values.notna()
    if wrong.any():
        first = values[wrong].iloc[0]
        meant = (labels or {}).get(first.casefold())
        hint = f"Write '{meant}'." if meant else did_you_mean(first, known)
        found.report(frame, column, wrong, name, known=first_few(known, 20), hint=hint)
    frame[column.name] = right.where(right.notna(), values) if not found.table.records else right


def check_names(frame, column: Column, known: set, found: Findings) -> None:
    """Cells that list names of the same table, `;` between: every name must be there."""
    names = frame[column.name].dropna().str.split(";").explode().str.strip()
    strange = names[names.ne("") & ~names.isin(known)]
    if len(strange):
        rows, hint = strange.index.unique(), did_you_mean(strange.iloc[0], known)
        about = {"other": column.joins, "hint": hint}
        found.tell("names_strange", column.name, rows, first_few(strange), **about)


def check_key(frame, found: Findings) -> None:
    """Two rows about the same thing: which of them holds is not ours to choose."""
    key = [name for name in found.table.key if name in frame.columns]
    required = [name for name in key if found.table.by_name[name].required]
    if not key or set(required) - set(key):
        return
    known = frame.dropna(subset=required)
    twice = known[known.duplicated(key, keep=False)]
    repeated = twice[key].drop_duplicates().astype(object).fillna("").to_numpy()
    value = first_few(" / ".join(filter(None, map(str, row))) for row in repeated)
    about = {"thing": found.table.row, "key": " and ".join(key)}
    found.tell("row_twice", key[0], twice.index, value, **about)


def localised(frame: pd.DataFrame, table: Table, language: str) -> pd.DataFrame:
    """Free texts in the language of the report, where columns such as `note_zh-Hans` give them; a
    requirement is still known as it was `written`, for the initiatives that name it."""
    translated = {
        name: frame[f"{name}_{language}"].fillna(frame[name])
        for name in frame.columns
        if f"{name}_{language}" in frame.columns and name not in (*table.key[:1], *NAMES)
    }
    spoken = {f"{name}_{each}" for name in frame.columns for each in LANGUAGES}
    spare = [name for name in frame.columns if name in spoken]
    if "statement" in translated:
        translated["written"] = frame["statement"]
    return frame.assign(**translated).drop(columns=spare)


# What no initiative can be, however well its cells are written


LINKS = ("requires", "excludes")


def check_initiatives(frame: pd.DataFrame, settings, unsure: frozenset, found) -> None:
    """Years that are none, uplifts beyond the scale, links to itself, and fits that `strategy.least`
    asks of a column not there: a problem each in `found`, the Findings of the table."""
    for name in [each for each in settings.strategy.least if each in FITS and each not in frame]:
        found.tell("no_fit_column", name)
    if "initiative" not in frame:
        return
    if "year" in frame:
        no_year = ~frame["year"].fillna("0").str.fullmatch(r"\d+")
        columns.report_cells(frame, "year", no_year, "no_year", found)
    low, high = settings.scale
    if "uplift" in frame and "scale" not in unsure:
        off = frame["uplift"].abs() > high - low
        columns.report_cells(frame, "uplift", off, "uplift_off", found, low=low, high=high)
    check_links(frame, found)


def check_links(frame: pd.DataFrame, found) -> None:
    """An initiative that needs or rules out itself, or rules out what it needs."""
    faults = {}
    for row in frame.index:
        given = {kind: frame.at[row, kind] for kind in LINKS if kind in frame}
        links = {kind: set(named_requirements(given.get(kind))) for kind in LINKS}
        own = {frame.at[row, "initiative"]}
        for kind, names in links.items():
            faults.setdefault(("names_itself", kind), {})[row] = own & names
        both = links["requires"] & links["excludes"]
        faults.setdefault(("rules_out_required", "excludes"), {})[row] = both
    for (name, kind), by_row in faults.items():
        rows = [row for row, names in by_row.items() if names]
        found.tell(name, kind, rows, first_few(sorted(set().union(*by_row.values()))))


def unknown_served(tables: dict, sources: dict) -> list[Problem]:
    """Requirements that an initiative serves and that neither the register nor a question names."""
    served = tables.get("initiatives", pd.DataFrame()).get("serves", pd.Series(dtype=object))
    names = served.map(named_requirements).explode().dropna()
    nothing = pd.DataFrame()
    asked = tables.get("codebook", nothing).reindex(columns=["measure", "item"])
    asked = asked[asked["measure"].eq("functional")]
    register = tables.get("register", nothing).reindex(columns=["statement", "written", "item"])
    known = {*register.stack(), *asked["item"]}
    strange = names[~names.isin(known)]
    if strange.empty:
        return []
    where = {"row": first_few(strange.index.unique()), "value": first_few(strange.unique())}
    hint = did_you_mean(strange.iloc[0], known, "Send the register, or leave it blank.")
    shown = shown_name(*sources["initiatives"])
    return [problem(shown, "serves_nothing", "serves", **where, hint=hint)]
