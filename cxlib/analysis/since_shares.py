"""How often themes are spoken of, what cases are about, and how they end: one release against another."""

import pandas as pd

from cxlib.analysis.asking import needed, where_known
from cxlib.analysis.named import focused
from cxlib.analysis.since import ENDS, as_kept, as_means, differences, overlap, paired
from cxlib.client.case import Case
from cxlib.client.kept import Kept

SHARES = {  # kept table: its share, what it is of, and the base of the share
    "themes": ("share", "theme", "n_of"),
    "cases": ("of_cases", "group", "n"),
    "case_ends": ("of_ended", "measure", "n"),
}
KEYS = ("score_of", "grouping", "group", "late_after")
ALIKE = 0.3  # of the telling words of two themes, in common: they are one theme (assumed)


@where_known
def shares_since(case: Case, before: Kept | None) -> pd.DataFrame | None:
    """What moved since a release in what customers say and in their cases; see `shares_moved`.

    >>> cx.shares_since(cx.read_client("meisu", "data"), None) is None
    True
    """
    return needed(shares_moved(needed(before), as_kept(case, tuple(SHARES))))


def shares_moved(before: Kept, now: Kept) -> pd.DataFrame:
    """Themes, kinds of cases and endings, each as a share of all: one row for each that either release
    has, blank where one has it not; no row of a table of which nothing is in both.

    score_of (the table), grouping, group, n, n_before (of whom or which it is a share), share_today,
    share_then, share_change, with their ends; q, different, tested as in `since.moved`
    """
    found = [pd.DataFrame(columns=["mean", "mean_before"])]
    confidence = now.about.get("confidence", 0.95)
    for name in SHARES:
        then, today = of_share(before, name), of_share(now, name)
        if name == "themes":
            then["group"] = then["group"].replace(called_now(before, now))
        pairs = paired(then, today, KEYS, "outer")
        if pairs[["mean", "mean_before"]].notna().all(axis=1).any():
            found.append(differences(pairs, on_which(before, now, name), confidence))
    table = pd.concat(found, ignore_index=True)
    names = {"mean": "share_today", "mean_before": "share_then", "difference": "share_change"}
    ends = {f"{of}{end}": f"{name}{end}" for of, name in names.items() for end in ENDS}
    return table.rename(columns=ends)


def called_now(before: Kept, now: Kept) -> dict[str, str]:
    """{name of a theme then: its name now}: of one name, else, most alike first, by their telling words,
    for a theme that nobody named is called by three of them, which other answers put in another order."""
    tables = (run.tables.get("themes", pd.DataFrame()) for run in (before, now))
    tables = (table.reindex(columns=["theme", "words"]) for table in tables)
    known = (dict(zip(t["theme"], t["words"].fillna(t["theme"]), strict=True)) for t in tables)
    one, two = ({theme: {*words.split(", ")} for theme, words in each.items()} for each in known)
    pairs = [((a == b) + len(one[a] & two[b]) / len(one[a] | two[b]), a, b) for a in one for b in two]  # fmt: skip
    found: dict[str, str] = {}
    for alike, then, today in sorted(pairs, reverse=True):
        if alike >= ALIKE and then not in found and today not in found.values():
            found[then] = today
    return found


def of_share(run: Kept, name: str) -> pd.DataFrame:
    """score_of, grouping, group, late_after, n, mean with its ends: what everyone speaks of, or all cases."""
    share, of, base = SHARES[name]
    table = focused(run.tables.get(name, pd.DataFrame()))
    table = table.reindex(columns=list(dict.fromkeys([*table, *KEYS, of, base, "late_from"])))
    if name == "case_ends":  # late by a target alone: else one in ten is, by rule
        late = table["measure"].eq("late") & table["late_from"].ne("target")
        table = table[table["grouping"].eq("everyone") & ~late]
    if name != "cases":
        table = table.assign(grouping=of, group=table[of])
    return as_means(table, share, KEYS, base).dropna(subset=["mean"]).assign(score_of=name)


def on_which(before: Kept, now: Kept, name: str) -> str:
    """Whether a difference can be tested, as `since.on_what` says it, but `cases_` before what is wrong
    with the cases; themes may be of people or of cases, so both must be others."""
    if before.about.get("confidence") != now.about.get("confidence"):
        return "confidence"
    found = []
    if before.cases or now.cases or name != "themes":
        found.append(f"cases_{overlap(before.cases, now.cases)}")
    if name == "themes" and (before.counted or now.counted):
        found.append(overlap(before.counted, now.counted))
    return next((each for each in found if not each.endswith("apart")), "apart")
