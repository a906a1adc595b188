"""What leads the page of a client who sent one thing: promoters, who left, cases, measures."""

import pandas as pd

from cxlib.page.figures import figure
from cxlib.page.figures.business import bars
from cxlib.page.figures.survey import around_zero, waves
from cxlib.page.language import N_
from cxlib.page.sentences import group_name, on_enough, with_base, within
from cxlib.page.sentences_one_thing import named_group

MOST = 8  # rows


@figure
def promoters(sheet, page, groups, scores=None):
    """The net promoter score of everyone, of the wave before and of each group, around zero."""
    rows = groups.dropna(subset=["nps"])
    rows = rows[rows["grouping"].ne("collected_by")].head(MOST).assign(name=None)
    if rows.empty:
        return None
    rows["name"] = [
        page.say(N_("Everyone")) if row["grouping"] == "everyone" else group_name(page, row)
        for _, row in rows.iterrows()
    ]
    if scores is not None and "wave" in scores and len(scores) > 1:
        last, before = (page.label("wave", wave) for wave in scores["wave"].iloc[[-1, -2]])
        rows.iloc[0, rows.columns.get_loc("name")] = page.say(
            N_("{name}, {said}"), name=rows["name"].iloc[0], said=last
        )
        earlier = scores.iloc[[-2]].assign(
            name=page.say(N_("{name}, {said}"), name=page.say(N_("Everyone")), said=before)
        )
        rows = pd.concat([rows.head(1), earlier, rows.iloc[1:]])
    rows = rows.reset_index(drop=True)
    ax = around_zero(sheet, page, rows, list(rows["name"]), "nps", rows.index == 0, digits=0)
    sheet.unit(ax, page.say(N_("Net promoter score, −100 to 100")))
    parts = [f"{row['name']} {within(page, row, 'nps', lambda x: page.language.signed(x, 0))}"
             for _, row in rows.iterrows()]  # fmt: skip
    words = N_("Net promoter scores. {rows}.")
    return with_base(page, page.say(words, rows=page.say(N_("; ")).join(parts)), rows)


@figure
def leavers(sheet, page, table):
    """The share who left: of everyone, and of the groups that differ most from the rest."""
    known = on_enough(table.dropna(subset=["difference"]))
    far = known["difference"].abs().sort_values(ascending=False, kind="stable").index
    sure = known.loc[far][known.loc[far, "different"].eq(True)]
    chosen = (sure if len(sure) else known.loc[far]).head(MOST - 1)
    chosen = chosen.sort_values("leaving", ascending=False, kind="stable")
    return named_bars(sheet, page, pd.concat([table.head(1), chosen]), "leaving")


@figure
def tickets(sheet, page, about):
    """What cases are about, the most frequent first."""
    return named_bars(sheet, page, about.head(MOST), "of_cases")


def named_bars(sheet, page, rows, value):
    """Bars of a share, each named by its group and, of several traits, by the trait."""
    one = rows["grouping"].nunique() == 1
    names = [
        page.say(N_("Everyone"))
        if row["grouping"] == "everyone"
        else group_name(page, row) if one else named_group(page, row)
        for _, row in rows.iterrows()
    ]  # fmt: skip
    return bars(sheet, page, rows.assign(note=names), value, "note", kind="share")


@figure
def measures(sheet, page, latest, history):
    """The measure that misses its target, else the first, over its periods."""
    missed = latest[latest["verdict"].eq("missed")]
    row = (missed if len(missed) else latest).iloc[0]
    series = history["kpi"].eq(row["kpi"])
    for name in ("stage", "channel"):
        series &= history[name].eq(row[name]) | (history[name].isna() & pd.isna(row[name]))
    write = "share" if row["unit"] == "share" else "number"
    rows, unit = history[series], page.label("kpi", row["kpi"])
    return waves(sheet, page, rows, unit=unit, write=write)
