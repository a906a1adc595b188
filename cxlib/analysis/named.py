"""What the verdict names: the experience to put right first, else what the data do say."""

import numpy as np
import pandas as pd

from cxlib.sums.drivers import linked
from cxlib.sums.interval import not_told_apart

LEVELS = [(0.95, "sure"), (0.80, "probable"), (0.60, "possible"), (0.0, "tied")]
NAMED = ("key", "tied")  # kinds of `fix` that name an experience to put right
OWN_RULE = "own"  # key_basis, where a client's own notebook says which the key experience is


def level(p) -> str:
    """How strongly to speak at this probability: sure, probable, possible or tied; without one, as
    the scores given say.

    >>> [level(p) for p in (0.95, 0.9499, 0.6, None)]
    ['sure', 'probable', 'possible', 'sure']
    """
    p = 1.0 if p is None or pd.isna(p) else p
    return next(name for least, name in LEVELS if p >= least)


def focused(table, focus="all"):
    """The rows of the segment that the design is for."""
    if table is None or "segment" not in table:
        return table
    wanted = focus if table["segment"].eq(focus).any() else "all"
    return table[table["segment"].eq(wanted)].reset_index(drop=True)


def all_withheld(rows) -> bool:
    """Whether so few answered that no row may be shown."""
    flags = pd.Series() if rows is None else rows.get("flag", pd.Series())
    return len(flags) > 0 and bool(flags.eq("withheld").all())


def weighed(rows) -> pd.DataFrame:
    """The rows of which a product of importance and shortfall is known, stated or derived."""
    stated = rows["weighted_satisfaction"].notna()
    return rows[stated | rows["priority"].notna()] if "priority" in rows else rows[stated]


def by_derived(key) -> bool:
    """Whether the key experience rests on derived importance, for none was stated."""
    return pd.isna(key["importance"]) and pd.notna(key.get("priority"))


def by_own_rule(rows) -> bool:
    """Whether a client's own notebook says which the key experience is."""
    return "key_basis" in rows and bool(rows["key_basis"].eq(OWN_RULE).any())


def ground_of(key) -> str:
    """What the key experience falls short of: expectation, ideal or asked_satisfaction."""
    given = key.get("ground")
    if isinstance(given, str) and given:
        return given
    return "expectation" if pd.notna(key["satisfaction"]) else "ideal"


def rivals(rows, key) -> pd.DataFrame:
    """The rows that may as well be the key experience, likeliest first."""
    others = rows[rows.index != key.name]
    if "p_key" in others and others["p_key"].notna().any():
        others = others.sort_values("p_key", ascending=False, kind="stable")
        # Those at least half as likely as the likeliest of them, and not far-fetched.
        likely = others[others["p_key"] >= max(0.1, others["p_key"].iloc[0] / 2)]
        return likely.head(3) if len(likely) else others.head(1)
    by = "weighted_satisfaction" if others["weighted_satisfaction"].notna().any() else "priority"
    return others.sort_values(by, kind="stable").head(1) if by in others else others.head(1)


def close(rows, key) -> bool:
    """Whether, where no probability is known, another row is nearly as bad: scores that somebody
    gave tell no twentieth apart."""
    if pd.notna(key.get("p_key")):
        return False
    by = "priority" if by_derived(key) else "weighted_satisfaction"
    return bool((rows.drop(key.name)[by] <= (1 - NEARLY) * key[by]).any())


NEARLY = 0.05
SHORT = {"expectation": "satisfaction", "ideal": "gap"}  # ground: the column of the shortfall


