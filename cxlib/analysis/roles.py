"""Who answered in which role, and whether they succeed or only like it."""

import pandas as pd

from cxlib.analysis.asking import remembered
from cxlib.analysis.experience_expectation import open_groupings
from cxlib.client.case import Case
from cxlib.client.rated import answers_to, compared_answers
from cxlib.client.scores import ASKED
from cxlib.sums import roles
from cxlib.sums.estimate import estimate_means
from cxlib.sums.interval import mean_interval
from cxlib.sums.weights import Sampling, part_of

SUCCESS = ("success", "overall")  # what the project brought, and whether it was liked


def role_answers(case: Case) -> tuple[pd.DataFrame, pd.Series] | None:
    """What roles are compared by, and each respondent's role."""
    if case.latest is None or case.latest.people["role"].nunique() < 2:
        return None
    return compared_answers(case.latest), case.latest.people["role"]


@remembered
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


@remembered
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
