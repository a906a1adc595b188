"""How the service runs and what to do about it, for one client: the case's tables into the sums.

A step whose table or question was not supplied gives None, and its section is left out.
"""

import numpy as np
import pandas as pd

from cxlib.client.case import Case
from cxlib.client.plans import margin_of
from cxlib.client.rated import rated_items
from cxlib.client.scores import ASKED
from cxlib.client.settings import EVERYONE
from cxlib.client.steps import (
    OUTCOMES,
    answers_to,
    everyone,
    evidence,
    first_outcome,
    gaps_shown,
    lost_amounts,
    may_be_shown,
    numbers_shown,
    remembered,
    requirement_classes,
    table_of,
)
from cxlib.sums import kpi, register, touchpoints
from cxlib.sums.brand import value_to_customer as value_kinds
from cxlib.sums.churn import counted_shares
from cxlib.sums.expectations import expectation_drivers, promise_or_delivery
from cxlib.sums.health import health_check
from cxlib.sums.loop import acted_on, action_list, before_after, next_cycle
from cxlib.sums.ownership import cost_of_owning, unspoken_share
from cxlib.sums.periods import places_in_time
from cxlib.sums.proactive import few_together, reason_pareto
from cxlib.sums.quality import five_gaps, quality_scores, service_types
from cxlib.sums.service_level import best_service_level, service_level_curve, service_level_profit

# Touchpoints


@remembered
def touchpoint_map(case: Case) -> pd.DataFrame | None:
    """The contract's table `touchpoints`; see `sums.touchpoints.touchpoint_map`. Where no experience
    was asked, its columns are asked_satisfaction, _low and _high.

    >>> found = cx.touchpoint_map(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['stage', 'channel', 'n', 'n_eff']
    """
    (measure, answers), complaints = rated_items(case), table_of(case, "complaints")
    survey = case.latest
    found = touchpoints.touchpoint_map(
        answers,
        None if survey is None else survey.items,
        None if survey is None else survey.weight,
        complaints,
        lost_amounts(case, "gross"),
        case.settings.confidence,
        None if survey is None else [end.item() for end in survey.scale([measure])],
    )
    if measure == ASKED:  # a score of its own, in columns of its own
        found = found.rename(columns=lambda name: name.replace("experience", "asked_satisfaction"))
    return None if found.empty else found


def case_paths(case: Case) -> pd.DataFrame | None:
    """The ways that cases took through the channels; None where none changed its channel.

    >>> found = cx.case_paths(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['path', 'hops', 'cases', 'share']
    """
    complaints = table_of(case, "complaints")
    if complaints is None:
        return None
    found = touchpoints.case_paths(complaints, case.settings.confidence)
    return None if found.empty else found


# Expectations and quality


def mean_answer(case: Case, measure: str) -> pd.Series | None:
    """Each person's mean over the items of one measure; None where it was not asked."""
    answers = answers_to(case, measure)
    return None if answers is None else answers.mean(axis=1).rename(measure)


@remembered
def what_raises_expectations(case: Case) -> pd.DataFrame | None:
    """The six drivers; see `sums.expectations.expectation_drivers`.

    >>> found = cx.what_raises_expectations(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['driver', 'n', 'n_eff', 'mean']
    """
    answers = answers_to(case, "expectation_driver")
    if answers is None:
        return None
    expectation = mean_answer(case, "expectation")
    return expectation_drivers(answers, expectation, case.latest.weight, case.settings.confidence)


def promise_beside_delivery(case: Case) -> pd.DataFrame | None:
    """What a point less promised goes with, beside a point more delivered, for the first outcome.

    >>> found = cx.promise_beside_delivery(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['lever', 'n', 'effect', 'effect_low']
    """
    lived, expected = mean_answer(case, "experience"), mean_answer(case, "expectation")
    outcome = first_outcome(case, OUTCOMES)
    if lived is None or expected is None or outcome is None:
        return None
    found = promise_or_delivery(
        outcome, lived, expected, case.latest.weight, case.settings.confidence
    )
    return found.assign(outcome=outcome.name)


def service_quality(case: Case) -> pd.DataFrame | None:
    """Technical and functional quality, and image; None where the codebook names no quality.

    >>> found = cx.service_quality(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['quality', 'experience', 'expectation', 'importance']
    """
    survey = case.latest
    if survey is None or "quality" not in survey.items:
        return None
    found = quality_scores(survey.answers, survey.items, survey.weight, case.settings.confidence)
    return None if found.empty else found


def gaps_in_the_service(case: Case) -> pd.DataFrame | None:
    """The five-gap model, where the table `scores` says what the company believes beside a survey.

    Only scores from management or the front line count as the company's; without a survey they
    are all there is of the customers' side too, and only rows from it are left.

    >>> found = cx.gaps_in_the_service(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['dimension', 'gap_1', 'gap_2', 'gap_3']
    """
    if case.survey is None:
        return None
    customers = numbers_shown(case, everyone(case.scores))
    stated = table_of(case, "scores")
    company = None
    if stated is not None and "from" in stated:
        rows = stated[stated["from"].isin(["management", "frontline"])]
        rows = rows[rows["segment"].eq(EVERYONE)] if "segment" in rows else rows
        company = rows if len(rows) else None
    decided = customers.set_index("dimension")
    ideal = decided["ideal"].where(decided["ideal"] != decided["experience"])
    if company is None and ideal.isna().all():
        return None
    return five_gaps(customers, company, ideal)