def fix_of(rows, drivers=None) -> dict | None:
    """The experience to put right first; else the one furthest short of what is expected, or rated
    lowest; None where nothing was scored."""
    if rows is None or rows.empty:
        return None
    known, own = weighed(rows), by_own_rule(rows)
    keys = (rows if own else known)[lambda some: some["key_experience"].eq(True)]
    if len(keys):
        key, others = keys.iloc[0], keys.iloc[1:]
        strong = level(None if own else key.get("p_key"))
        if not own and (len(others) or close(known, key)):
            strong = "tied"
        if strong == "tied" and others.empty:
            others = rivals(known, key)
        names = [key["dimension"], *others["dimension"]]
        kind = "tied" if strong == "tied" and len(names) > 1 else "key"
        found = {"kind": kind, "dimensions": names, "level": strong, "p": number(key, "p_key")}
        return found | served(key) | {"alone": len(known) == 1 < len(rows), "own": own}
    if len(known) or own:
        return {"kind": "nothing", "dimensions": [], "segment": rows["segment"].iloc[0], "own": own}
    by = "experience" if rows["experience"].notna().any() else "asked_satisfaction"
    by = "satisfaction" if rows["satisfaction"].min() < 0 else by  # less than was expected
    if by not in rows or rows[by].isna().all():
        return None
    lowest = rows.loc[rows[by].idxmin()]
    names = [lowest["dimension"], *not_told_apart(rows, lowest, by)["dimension"]]
    found = {"kind": "lowest", "dimensions": names, "score": number(lowest, by)}
    found |= {"of": int(rows[by].notna().sum()), "most": float(rows[by].max())}
    found |= {"kind": "short", **served(lowest)} if by == "satisfaction" else {}
    return found | about(lowest) | {"by": by, "link": link_of(drivers)}


def served(key) -> dict:
    """How the key experience is served: what it gets, against what, and how far that falls short."""
    of, digits = ground_of(key), ("", "_low", "_high")
    if of == "asked_satisfaction":
        ends = [number(key, f"asked_satisfaction{end}") for end in digits]
        target = number(key, "asked_target")
        short = [None if None in (end, target) else target - end for end in ends]
        score = ends[0]
    else:
        ends = [number(key, f"{SHORT[of]}{end}") for end in digits]
        short, target = [None if end is None else -end for end in ends], number(key, of)
        score = number(key, "experience")
    return {
        "ground": of, "score": score, "against": target, "short": short[0],
        "short_low": short[2], "short_high": short[1], "importance": number(key, "importance"),
        "derived": bool(by_derived(key)), **about(key),
    }  # fmt: skip


def about(row) -> dict:
    """Whose the scores are: n, segment, from."""
    return {"n": number(row, "n"), "segment": row["segment"], "from": row.get("from") or None}


def link_of(drivers) -> dict | None:
    """The strongest link with what was asked of the whole, and the probability that it is."""
    if drivers is None or not linked(drivers):
        return None
    first = drivers[drivers["method"].eq("lmg")].nlargest(1, "share").iloc[0]
    return {
        "item": first["item"], "outcome": first["outcome"], "share": number(first, "share"),
        "p": number(first, "p_first"), "level": level(first.get("p_first")),
    }  # fmt: skip


# What leads where no experience was scored


def lead_of(tables) -> dict | None:
    """What the data do say where no experience was scored, in the order a board asks."""
    for kind, (name, facts) in LEADS.items():
        table = tables.get(name)
        found = None if table is None or table.empty else facts(table)
        if found is not None and not pd.isna(found["value"]):
            return {"kind": kind, "dimensions": [], **found}
    return None


def _shares(row, name, **more) -> dict:
    ends = {"value": name, "low": f"{name}_low", "high": f"{name}_high", "n": "n"}
    return {end: number(row, column) for end, column in ends.items()} | more


def _left(table) -> dict:
    """Who left, and the group that surely leaves most, on enough answers."""
    found, sure = _shares(table.iloc[0], "leaving"), table[table["different"].eq(True)]
    sure = sure[sure["difference"].gt(0) & ~sure["flag"].eq("small_base")]
    sure = sure[sure["grouping"].ne("complained")]  # has a finding, and a test, of its own
    if sure.empty:
        return found
    most = sure.loc[sure["difference"].idxmax()]
    return found | {
        "grouping": most["grouping"], "group": most["group"],
        "of_group": number(most, "leaving"), "of_rest": number(most, "leaving_rest"),
    }  # fmt: skip


