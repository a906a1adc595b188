"""Who answered in which role, and whether they succeed or only like it."""

import pandas as pd

from cxlib.analysis.asking import needed, remembered
from cxlib.analysis.experience_expectation import open_groupings
from cxlib.client.case import Case
from cxlib.client.rated import answers_to, compared_answers
from cxlib.client.scores import ASKED
from cxlib.sums import roles
from cxlib.sums.estimate import dimension_answers, estimate_means
from cxlib.sums.interval import mean_interval, share_interval
from cxlib.sums.weights import Sampling, part_of

CELLS = {  # (succeeds, is content): what such people are
    (True, True): "content_successful",
    (True, False): "discontent_successful",
    (False, True): "content_unsuccessful",
    (False, False): "discontent_unsuccessful",
}
SUCCESS = ("success", "overall")  # what the project brought, and whether it was liked


def role_answers(case: Case) -> tuple[pd.DataFrame, pd.Series]:
    """What roles are compared by, and each respondent's role; NotThere where there are no two."""
    role = needed(case.latest).people["role"]
    needed(role.nunique() > 1)
    return compared_answers(case.latest), role


@remembered
def role_scores(case: Case) -> pd.DataFrame | None:
    """The contract's table `roles`: experience (and satisfaction as asked) by dimension and role,
    success and importance by role where they were asked, and who is in distress.

    Outcomes, which have scales of their own, are in `role_spread` and `role_view`.

    >>> found = cx.role_scores(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['measure', 'dimension', 'role', 'n']
    """
    answers, role = role_answers(case)
    scales = {"experience": case.settings.scale, ASKED: case.asked_scale}
    measures = answers.columns.get_level_values("measure")
    asked = [(answers.loc[:, measures == each], scale) for each, scale in scales.items()]
    if (success := answers_to(case, "success")) is not None:  # what it brought, before liking
        asked.append((pd.concat({"success": success}, axis=1), scale_of(case, "success")))
    matters = case.latest.answers
    matters = matters.loc[:, matters.columns.get_level_values("measure") == "importance"]
    asked.append((dimension_answers(matters, case.latest.items), case.settings.importance_scale))
    of = case.latest.weight, case.settings.confidence
    parts = [roles.role_scores(rows, role, scale, *of) for rows, scale in asked if rows.shape[1]]
    table = pd.concat(needed(parts), ignore_index=True)
    return table.assign(distress=table["distress"] & table["measure"].ne("importance"))


@remembered
def role_spread(case: Case) -> pd.DataFrame | None:
    """See `roles.role_spread`; None where a role is too small to be shown: it would tell of it.

    >>> found = cx.role_spread(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['measure', 'dimension', 'n', 'roles']
    """
    found = role_answers(case)
    needed("role" in open_groupings(case))
    return roles.role_spread(*found, case.latest.weight)


@remembered
def role_view(case: Case) -> pd.DataFrame | None:
    """The view weighted by who decides and pays; None without `role_weights` in client.yml, or
    where a role is too small to be shown.

    >>> found = cx.role_view(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['measure', 'dimension', 'mean', 'n']
    """
    (answers, role), weights = role_answers(case), needed(case.settings.role_weights)
    needed("role" in open_groupings(case))
    weight = case.latest.weight
    people = {"all": answers.index} | dict(role.groupby(role).groups)
    parts = {name: (answers.loc[who], part_of(weight, who)) for name, who in people.items()}
    estimates = {name: estimate_means(*part) for name, part in parts.items()}
    together = None
    if isinstance(weight, Sampling):  # people of one account may stand in several roles
        wide = {name: answers.where(role == name) for name in estimates if name != "all"}
        together = estimate_means(pd.concat(wide, axis=1), weight)
    return roles.weighted_by_role(estimates, weights, case.settings.confidence, together)


def scale_of(case: Case, measure: str) -> tuple:
    """(lowest, highest) answer of what was asked."""
    return tuple(end.item() for end in case.latest.scale([measure]))


@remembered
def success_or_liking(case: Case) -> pd.DataFrame | None:
    """One row per measure and item of success and of liking: measure, item, n, n_eff, mean, with
    interval (answers' unit), and leads: success where it was asked, else nothing does.

    >>> found = cx.success_or_liking(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['measure', 'item', 'n', 'n_eff']
    """
    asked = {name: answers_to(case, name) for name in SUCCESS}
    asked = needed({name: answers for name, answers in asked.items() if answers is not None})
    parts = {}
    for name, answers in asked.items():
        found = estimate_means(answers, case.latest.weight)
        parts[name] = mean_interval(found, case.settings.confidence, scale_of(case, name))
    table = pd.concat(parts, names=["measure", "item"]).reset_index()
    return table.assign(leads=table["measure"].eq("success"))


@remembered
def success_and_liking(case: Case) -> pd.DataFrame | None:
    """Success × liking: one row per cell: cell, n (who answered both), share with its interval.

    Below the middle of its scale is no success, and not content. The content who do not succeed are
    those whose contract ends though every score was kind. Source: the method, §6.

    >>> found = cx.success_and_liking(cx.read_client("vendor", "data"))
    >>> round(found["share"].sum(), 6)
    1.0
    """
    high = {}
    for name in SUCCESS:
        answers = needed(answers_to(case, name))
        low, top = scale_of(case, name)
        mean = answers.mean(axis=1)
        high[name] = (mean >= (low + top) / 2).where(mean.notna())
    both = pd.DataFrame(high).dropna().astype(bool)
    cell = both.apply(tuple, axis=1).map(CELLS)
    given = pd.DataFrame({name: cell.eq(name).astype(float) for name in CELLS.values()})
    found = estimate_means(given, part_of(case.latest.weight, both.index))
    return share_interval(found, case.settings.confidence).rename_axis("cell").reset_index()
