"""The figures of a row per thing that people said or did: which rows, in what order, marked how."""

import pandas as pd

from cxlib.analysis.named import focused, settled_musts
from cxlib.page.figures import figure
from cxlib.page.figures.gap import gap_chart
from cxlib.page.figures.row_chart import bar, dot, numbers, row_chart, stacked
from cxlib.page.language import N_
from cxlib.page.looks import LIGHT
from cxlib.page.sentences import clearest_first, each_once, key_column, of_customers, on_enough
from cxlib.page.sentences_themes import low_scorers as theirs
from cxlib.page.sentences_themes import said_more
from cxlib.page.terms import COLUMNS, telling_digits
from cxlib.sums.concentration import TOP
from cxlib.sums.interval import not_told_apart

MOST = 8  # rows


@figure
def bars(sheet, page, table, value, label="", highlight=1, kind="", unit="", parts=None):
    """A bar per row, as ordered in the table; the first `highlight` rows are talked about, and what
    chance may have put behind the first: of `parts` of one whole, or not; None: no matter of order."""
    rows = table.dropna(subset=[value]).reset_index(drop=True)
    if rows.empty:
        return None
    alike = [] if parts is None else not_told_apart(rows, rows.iloc[0], value, parts).index
    label = label or table.columns[0]
    kind = kind or COLUMNS.get(value, ("", "number"))[1]
    unit = unit or COLUMNS.get(value, ("",))[0]
    written = COLUMNS.get(label, ("", "text"))[1]
    rows = rows.assign(name=[page.write(name, written) for name in rows[label]], note="",
                       loud=(rows.index < highlight) | rows.index.isin(alike))  # fmt: skip
    return row_chart(sheet, page, rows, value, N_("Bars. {rows}."), write=lambda x: page.write(x, kind, value),
                     mark=bar, unit=unit, ticks="share" if kind == "share" else None)  # fmt: skip


@figure
def brand_values(sheet, page, reasons):
    """Why customers come, most often named first."""
    known = [name for name in ("share", "mentions") if name in reasons and reasons[name].any()]
    if not known:
        return None
    rows = reasons.sort_values(known[0], ascending=False, kind="stable")
    whole = "basis" in rows and rows["basis"].eq("mentions").all()
    return bars(sheet, page, rows, known[0], "reason", parts=whole)


@figure
def themes(sheet, page, table):
    """What is spoken of in open answers, the most frequent first."""
    rows = focused(table).sort_values("share", ascending=False, kind="stable").head(MOST)
    return bars(sheet, page, rows.assign(n=rows["n_of"]), "share", "theme", parts=True)


@figure
def expectation_drivers(sheet, page, table):
    """What forms expectations: its part of their differences where that is known, else as rated."""
    return bars(sheet, page, table, "share" if "share" in table else "mean", "driver")


@figure
def disputes(sheet, page, answers):
    """How often each answer to a complaint is disputed, most often first."""
    rows = answers.sort_values("disputed", ascending=False, kind="stable")
    return bars(sheet, page, rows, "disputed", rows.columns[0], kind="share", parts=False)


@figure
def left_and_complained(sheet, page, left):
    """Leaving among those who complained beside those who did not."""
    groups = {"complained": "churn", "silent": "churn_silent"}
    parts = {f"churn{end}": [left[f"{name}{end}"].iloc[0] for name in groups.values()]
             for end in ("", "_low", "_high")}  # fmt: skip
    return bars(sheet, page, pd.DataFrame({"branch": list(groups), **parts}), "churn", kind="share",
                unit=COLUMNS["leaving"][0])  # fmt: skip


@figure
def leavers(sheet, page, table):
    """The share who left: of everyone, and of the groups that differ most from the rest."""
    known = on_enough(table.dropna(subset=["difference"]))
    far = known["difference"].abs().sort_values(ascending=False, kind="stable").index
    sure = known.loc[far][known.loc[far, "different"].eq(True)]
    chosen = (sure if len(sure) else known.loc[far]).head(MOST - 1)
    chosen = chosen.sort_values("leaving", ascending=False, kind="stable")
    return _of_groups(sheet, page, pd.concat([table.head(1), chosen]), "leaving")