def _most(name, column, parts=False):
    """What takes the row in which a share is highest, its name, and those that chance alone may have
    put behind it; of `parts` of one whole."""

    def facts(table):
        rows = table.dropna(subset=[column])
        if rows.empty:
            return None
        first = rows.loc[rows[column].idxmax()]
        whole = parts or ("basis" in rows and rows["basis"].eq("mentions").all())
        alike = list(not_told_apart(rows, first, column, whole)[name])
        more = {"grouping": first.get("grouping", name), "group": first[name], "alike": alike}
        return _shares(first, column, **more, of=len(rows), least=float(rows[column].min()))

    return facts


def _promoters(table) -> dict:
    """The last score and its change; `step`: the last change beyond chance, if there is one."""
    last, steps = table.iloc[-1], table.reindex(columns=["wave", "different", "difference"])
    steps = steps[steps["different"].eq(True)].tail(1).to_dict("records")
    change = {f"change{end}": number(last, f"difference{end}") for end in ("", "_low", "_high")}
    change |= {"moved": last.get("different") is True, "step": [*steps, None][0]}
    return _shares(last, "nps", **change)


def moved_promoters(table) -> dict | None:
    """The net promoter score that surely moved since the wave before, and by how much; else None."""
    found = {} if table is None or table.empty else _promoters(table)
    return found if found.get("moved") and found["change"] else None


def not_put_right(ends) -> dict | None:
    """Of all cases, the share that was not put right; None where that is not known, or of a few."""
    rows = ends[ends["measure"].eq("unresolved")] if ends is not None else ()
    if not len(rows) or rows.iloc[0].get("flag") == "small_base":
        return None
    found = _shares(rows.iloc[0], "of_ended")
    return None if found["value"] is None else found


def _whole(table, column: str) -> dict | None:
    """The first question about the whole that has a score, or a share of the better of two answers."""
    rows = table.dropna(subset=[column]) if column in table else table[:0]
    if rows.empty:
        return None
    first = rows.iloc[0]
    names = ["question", "answer", *["highest"] * (column == "score")]
    return _shares(first, column, **first[names].astype(object).where(first[names].notna(), None))


def _silent(table) -> dict:
    """The customers who have stopped buying, by their pauses or for so many months; None where none has."""
    found = {"value": "n", "n": "n", "of_all": "share", "months": "months"}
    found = {end: number(table.iloc[-1], column) for end, column in found.items()}
    return found if found["value"] else None


def _missed(table) -> dict | None:
    """The measure that misses its target by most; else none."""
    rows = table[table["verdict"].eq("missed")]
    return None if rows.empty else {"value": len(rows), "n": None, "kpi": rows["kpi"].iloc[0]}


def _complained(table) -> dict | None:
    """Who left after a complaint and without one; None where chance may explain the difference."""
    row = table.iloc[0]
    if row["different"] != 1:  # also where it is not known
        return None
    return _shares(row, "churn", other=number(row, "churn_silent"), unusual=number(row, "unusual"))


def settled_musts(must) -> pd.DataFrame:
    """Of the items that are likeliest a must, those that are so beyond doubt; as given where no
    probability is known."""
    if "p_class" not in must:
        return must
    return must[[pd.isna(p) or level(p) == "sure" for p in must["p_class"]]]


def musts_of(kano) -> tuple:
    """(the items that are likeliest a must, those that are so beyond doubt, and which of these may be
    the first)."""
    must = kano[kano["class"].eq("M")].sort_values("worse", kind="stable")
    settled = settled_musts(must)
    tied = [not_told_apart(settled, first, "worse") for _, first in settled.head(1).iterrows()]
    return must, settled, pd.concat([settled.head(1), *tied])


def _must(table) -> dict | None:
    """The item whose absence displeases most, of those that are a must beyond doubt; else none."""
    kano = table.dropna(subset=["class"])
    _, settled, first = musts_of(kano)
    if settled.empty:
        return None
    ends = {"value": "worse", "low": "worse_high", "high": "worse_low"}
    found = {end: -number(settled.iloc[0], name) for end, name in ends.items()}
    names = {"grouping": "item", "group": first["item"].iloc[0], "alike": list(first["item"][1:])}
    return found | names | {"n": number(settled.iloc[0], "n"), "of": len(kano)}


