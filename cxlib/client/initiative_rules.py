"""What no initiative can be, however well its cells are written."""

import pandas as pd

from cxlib.client import cells
from cxlib.client.contract import FITS
from cxlib.client.problems import Problem, did_you_mean, first_few
from cxlib.sums.served import named_requirements

LINKS = ("requires", "excludes")
ITSELF = "names the initiative itself", "Take it out of the cell."
BOTH = "names what the same row requires", "It can be one or the other."


def check_initiatives(frame: pd.DataFrame, settings, unsure: frozenset, found) -> None:
    """Years that are none, uplifts beyond the scale, links to itself, and fits that `strategy.least`
    asks of a column not there: a problem each in `found`, the Findings of the table."""
    for name in [each for each in settings.strategy.least if each in FITS and each not in frame]:
        rule = "is missing: `strategy.least` in client.yml sets a least fit for it"
        found.problem(rule, "Add the column, or take the limit out of client.yml.", name)
    if "initiative" not in frame:
        return
    if "year" in frame:
        off = frame["year"].notna() & ~frame["year"].str.fullmatch(r"\d+").fillna(False).astype(
            bool
        )
        report_cells(frame, "year", off, "is not a year such as 2025", "Write the year.", found)
    low, high = settings.scale
    if "uplift" in frame and "scale" not in unsure:
        rule = f"is more than the whole scale {low:g}–{high:g}"
        remedy = "An uplift is in score points: correct it, or `scale` in client.yml."
        report_cells(frame, "uplift", frame["uplift"].abs() > high - low, rule, remedy, found)
    check_links(frame, found)


def check_links(frame: pd.DataFrame, found) -> None:
    """An initiative that needs or rules out itself, or rules out what it needs."""
    faults = {}
    for row in frame.index:
        links = {kind: names_in(frame, kind, row) for kind in LINKS}
        own = {frame.at[row, "initiative"]}
        faults |= {(kind, ITSELF, row): own & names for kind, names in links.items()}
        faults["excludes", BOTH, row] = links["requires"] & links["excludes"]
    for kind, said in (("requires", ITSELF), ("excludes", ITSELF), ("excludes", BOTH)):
        rows = [row for row in frame.index if faults[kind, said, row]]
        if rows:
            value = first_few(sorted(set().union(*(faults[kind, said, row] for row in rows))))
            found.problem(*said, kind, rows, value)


def names_in(frame: pd.DataFrame, column: str, row) -> set[str]:
    """The initiatives that a cell names, `;` between."""
    cell = frame.at[row, column] if column in frame else None
    return set() if pd.isna(cell) else {each.strip() for each in str(cell).split(";")} - {""}


def report_cells(frame: pd.DataFrame, column: str, broken, rule: str, remedy: str, found) -> None:
    """A problem with the cells of a column that break a rule, by initiative."""
    rows = frame.index[broken.astype(bool)]
    if len(rows):
        pairs = zip(frame.loc[rows, "initiative"], frame.loc[rows, column], strict=True)
        value = first_few(f"{name} ({cells.as_text(cell)})" for name, cell in pairs)
        found.problem(rule, remedy, column, rows, value)


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
    rule = "names a requirement that neither the register nor an item of the codebook is"
    where = {"row": first_few(strange.index.unique()), "value": first_few(strange.unique())}
    shown = "#".join(filter(None, map(str, sources["initiatives"])))
    remedy = (
        did_you_mean(strange.iloc[0], known) if known else "Send the register, or leave it blank."
    )
    return [Problem(shown, rule, remedy, "serves", **where)]