@figure
def tickets(sheet, page, about):
    """What cases are about, the most frequent first."""
    return _of_groups(sheet, page, about.head(MOST), "of_cases", parts=True)


@figure
def why_left(sheet, page, reasons):
    """The reasons on record of those who left, the most frequent first."""
    return _of_groups(sheet, page, reasons.head(MOST), "of_leavers", parts=True)


@figure
def low_scorers(sheet, page, groups):
    """What those who score low say, most often first, and what more than others do."""
    rows = theirs(groups).sort_values("share", ascending=False, kind="stable").head(MOST)
    rows = rows.assign(more=rows.index.isin(said_more(rows).index))
    rows = rows.sort_values("more", ascending=False, kind="stable")
    more = int(rows["more"].sum())
    return bars(sheet, page, rows, "share", "theme", highlight=more, kind="share")


def _of_groups(sheet, page, rows, value, **more):
    """Bars of a share, each named by its group and, of several traits, by the trait."""
    name = page.group_name if rows["grouping"].nunique() == 1 else page.trait_group
    return bars(sheet, page, rows.assign(note=_group_names(page, rows, name)), value, "note",
                kind="share", **more)  # fmt: skip


def _group_names(page, rows, name) -> list[str]:
    everyone = page.say(N_("Everyone"))
    return [everyone if row["grouping"] == "everyone" else name(row)
            for _, row in rows.iterrows()]  # fmt: skip


@figure
def satisfaction(sheet, page, gaps):
    """Experience − expectation by dimension, with its interval, around zero; what was rated, where
    no expectation was asked."""
    rows = page.focus_rows(gaps).dropna(subset=["satisfaction"])
    rows = rows.sort_values("satisfaction", kind="stable", ignore_index=True)
    if rows.empty:
        return gap_chart(sheet, page, gaps)
    rows = rows.assign(loud=rows["satisfaction"] < 0)
    return row_chart(sheet, page, rows, "satisfaction", N_("Satisfaction, worst first. {rows}."),
                     of=key_column(rows), write=f"signed{telling_digits(rows, 'satisfaction')}",
                     mark=dot, ticks="signed",
                     unit=N_("Satisfaction: experience − expectation, score points"))  # fmt: skip


@figure
def drivers(sheet, page, shares, gaps=None):
    """What moves the outcome, by its data, beside what customers say matters; all that tie for the
    first place are in its colour."""
    rows = shares[shares["method"].eq("lmg")].dropna(subset=["share"])
    if rows.empty:
        return None
    outcome, kind = rows["outcome"].iloc[0], key_column(rows)
    rows = rows[rows["outcome"].eq(outcome)]
    rows = rows.sort_values("share", ascending=False, kind="stable", ignore_index=True)
    tied = not_told_apart(rows, rows.iloc[0], "share", parts=True).index
    rows = rows.assign(loud=(rows.index == 0) | rows.index.isin(tied))
    stated = _stated(rows, gaps, kind)
    second = None if stated is None else (
        N_("Stated importance"), stated / page.settings.importance_scale[1],
        [page.language.number(number) for number in stated])  # fmt: skip
    return row_chart(sheet, page, rows, "share",
                     N_("What goes with “{outcome}”, strongest first. {rows}."), of=kind,
                     facts={"outcome": page.code(outcome)}, write="share", mark=dot, ticks="share",
                     head=N_("Derived"), second=second,
                     unit=N_("Share of the differences in “{outcome}”"))  # fmt: skip


def _stated(rows, gaps, kind):
    """Stated importance by row, or None where nothing was stated by these names."""
    if gaps is None or "importance" not in gaps:
        return None
    everyone = gaps[gaps["segment"].eq("all")] if "segment" in gaps else gaps
    found = rows[kind].map(everyone.set_index(key_column(everyone))["importance"])
    return found if found.notna().any() else None


