"""Who answered, and how: loyalty, roles, mix, success and designs, from the survey's people.

As in `steps`, what was not asked gives None, and of several waves the last one speaks. Customers whose satisfaction and churn are in the
table customers stand in for a survey where there is none.
"""

import numpy as np
import pandas as pd

from cxlib.client.brief import groupings
from cxlib.client.case import Case
from cxlib.client.codebook import RECOMMEND_SCALE
from cxlib.client.customers import SATISFIED
from cxlib.client.problems import first_few
from cxlib.client.scores import ASKED
from cxlib.client.steps import (
    OUTCOMES,
    answers_to,
    compared_answers,
    first_outcome,
    gaps,
    remembered,
)
from cxlib.sums import designs, loyalty, mix, roles
from cxlib.sums.compare import benjamini_hochberg, nps_changes
from cxlib.sums.estimate import estimate_means
from cxlib.sums.interval import mean_interval, nps_table
from cxlib.sums.weights import Sampling, part_of

LOYAL = ("repurchase", "recommend")  # what an intention to stay is read from, first choice first
SUCCESS = ("success", "overall")  # what the project brought, and whether it was liked


# Loyalty is not satisfaction


def on_scale(case: Case, measure: str) -> pd.Series | None:
    """The answers to a measure as a share of its scale, 0–1 (mean over items); None if not asked."""
    answers = answers_to(case, measure)
    if answers is None:
        return None
    columns = case.latest.columns
    ends = columns[columns["measure"] == measure].drop_duplicates("item").set_index("item")
    low, high = (ends[end].astype(float).reindex(answers.columns) for end in ("low", "high"))
    return ((answers - low) / (high - low)).mean(axis=1)


def loyalty_answers(case: Case) -> pd.DataFrame | None:
    """satisfaction, loyalty, switching_cost (each 0–1 of its scale), revenue and weight.

    From the survey (overall satisfaction; buying again, else recommending), else from the table
    customers.
    """
    liked = on_scale(case, "overall")
    stays = next((found for name in LOYAL if (found := on_scale(case, name)) is not None), None)
    if liked is not None and stays is not None:
        bound, weight = on_scale(case, "switching_cost"), case.latest.weight
        found = pd.DataFrame({"satisfaction": liked, "loyalty": stays, "switching_cost": bound})
        return found if weight is None else found.assign(weight=case.latest.people["weight"])
    return loyalty_of_customers(case)


def loyal_by(case: Case) -> str:
    """The question that loyalty is read from, as `loyalty_answers` does; "" where it is not asked."""
    if on_scale(case, "overall") is None:
        return ""
    return next((name for name in LOYAL if on_scale(case, name) is not None), "")


def loyalty_of_customers(case: Case) -> pd.DataFrame | None:
    """The same from the table customers, where who has not left is loyal."""
    if not case.knows_of_customers("satisfaction", "churned"):
        return None
    table = case.tables["customers"]
    (low, high), loyal = case.settings.scale, 1 - table["churned"].astype(float)
    columns = ["satisfaction", "switching_cost"]
    scored = (table.reindex(columns=columns).astype(float) - low) / (high - low)
    revenue = table.get("revenue", np.nan)
    return scored.assign(loyalty=loyal, revenue=revenue)


def loyalty_of(case: Case) -> pd.DataFrame | None:
    """One row per respondent or customer, with type and freedom; see `loyalty.loyalty_types`."""
    found = loyalty_answers(case)
    return None if found is None else loyalty.loyalty_types(found, *cuts(case))


def cuts(case: Case) -> tuple:
    """Places on their scales, 0–1, from which a customer is satisfied (not unhappy: one line for
    everything), loyal, and bound."""
    return case.unhappy_below((0, 1)), SATISFIED, SATISFIED


def loyalty_matrix(case: Case) -> pd.DataFrame | None:
    """The contract's table `loyalty`; see `loyalty.loyalty_table`.

    >>> found = cx.loyalty_matrix(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['freedom', 'loyalty_type', 'n', 'n_of']
    """
    found = loyalty_of(case)
    if found is None:
        return None
    asked = loyal_by(case)  # of the survey; the table customers has no clusters
    drawn = case.latest.weight if asked else None
    return loyalty.loyalty_table(found, case.settings.confidence, drawn)


def if_switching_were_free(case: Case) -> pd.DataFrame | None:
    """What revenue would go; None where freedom, or revenue, is not known.

    By the table customers: a survey does not say what each respondent brings.

    >>> cx.if_switching_were_free(cx.read_client("meisu", "data")) is None  # nobody was asked
    True
    """
    told = loyalty_of_customers(case)
    if told is None or told[["revenue", "switching_cost"]].isna().all().any():
        return None
    found = loyalty.loyalty_types(told, *cuts(case))
    return loyalty.if_switching_were_free(found, case.settings.confidence)


