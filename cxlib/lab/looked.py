"""What a board shows of a case, and the facts that it compares when something is moved."""

from functools import partial

import pandas as pd
from markupsafe import Markup

import cxlib as cx
from cxlib.page.language import N_
from cxlib.page.sentences_strategy import titles
from cxlib.page.tables import table_html

NONE = N_("none")
LOST, SHARE, CHOSEN = N_("Lost a year"), N_("Share of revenue lost"), N_("Chosen initiatives")
COST, PEOPLE = N_("Cost of the chosen"), N_("People who answered")


def focus_gaps(page) -> pd.DataFrame:
    """The gap table, with the intervals of the segment that is looked at."""
    case = page.case
    focus = page.focus if page.focus in case.estimates else "all"
    only = {name: each for name, each in case.estimates.items() if name == focus}
    return cx.gaps_with_intervals(case, only)


def _shown(page, headline, figures, *tables) -> Markup:
    """The headline, and the first of the figures that has something to show."""
    drawn = (page.figure_html(name, *tables) for name in figures)
    return Markup(page.headline_html(headline, *tables)) + next(filter(None, drawn), "")


def told(page, table, column, kind="signed2", name="dimension") -> dict:
    """{what a row is called: what it tells, as written}, through the gate; of dimensions those of the
    focus segment."""
    rows = page.focus_rows(page.gate(table)) if name == "dimension" else page.gate(table)
    known = rows.dropna(subset=[column]).set_index(name)[column]
    return {page.label(name, key): page.write(value, kind) for key, value in known.items()}


def look_at(table_of, headline, figures, facts):
    """What looks at one table: its headline, the first figure that shows anything, and its facts."""

    def look(page):
        table = table_of(page)
        if table is None:
            return "", {}
        return _shown(page, headline, figures, table), facts(page, table)

    return look


def key_facts(page, gaps) -> dict:
    """The key experience of the focus segment, by name, and what each weighs."""
    rows = page.focus_rows(page.gate(gaps))
    keys = page.names("dimension", rows.loc[rows["key_experience"].eq(True), "dimension"])
    first = {page.say(N_("Key experience")): keys or page.say(NONE)}
    return first | told(page, gaps, "weighted_satisfaction")


def look_at_experience(page):
    gaps = focus_gaps(page)
    html = _shown(page, "experience", ["satisfaction", "gap_chart"], gaps)
    seen, facts = cx.role_view(page.case), told(page, gaps, "experience", "score2")
    return html + ("" if seen is None else table_html(seen, page)), facts


def look_at_brief(page):
    bases = cx.bases(page.case)
    if bases is None:
        return "", {}
    bases = page.gate(bases)
    html = Markup(page.headline_html("brief")) + table_html(bases, page)
    return html, {page.say(PEOPLE): page.write(bases["n"].iloc[0], "count")}


def look_at_choice(page, life=None):
    reasons, aimed = cx.reasons(page.case), cx.target_customers(page.case)
    html = "" if aimed is None else _shown(page, "target_customers", [], aimed)
    html += "" if reasons is None else _shown(page, "brand_value", ["brand_values"], reasons)
    tiers = None if life is None else cx.value_tiers(page.case, life)
    html += page.figure_html("value_tiers", tiers)
    return html, {} if aimed is None else told(page, aimed, "share", "share", "segment")


def plan_facts(page, plan) -> dict:
    """What was chosen, and what it costs."""
    cost = page.language.money(plan.loc[plan["chosen"].eq(True), "cost"].sum(), 3)
    return {page.say(CHOSEN): titles(page, plan, "chosen") or page.say(NONE), page.say(COST): cost}


def look_at_results(page):
    gaps = focus_gaps(page)
    html = _shown(page, "next_cycle", [], cx.the_next_cycle(page.case), gaps)
    facts = told(page, gaps, "experience", "score2")
    return html + page.figure_html("waves", cx.waves(page.case)), facts


def cost_facts(page, cost) -> dict:
    """What is lost a year, gross, and the share of revenue that it is."""
    rows = page.gate(cost)
    row = rows[rows["view"].eq("gross") & rows["branch"].eq("lost")].iloc[0]
    lost, language = page.language.money(row["amount"]), page.language
    return {page.say(LOST): lost, page.say(SHARE): language.share(row["share"], 1)}


look_at_gap = look_at(focus_gaps, "gap", ["gap_chart"], partial(told, column="gap"))
look_at_key = look_at(
    focus_gaps, "key_experience", ["importance_performance_map", "gap_chart"], key_facts)  # fmt: skip
look_at_requirements = look_at(lambda page: cx.requirement_classes(page.case), "requirements",
                               ["kano_plane"], partial(told, column="class", kind="kano", name="item"))  # fmt: skip
look_at_strategy = look_at(
    lambda page: cx.plan(page.case), "strategy", ["portfolio"], plan_facts)  # fmt: skip
look_at_cost = look_at(lambda page: cx.cost_of_bad_experience(page.case), "churn_cost",
                       ["churn_tree"], cost_facts)  # fmt: skip