@figure
def segments(sheet, page, compared):
    """Where a group differs from the rest beyond chance, group by group, the clearest first; where
    chance could have made every difference, all that is known."""
    rows = each_once(clearest_first(of_customers(compared).dropna(subset=["difference"])))
    sure = on_enough(rows[rows["different"].eq(True)] if "different" in rows else rows)
    rows = (sure if len(sure) else rows).head(2 * MOST).assign(loud=len(sure) > 0)
    rows = rows.assign(under=[page.group_name(row) for _, row in rows.iterrows()],
                       name=_compared_names(page, rows))  # fmt: skip
    first = {name: place for place, name in enumerate(dict.fromkeys(rows["under"]))}
    rows = rows.sort_values("under", key=lambda names: names.map(first), kind="stable")
    words = N_("{group} · {name}")
    told = rows.assign(name=page.each(words, rows, group=lambda row: row["under"]))
    return row_chart(sheet, page, rows, "difference", N_("Groups against the rest. {rows}."),
                     write="signed2", mark=dot, ticks="signed", header=34,
                     told=[page.language.signed(x, telling_digits(rows, "difference"))
                           for x in rows["difference"]],
                     parts=numbers(page, told, "difference", "signed2"),
                     unit=N_("Difference from everybody else, score points"))  # fmt: skip


def _compared_names(page, rows) -> list[str]:
    """What was compared; the question in its place where one measure was asked by several."""
    names = [page.compared_name(row) for _, row in rows.iterrows()]
    if "dimension" not in rows:
        return names
    pairs = list(zip(rows["group"], names, strict=True))
    return [page.label("dimension", key) if pairs.count(pair) > 1 else pair[1]
            for pair, key in zip(pairs, rows["dimension"], strict=True)]  # fmt: skip


@figure
def must_haves(sheet, page, kano):
    """What must not fail: by the share displeased without it, what is sure before what is in doubt."""
    rows = kano[kano["class"].eq("M")].sort_values("worse", kind="stable")
    sure = rows.index.isin(settled_musts(rows).index)
    rows = rows.assign(without=-rows["worse"], without_low=-rows["worse_high"], loud=sure,
                       without_high=-rows["worse_low"])  # fmt: skip
    rows["under"] = [page.say(N_("Beyond doubt") if is_so else N_("In doubt")) for is_so in sure]
    rows = rows.sort_values("loud", ascending=False, kind="stable")
    return row_chart(sheet, page, rows, "without", N_("What must not fail. {rows}."), mark=bar,
                     of=key_column(kano), write="share", ticks="share", header=34,
                     unit=N_("Share displeased without it (Worse)"))  # fmt: skip


@figure
def loyalty_matrix(sheet, page, matrix):
    """Satisfied or not, loyal or not: the share of each of the four, with its interval."""
    rows = matrix[matrix["freedom"].eq("all")]  # what is withheld has a row that says so
    rows = rows if rows["share"].notna().any() else rows.head(0)
    kinds = {"apostle": "kept", "mercenary": "expectation", "hostage": "muted", "defector": "lost"}
    rows = rows.assign(name=rows["loyalty_type"].map(page.code),
                       colour=rows["loyalty_type"].map(kinds), n=rows["n_of"])  # fmt: skip
    return row_chart(sheet, page, rows, "share", N_("Loyalty and satisfaction. {rows}."), mark=bar,
                     write="share", below=spans(page, rows, "share", "share"))  # fmt: skip


def spans(page, rows, value, write) -> list[str]:
    """Each row's interval in words."""
    write = page.writer(write)
    ends = zip(rows[f"{value}_low"], rows[f"{value}_high"], rows[value].notna(), strict=True)
    words = N_("{low} to {high}")
    return [page.say(words, low=write(a), high=write(b)) if known else "" for a, b, known in ends]


# Parts of one whole


def split(sheet, page, rows, value, said, shades, names, **more):
    """Rows of parts that make a whole, end to end, under a key of their names."""
    named = list(zip(names, shades.items(), strict=True))
    key = [(name, LIGHT[shade], "s", {}) for name, (_, shade) in named]
    mark = stacked(list(shades.items()), page.language.share)
    series = {column: (name, shade) for name, (column, shade) in named}
    return row_chart(sheet, page, rows, value, said, mark=mark, ends=(0, 1), origin=None,
                     key=key, series=series, kind="stacked", **more)  # fmt: skip