def service_type_map(case: Case) -> pd.DataFrame | None:
    """Procedural × personal, by who served (served_by), else by how (contact_mode), or segment.

    >>> found = cx.service_type_map(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['group', 'n', 'procedural', 'procedural_low']
    """
    customers = table_of(case, "customers")
    if customers is None or not {"procedural", "personal"} <= set(customers):
        return None
    group = next((n for n in ("served_by", "contact_mode", "segment") if n in customers), None)
    if group is None or customers[["procedural", "personal"]].isna().any(axis=1).all():
        return None
    low, high = case.settings.scale
    found = service_types(customers, customers[group], (low + high) / 2)
    return found.rename(columns={group: "group"}).assign(grouping=group)


# Service measures


@remembered
def kpis(case: Case) -> pd.DataFrame | None:
    """The contract's table `kpis`; see `sums.kpi.kpi_table`.

    >>> found = cx.kpis(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['kpi', 'period', 'stage', 'channel']
    """
    table = table_of(case, "kpis")
    return None if table is None else kpi.kpi_table(table, case.settings.confidence)


def monitors(case: Case) -> pd.DataFrame | None:
    """The latest period of each measure, by channel.

    >>> found = cx.monitors(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['kpi', 'period', 'stage', 'channel']
    """
    table = kpis(case)
    return None if table is None else kpi.latest_kpis(table)


MOST_CHARTS = 3


def charted_measures(case: Case) -> dict[str, pd.DataFrame]:
    """{measure: its periods with centre and limits} of the measures that left their usual come and
    go, latest signal first, at most MOST_CHARTS: a chart on which nothing happened says nothing.

    >>> cx.charted_measures(cx.read_client("meisu", "data"))  # it has no table kpis
    {}
    """
    table = kpis(case)
    if table is None:
        return {}
    signals = table[table["signal"].fillna("").ne("")]
    place = places_in_time(table["period"]).loc[signals.index]
    last = place.groupby(signals["kpi"], sort=False).max().sort_values(ascending=False)
    return {name: table[table["kpi"] == name] for name in last.index[:MOST_CHARTS]}


def seven_rights(case: Case) -> pd.DataFrame | None:
    """The checklist, where the table `kpis` says which right a measure speaks of (`right`).

    >>> found = cx.seven_rights(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['right', 'measures', 'met', 'missed']
    """
    latest = monitors(case)
    return None if latest is None or "right" not in latest else kpi.seven_rights(latest)


# Requirements


def requirement_register(case: Case) -> pd.DataFrame | None:
    """The register by stage, tied to complaints and to the table `kano`.

    >>> found = cx.requirement_register(cx.read_client("meisu", "data"))
    >>> found[["stage"]].head(2).round(2).values.tolist()
    [['during']]
    """
    table = table_of(case, "register")
    if table is None:
        return None
    classes = requirement_classes(case)
    if classes is not None:  # a class has no base of its own in the register
        classes = classes[may_be_shown(case, classes)]
    return register.register_table(table, table_of(case, "complaints"), classes)


def register_counts(case: Case) -> pd.DataFrame | None:
    """One row per stage: how many requirements of each kind; None without the table.

    >>> cx.register_counts(cx.read_client("meisu", "data"))["need"].tolist()[:1]
    [1]
    """
    table = table_of(case, "register")
    return None if table is None else register.register_counts(table)


def value_to_customer(case: Case) -> pd.DataFrame | None:
    """Kinds of value to the customer, of the reasons to choose the company and the requirements
    that say their kind; see `sums.brand.value_to_customer`.

    >>> found = cx.value_to_customer(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['value_kind', 'explicit', 'implicit', 'potential_value']
    """
    columns = ["value_kind", "value_form", "mentions"]
    parts = [table_of(case, name) for name in ("brand_values", "register")]
    parts = [part.reindex(columns=columns) for part in parts if part is not None]
    return value_kinds(pd.concat(parts, ignore_index=True)) if parts else None


# Proactive service


def silent_sufferers(case: Case) -> pd.DataFrame | None:
    """Reasons behind the cases and the silent that each implies; None without reasons, or without
    a complaint rate in client.yml (`churn_cost.complain`). Reasons that fewer people called for than
    may be told of are one, `other`.

    >>> found = cx.silent_sufferers(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['reason', 'cases', 'share', 'share_low']
    """
    complaints, inputs = table_of(case, "complaints"), case.churn_inputs
    if complaints is None or "reason" not in complaints or inputs is None:
        return None
    complaints = few_together(complaints, case.settings.disclosure)
    if complaints is None or complaints.empty:
        return None
    # A rate that was counted is uncertain as well: its range is the interval of its counts.
    known = counted_shares(inputs, case.settings.confidence)
    rate = known.set_index("input").loc["complain"]
    share = rate["share"]
    low, high = (share if pd.isna(rate[end]) else rate[end] for end in ("low", "high"))
    customers, each = None, None
    people = table_of(case, "customers")
    if people is not None:
        customers = len(people)
        each = people["revenue"].mean() if "revenue" in people else None
    found = reason_pareto(
        complaints, share, low, high, customers, each, confidence=case.settings.confidence
    )
    return found.assign(**{"from": rate["from"]})