def _spoken(table) -> dict | None:
    """The theme that most speak of in their own words: `spoke` of the `n` who said anything."""
    rows = focused(table)
    found = _most("theme", "share", parts=True)(rows)
    return found and found | {"spoke": found["n"], "n": number(rows.iloc[0], "n_of")}


LEADS = {  # kind: (the table, what it says); the kind is also the headline that tells more
    "left_and_complained": ("effect", _complained),
    "leavers": ("leaving", _left),
    "disputes": ("disputes", lambda t: _most("response", "disputed")(t) if "response" in t else None),
    "tickets": ("about", _most("group", "of_cases", parts=True)),
    "promoters": ("promoters", _promoters),
    "overall": ("outcomes", lambda t: _whole(t[t["measure"].eq("overall")], "score")),
    "answered": ("outcomes", lambda t: _whole(t, "share")),
    "asked": ("outcomes", lambda t: _whole(t, "score")),
    "dormant": ("dormant", _silent),
    "quiet": ("quiet", _silent),
    "concentration": ("concentration", lambda t: _shares(t.iloc[0], "top_share")),
    "service_measures": ("measures", _missed),
    "requirements": ("kano", _must),
    "brand_value": ("reasons", _most("reason", "share")),
    "spoken": ("themes", _spoken),
}  # fmt: skip


# Whom an average hides


FAR = 0.2  # of a scale: from there on a group is told beside every average (assumed)


def hidden_group(tables, of) -> dict | None:
    """The group that fares far worse than all others, surely and on enough answers: code far (short,
    in one experience), apart (another is as far above them, so that the average hides both), or
    promoters (its score and that of all). Not by how they were asked; of a target, not by segment."""
    but = ["collected_by", "everyone", *["segment"] * bool(of.get("target"))]
    few = {"grouping": but, "flag": ["small_base", "withheld"]}
    known = {name: tables[name] for name in HIDES if tables.get(name) is not None}
    found = [HIDES[name](t[~t[[*few]].isin(few).any(axis=1)], t.iloc[:1], of) for name, t in known.items()]  # fmt: skip
    return max(filter(None, found), key=lambda each: each["part"], default=None)


def _far_below(rows, _, of) -> dict | None:
    """The group furthest below all others in one experience, where it is far (FAR)."""
    wide = of.get("width", np.inf)
    far = rows[rows["different"].eq(True) & rows["measure"].eq("experience")]
    far = far[far["difference"].abs() >= FAR * wide].sort_values("difference")
    if not far["difference"].lt(0).any():
        return None
    worst = far.iloc[0]
    same = ["grouping", "dimension"]
    best = far[far[same].eq(worst[same]).all(axis=1)].iloc[-1]
    short, between = (number(row, "difference") for row in (worst, best))
    found = dict(worst[["grouping", "group", "dimension"]], short=-short, part=-short / wide)
    if between < 0:
        return found | {"code": "far"}
    between = float(best["mean"] - worst["mean"])
    return found | {"code": "apart", "other": best["group"], "between": between}


def _few_promoters(rows, first, _) -> dict | None:
    """The group of the lowest promoter score, where that of everyone lies far and surely above it."""
    everyone = first.iloc[0]
    rows = rows[rows["nps_high"] < everyone["nps_low"]].nsmallest(1, "nps").to_dict("records")
    part = (everyone["nps"] - rows[0]["nps"]) / 200 if rows else 0
    of_all = {"code": "promoters", "all": float(everyone["nps"]), "part": float(part)}
    names = ("grouping", "group", "nps", "nps_low", "nps_high")
    return of_all | {name: rows[0][name] for name in names} if part >= FAR else None


HIDES = {"segments": _far_below, "promoter_groups": _few_promoters}


def number(row, name):
    """A cell as a number; None where it is not known."""
    value = row.get(name)
    return None if value is None or pd.isna(value) else float(value)
