"""What no initiative can be, however well its cells are written."""

import pandas as pd

from cxlib.client import cells
from cxlib.client.contract import FITS
from cxlib.client.files import shown_name
from cxlib.client.problems import Problem, did_you_mean, first_few, problem
from cxlib.sums.served import named_requirements

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
        report_cells(frame, "year", no_year, "no_year", found)
    low, high = settings.scale
    if "uplift" in frame and "scale" not in unsure:
        off = frame["uplift"].abs() > high - low
        report_cells(frame, "uplift", off, "uplift_off", found, low=low, high=high)
    check_links(frame, found)


def check_links(frame: pd.DataFrame, found) -> None:
    """An initiative that needs or rules out itself, or rules out what it needs."""
    faults = {}
    for row in frame.index:
        cells = {kind: frame.at[row, kind] for kind in LINKS if kind in frame}
        links = {kind: set(named_requirements(cells.get(kind))) for kind in LINKS}
        own = {frame.at[row, "initiative"]}
        for kind, names in links.items():
            faults.setdefault(("names_itself", kind), {})[row] = own & names
        both = links["requires"] & links["excludes"]
        faults.setdefault(("rules_out_required", "excludes"), {})[row] = both
    for (name, kind), by_row in faults.items():
        rows = [row for row, names in by_row.items() if names]
        found.tell(name, kind, rows, first_few(sorted(set().union(*by_row.values()))))


def report_cells(frame, column: str, broken, name: str, found, **facts) -> None:
    """A problem with the cells of a column that break a rule, by initiative."""
    rows = frame.index[broken.astype(bool)]
    pairs = zip(frame.loc[rows, "initiative"], frame.loc[rows, column], strict=True)
    value = first_few(f"{each} ({cells.as_text(cell)})" for each, cell in pairs)
    found.tell(name, column, rows, value, **facts)


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
    hint = "Send the register, or leave it blank."
    hint = did_you_mean(strange.iloc[0], known) if known else hint
    shown = shown_name(*sources["initiatives"])
    return [problem(shown, "serves_nothing", "serves", **where, hint=hint)]
