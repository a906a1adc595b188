"""What a board shows of a case, and the facts that it compares when something is moved."""

import pandas as pd
from markupsafe import Markup

from cxlib.analysis import (
    brand_value,
    churn_cost,
    client_brief,
    experience_expectation,
    feedback_loop,
    requirements,
    roles,
    strategy_capability,
    targets,
)
from cxlib.page.language import N_
from cxlib.page.tables import table_html
from cxlib.page.terms import KANO

NONE = N_("none")
KEY = N_("Key experience")
LOST, SHARE, CHOSEN = N_("Lost a year"), N_("Share of revenue lost"), N_("Chosen initiatives")
COST, PEOPLE = N_("Cost of the chosen"), N_("People who answered")


def focus_gaps(page) -> pd.DataFrame:
    """The gap table, with the intervals of the segment that is looked at."""
    case = page.case
    focus = page.focus if page.focus in case.estimates else "all"
    only = {name: each for name, each in case.estimates.items() if name == focus}
    return experience_expectation.gaps_with_intervals(case, only)


def _shown(page, headline, figures, *tables) -> Markup:
    """The headline, and the first of the figures that has something to show."""
    drawn = (page.figure_html(name, *tables) for name in figures)
    return Markup(page.headline_html(headline, *tables)) + next(filter(None, drawn), "")


def _of_dimensions(page, gaps, column, kind="signed2") -> dict:
    """{dimension: a number of the focus segment}, through the gate."""
    rows = page.focus_rows(page.gate(gaps)).dropna(subset=[column]).set_index("dimension")
    return {page.label("dimension", d): page.write(x, kind) for d, x in rows[column].items()}


def key_words(page, gaps) -> str:
    """The key experience of the focus segment, by name."""
    rows = page.focus_rows(page.gate(gaps))
    keys = rows[rows["key_experience"].eq(True)]["dimension"]
    return page.names("dimension", keys) or page.say(NONE)


def look_at_gap(page):
    gaps = focus_gaps(page)
    return _shown(page, "gap", ["gap_chart"], gaps), _of_dimensions(page, gaps, "gap")


def look_at_key(page):
    gaps = focus_gaps(page)
    facts = {page.say(KEY): key_words(page, gaps)}
    facts |= _of_dimensions(page, gaps, "weighted_satisfaction")
    return _shown(page, "key_experience", ["importance_performance_map", "gap_chart"], gaps), facts


def look_at_experience(page):
    gaps = focus_gaps(page)
    html = _shown(page, "experience", ["satisfaction", "gap_chart"], gaps)
    facts = _of_dimensions(page, gaps, "experience", "score2")
    seen = roles.role_view(page.case)
    return html + ("" if seen is None else table_html(seen, page)), facts


def look_at_brief(page):
    bases = client_brief.bases(page.case)
    if bases is None:
        return "", {}
    bases = page.gate(bases)
    html = Markup(page.headline_html("brief")) + table_html(bases, page)
    return html, {page.say(PEOPLE): page.write(bases["n"].iloc[0], "count")}


def look_at_choice(page, life=None):
    reasons, aimed = brand_value.reasons(page.case), targets.target_customers(page.case)
    html = Markup(page.headline_html("target_customers", aimed)) if aimed is not None else ""
    html += Markup(page.headline_html("brand_value", reasons)) if reasons is not None else ""
    html += page.figure_html("brand_values", reasons) if reasons is not None else ""
    tiers = None if life is None else brand_value.value_tiers(page.case, life)
    html += "" if tiers is None else page.figure_html("value_tiers", tiers)
    if aimed is None:
        return html, {}
    shares = page.gate(aimed).dropna(subset=["share"]).set_index("segment")["share"]
    return html, {page.label("segment", s): page.write(x, "share") for s, x in shares.items()}


def look_at_requirements(page):
    kano = requirements.requirement_classes(page.case)
    if kano is None:
        return "", {}
    rows = page.gate(kano).dropna(subset=["class"]).set_index("item")
    facts = {page.label("item", item): page.code(of, KANO) for item, of in rows["class"].items()}
    return _shown(page, "requirements", ["kano_plane"], kano), facts


def look_at_strategy(page):
    plan = strategy_capability.plan(page.case)
    if plan is None:
        return "", {}
    return _shown(page, "strategy", ["portfolio"], plan), plan_facts(page, plan)


def plan_facts(page, plan) -> dict:
    """What was chosen, and what it costs."""
    chosen = plan[plan["chosen"].eq(True)]
    names = page.quoted_names("initiative", chosen["initiative"])
    cost = page.language.money(chosen["cost"].sum(), 3)
    return {page.say(CHOSEN): names or page.say(NONE), page.say(COST): cost}


def look_at_results(page):
    waves, gaps = feedback_loop.waves(page.case), focus_gaps(page)
    facts = _of_dimensions(page, gaps, "experience", "score2")
    html = Markup(page.headline_html("next_cycle", feedback_loop.the_next_cycle(page.case), gaps))
    return html + ("" if waves is None else page.figure_html("waves", waves)), facts


def look_at_cost(page):
    cost = churn_cost.cost_of_bad_experience(page.case)
    if cost is None:
        return "", {}
    return _shown(page, "churn_cost", ["churn_tree"], cost), cost_facts(page, cost)


def cost_facts(page, cost) -> dict:
    """What is lost a year, gross, and the share of revenue that it is."""
    rows = page.gate(cost)
    row = rows[rows["view"].eq("gross") & rows["branch"].eq("lost")].iloc[0]
    lost, language = page.language.money(row["amount"]), page.language
    return {page.say(LOST): lost, page.say(SHARE): language.share(row["share"], 1)}