# Would they recommend


def net_promoter_question(columns: pd.DataFrame) -> pd.Series | None:
    """The survey's column that a net promoter score is of: a row of `survey.columns`.

    An NPS is defined on 0–10 alone (Reichheld 2003). Of several such questions the one that most
    people answered, the first of those; None where there is none.
    """
    asked = columns[columns["measure"] == "recommend"]
    low, high = RECOMMEND_SCALE
    asked = asked[(asked["low"] == low) & (asked["high"] == high)]
    most = asked["understood"].astype(float).sort_values(ascending=False, kind="stable")
    return asked.loc[most.index[0]] if len(asked) else None


def which_promoters(columns: pd.DataFrame) -> str:
    """Of which question the net promoter score is, and why not of the others; "" where it is plain."""
    asked, chosen = columns[columns["measure"] == "recommend"], net_promoter_question(columns)
    if asked.empty or (len(asked) == 1 and chosen is not None):
        return ""
    others = asked if chosen is None else asked.drop(index=chosen.name)
    named = first_few(
        f"{row.column} ({row.low:g}–{row.high:g}, {row.understood:,.0f} answers)"
        for row in others.itertuples()
    )
    if chosen is None:
        return f"No net promoter score: it is defined on 0–10 alone, and asked was {named}."
    why = f"of those asked from 0 to 10 the one with the most answers ({chosen['understood']:,.0f})"
    return f"The net promoter score is of {chosen['column']}, {why}; not of {named}."


@remembered
def net_promoters(case: Case) -> pd.DataFrame | None:
    """Net promoter score (−100 to 100) by wave with its interval, and its change; see `nps_table`
    and `nps_changes`.

    None where recommendation was not asked from 0 to 10; see `net_promoter_question`.

    >>> found = cx.net_promoters(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['wave', 'n', 'n_eff', 'promoters']
    """
    asked = None if case.survey is None else net_promoter_question(case.survey.columns)
    if asked is None:
        return None
    survey, confidence = case.survey, case.settings.confidence
    answers, wave = survey.answers["recommend", asked["item"]], survey.wave.rename("wave")
    by = wave if wave.notna().any() else None
    found = nps_table(answers, survey.weight, by, confidence)
    if by is not None:  # waves have sizes of their own: all of them together are nobody's score
        found = found[found["wave"] != "all"]
    there = found[found["n"] > 0].reset_index(drop=True)  # not every wave asked
    return there if by is None else nps_changes(there, confidence)


# Averages mislead


def role_answers(case: Case) -> tuple[pd.DataFrame, pd.Series] | None:
    """What roles are compared by, and each respondent's role."""
    if case.latest is None or case.latest.people["role"].nunique() < 2:
        return None
    return compared_answers(case.latest), case.latest.people["role"]


def role_scores(case: Case) -> pd.DataFrame | None:
    """The contract's table `roles`: experience (and satisfaction as asked) by dimension and role,
    and who is in distress.

    Outcomes, which have scales of their own, are in `role_spread` and `role_view`.

    >>> found = cx.role_scores(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['measure', 'dimension', 'role', 'n']
    """
    found = role_answers(case)
    if found is None:
        return None
    answers, role = found
    scales = {"experience": case.settings.scale, ASKED: case.asked_scale}
    measures = answers.columns.get_level_values("measure")
    weight, confidence = case.latest.weight, case.settings.confidence
    parts = [
        roles.role_scores(answers.loc[:, measures == each], role, scales[each], weight, confidence)
        for each in scales
        if each in measures
    ]
    return pd.concat(parts, ignore_index=True) if parts else None


def role_spread(case: Case) -> pd.DataFrame | None:
    """See `roles.role_spread`; None where a role is too small to be shown: it would tell of it.

    >>> found = cx.role_spread(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['measure', 'dimension', 'n', 'roles']
    """
    found = role_answers(case)
    if found is None or "role" not in open_groupings(case):
        return None
    return roles.role_spread(*found, case.latest.weight)


def role_view(case: Case) -> pd.DataFrame | None:
    """The view weighted by who decides and pays; None without `role_weights` in client.yml, or
    where a role is too small to be shown.

    >>> found = cx.role_view(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['measure', 'dimension', 'mean', 'n']
    """
    found, weights = role_answers(case), case.settings.role_weights
    if found is None or not weights or "role" not in open_groupings(case):
        return None
    answers, role = found
    weight = case.latest.weight
    people = {"all": answers.index} | dict(role.groupby(role).groups)
    estimates = {
        name: estimate_means(answers.loc[who], part_of(weight, who)) for name, who in people.items()
    }
    together = None
    if isinstance(weight, Sampling):  # people of one account may stand in several roles
        wide = {name: answers.where(role == name) for name in estimates if name != "all"}
        together = estimate_means(pd.concat(wide, axis=1), weight)
    return roles.weighted_by_role(estimates, weights, case.settings.confidence, together)