@figure
def promoters(sheet, page, groups, scores=None):
    """Promoters, passives and detractors of everyone, of the wave before and of each group; beside
    them the net promoter score, and what it changed by."""
    rows = groups.dropna(subset=["nps"])
    rows = rows[rows["grouping"].ne("collected_by")].head(MOST)
    rows = rows.assign(name=_group_names(page, rows, page.group_name))
    if len(rows) and scores is not None and "wave" in scores and len(scores) > 1:
        rows = pd.concat([_two_waves(page, scores.tail(2), rows["name"].iloc[0]), rows.iloc[1:]])
    shades = {"detractors": "lost", "passives": "other", "promoters": "kept"}
    return split(sheet, page, rows, "nps", N_("Net promoter scores. {rows}."), shades,
                 [page.say(COLUMNS[name][0]) for name in shades], write="signed0", below=spans(page, rows, "nps", "signed0"),
                 head=N_("Net promoter score"))  # fmt: skip


def _two_waves(page, waves, everyone):
    """Everyone's last wave, with its change, and the one before."""
    before, last = (page.label("wave", wave) for wave in waves["wave"])
    change, words = waves["difference"].iloc[-1], N_("{name}, {said}")
    if pd.notna(change):
        points = page.language.signed(change, 0)
        since = N_("{last} ({points} since {before})")
        last = page.say(since, last=last, points=points, before=before)
    return waves[::-1].assign(name=[page.say(words, name=everyone, said=each)
                                    for each in (last, before)])  # fmt: skip


@figure
def dormant(sheet, page, found):
    """Of all who fell silent, and of what they brought so far, else would in a year, the part of their
    best fifth."""
    best, everyone = found.iloc[0], found.iloc[-1]
    money, words = "sales", N_("Their sales so far")
    if found["sales"].isna().all():
        money, words = "worth", N_("What they would bring a year")
    parts = best[["n", money]].astype(float) / everyone[["n", money]].astype(float)
    rows = pd.DataFrame({"top": parts, "rest": 1 - parts}).assign(
        name=[page.say(N_("Silent customers")), page.say(words)])  # fmt: skip
    return split(sheet, page, rows, "top", N_("Those who fell silent, and their best fifth. {rows}."),
                 {"top": "experience", "rest": "other"},
                 [page.say(N_("Their best fifth")), page.say(N_("All others"))],
                 write=page.language.share,
                 told=[page.language.count(everyone["n"]), page.language.money(everyone[money])])  # fmt: skip


@figure
def lorenz(sheet, page, curve, found=None):
    """What share of sales the top fifth of customers brings: two bars, each cut in two."""
    if found is None or found.empty:
        return None
    row, share = found.iloc[0], page.language.share
    said = N_("The top fifth of {n} customers account for {share} of {whole}; Gini {gini}.")
    facts = {"n": page.language.count(row["n"]), "share": share(row["top_share"], 1),
             "whole": page.whole, "gini": page.language.number(row["gini"], 2)}  # fmt: skip
    parts = pd.DataFrame([{"top": TOP}, {f"top{end}": row.get(f"top_share{end}")
                                         for end in ("", "_low", "_high")}])  # fmt: skip
    rows = parts.assign(name=[page.say(N_("Customers")), page.say(N_("What they bring"))],
                        rest=1 - parts["top"])  # fmt: skip
    return split(sheet, page, rows, "top", said, {"top": "experience", "rest": "other"},
                 [page.say(N_("Top fifth of customers")), page.say(N_("All others"))],
                 write=share, told=["", ""], facts=facts)  # fmt: skip


@figure
def value_tiers(sheet, page, tiers):
    """The tiers' shares of the customers, and of the revenue (or value): two bars of parts."""
    money = "revenue_share" if tiers["revenue_share"].notna().all() else "value"
    known, share = tiers.dropna(subset=["share", money]), page.language.share
    if known.empty:
        return None
    names = [page.code(tier) for tier in known["tier"]]
    shades = dict(zip(known["tier"], ["experience", "muted", "other", "line"], strict=False))
    rows = pd.DataFrame([known["share"].to_list(), known[money].to_list()], columns=known["tier"])
    rows = rows.assign(name=[page.say(N_("Customers")), page.say(N_("What they bring"))])
    words = N_("{tier:code}: {share:share} of customers, {brings:share} of revenue")
    parts = page.each(words, known.assign(brings=known[money]))
    return split(sheet, page, rows, known["tier"].iloc[0], N_("Tiers of customers. {rows}."), shades,
                 names, write=share, told=["", ""], parts=parts)  # fmt: skip