# Service levels, owning, health check


def service_levels(case: Case) -> pd.DataFrame | None:
    """The contract's table `service_levels` with profit and margins.

    >>> found = cx.service_levels(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['level', 'cost', 'revenue', 'profit']
    """
    table = table_of(case, "service_levels")
    return None if table is None else service_level_profit(table, margin=margin_or_all(case))


def service_curve(case: Case) -> pd.DataFrame | None:
    """Revenue, cost and their slopes between levels that are numbers.

    >>> found = cx.service_curve(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['level', 'revenue', 'cost', 'profit']
    """
    table = table_of(case, "service_levels")
    curve = None if table is None else service_level_curve(table, margin=margin_or_all(case))
    return None if curve is None or curve.empty else curve


def best_level(case: Case) -> pd.DataFrame | None:
    """One row: the service level of most profit, and the margin that it rests on, blank where none
    was stated; None without the table; see `sums.service_level`.

    >>> list(cx.best_level(cx.read_client("vendor", "data")))[:1]
    ['best_level']
    """
    table = table_of(case, "service_levels")
    if table is None:
        return None
    return best_service_level(table, margin=margin_or_all(case)).assign(margin=margin_of(case))


def margin_or_all(case: Case) -> float:
    """The margin as stated; 1, all of revenue, where none is."""
    margin = margin_of(case)
    return 1.0 if np.isnan(margin) else margin


def owning(case: Case) -> pd.DataFrame | None:
    """The cost of owning; named are the items that a complaint's reason, or a requirement (its
    `item`), speaks of.

    >>> found = cx.owning(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['item', 'label', 'money', 'hours']
    """
    table = table_of(case, "ownership")
    if table is None:
        return None
    named = []
    for source, column in (("complaints", "reason"), ("register", "item")):
        other = table_of(case, source)
        if other is not None and column in other:
            named += list(other[column].dropna().unique())
    return cost_of_owning(table, named)


def owning_unspoken(case: Case) -> pd.DataFrame | None:
    """One row: what nobody spoke of in the cost of owning; see `ownership.unspoken_share`.

    >>> list(cx.owning_unspoken(cx.read_client("vendor", "data")))[:2]
    ['items', 'unspoken']
    """
    table = owning(case)
    return None if table is None else unspoken_share(table)


def health(case: Case) -> pd.DataFrame | None:
    """The health check; bases may be given beside the contract's columns (n, sd, reference_n,
    reference_sd).

    >>> found = cx.health(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['area', 'score', 'reference', 'n']
    """
    table = table_of(case, "health_check")
    return None if table is None else health_check(table, case.settings.confidence)


# The loop


def actions(case: Case, today=None) -> pd.DataFrame | None:
    """The findings and what became of them. today: the date to judge by; the latest that any
    record or action bears where not said, so that a report says the same tomorrow.

    >>> found = cx.actions(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['finding', 'label', 'owner', 'due']
    """
    table = table_of(case, "actions")
    if table is None:
        return None
    return action_list(table, last_date(case) if today is None else today)


def last_date(case: Case) -> pd.Timestamp:
    """The latest date in the records; before everything where there are none."""
    dates = [
        case.tables[name][column].max()
        for name, column in (("complaints", "date"), ("contacts", "date"), ("transactions", "date"))
        if name in case.tables and column in case.tables[name]
    ]
    known = [date for date in dates if pd.notna(date)]
    return max(known) if known else pd.Timestamp.min


def actions_done(case: Case) -> pd.DataFrame | None:
    """One row: how many findings were acted on; None without the table; see `loop.acted_on`.

    >>> list(cx.actions_done(cx.read_client("vendor", "data")))[:3]
    ['findings', 'done', 'share']
    """
    table = actions(case)
    return None if table is None else acted_on(table, case.settings.confidence)


def effects(case: Case) -> pd.DataFrame | None:
    """Business results before and after, against the line before carried on.

    >>> found = cx.effects(cx.read_client("meisu", "data"))
    >>> found[["measure", "periods_before"]].head(2).round(2).values.tolist()
    [['business', 1]]
    """
    table = table_of(case, "performance")
    found = None if table is None else before_after(table, case.settings.confidence)
    return None if found is None or found.empty else found


def the_next_cycle(case: Case) -> pd.DataFrame | None:
    """The next brand value and key experience, and what would have to be true.

    >>> found = cx.the_next_cycle(cx.read_client("meisu", "data"))
    >>> found[["next", "found"]].head(2).round(2).values.tolist()
    [['brand_value', 1.0], ['brand_value', -5.0]]
    """
    found = next_cycle(gaps_shown(case), evidence(case))
    return None if found.empty else found