def open_groupings(case: Case) -> dict[str, pd.Series]:
    """The groupings of which every group is large enough to be shown.

    What is held alike across a grouping would otherwise tell of a group that is withheld.
    """
    least = case.settings.disclosure
    found = groupings(case).items()
    return {name: values for name, values in found if values.value_counts().min() >= least}


def reversals(case: Case) -> pd.DataFrame | None:
    """Groups of one grouping compared as they are, and within the groups of each other grouping.

    Returns the rows of `mix.mix_adjusted` for each pair of groupings, with grouping, split and
    outcome first; q over the whole table; None where there are fewer than two groupings.

    >>> found = cx.reversals(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['grouping', 'split', 'outcome', 'group']
    """
    outcome = first_outcome(case, OUTCOMES)
    if outcome is None:
        return None
    by, weight, confidence = open_groupings(case), case.latest.weight, case.settings.confidence
    parts = [
        mix.mix_adjusted(outcome, by[one], by[other], weight, confidence).assign(
            grouping=one, split=other
        )
        for one in by
        for other in by
        if one != other
    ]
    if not parts or not sum(map(len, parts)):
        return None
    table = pd.concat(parts, ignore_index=True).assign(outcome=outcome.name)
    table["q"] = benjamini_hochberg(table["p"])
    first = ["grouping", "split", "outcome"]
    return table[[*first, *table.columns.drop(first)]]


# Success, and form


def success_or_liking(case: Case) -> pd.DataFrame | None:
    """One row per measure and item of success and of liking: measure, item, n, n_eff, mean, with
    interval (answers' unit), and leads: success where it was asked, else nothing does.

    >>> found = cx.success_or_liking(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['measure', 'item', 'n', 'n_eff']
    """
    asked = {name: answers_to(case, name) for name in SUCCESS}
    asked = {name: answers for name, answers in asked.items() if answers is not None}
    if not asked:
        return None
    weight, parts = case.latest.weight, []
    for name, answers in asked.items():
        found = estimate_means(answers, weight)
        scale = [end.item() for end in case.latest.scale([name])]
        found = mean_interval(found, case.settings.confidence, scale)
        found = found.rename_axis("item").reset_index()
        parts.append(found.assign(measure=name, leads=name == "success"))
    table = pd.concat(parts, ignore_index=True)
    return table[["measure", *table.columns.drop("measure")]]


def by_collector(case: Case) -> pd.DataFrame | None:
    """Scores by who collected them, before and after the respondents have the same mix.

    The mix is every other grouping that may be shown, all at once; see `mix.mix_adjusted`.

    >>> found = cx.by_collector(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['collected_by', 'n', 'n_rest', 'mean']
    """
    outcome = first_outcome(case, OUTCOMES)
    if outcome is None or case.latest.people["collected_by"].nunique() < 2:
        return None
    by = open_groupings(case)
    collected = case.latest.people["collected_by"]
    by.pop("collected_by", None)
    others = pd.DataFrame(by).fillna("?").astype(str)
    strata = others.agg(" / ".join, axis=1) if by else pd.Series("all", index=outcome.index)
    table = mix.mix_adjusted(
        outcome, collected, strata, case.latest.weight, case.settings.confidence
    )
    return table.rename(columns={"group": "collected_by"}).assign(outcome=outcome.name)


def bonus_spikes(case: Case) -> pd.DataFrame | None:
    """Scores before bonus dates; None unless client.yml names `bonus_dates` and `survey.date`.

    >>> cx.bonus_spikes(cx.read_client("meisu", "data")) is None  # it has no bonus dates
    True
    """
    dates = case.settings.bonus_dates
    outcome = first_outcome(case, OUTCOMES) if dates else None
    if outcome is None:
        return None
    return mix.spikes(
        case.latest.people["date"], outcome, dates, confidence=case.settings.confidence
    )


def segment_designs(case: Case) -> pd.DataFrame | None:
    """Each segment's own key experience beside everyone's; None with fewer than two segments.

    >>> found = cx.segment_designs(cx.read_client("kiosk", "data"))
    >>> list(found)[:4]
    ['segment', 'n', 'own_key', 'weighted_satisfaction']
    """
    table = designs.segment_designs(gaps(case))
    return table if len(table) > 1 else None
