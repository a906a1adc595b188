"""Step 7, planning the next survey: how many to ask, and what those who did not answer could change."""

import pandas as pd

from cxlib.analysis.asking import everyone, remembered
from cxlib.analysis.experience_expectation import gaps, gaps_shown
from cxlib.client.case import Case
from cxlib.sums.planning import answers_needed, had_all_answered

OF_THE_SCALE = (0.10, 0.05, 0.02)  # differences that are asked about: ours, as they are often set


@remembered
def next_survey(case: Case) -> pd.DataFrame | None:
    """Answers needed in each wave, or group, for a difference of the experience that spreads most, so
    that the others are held as well: dimension, n (answers of today), answer_spread (standard deviation of
    single answers), to_find (a difference, score points), needed, enough. None where no survey rated
    experience.

    >>> cx.next_survey(cx.read_client("kiosk", "data"))["to_find"].round(2).tolist()
    [0.6, 0.3, 0.12]
    """
    found = case.estimates.get("all")
    shown = set() if found is None else set(gaps_shown(case)["dimension"])
    told = [("experience", each) for each in shown if ("experience", each) in found.mean.index]
    if not told:
        return None
    variance = pd.Series({each: found.covariance.loc[each, each] for each in told}, dtype=float)
    variance = (variance * found.n.reindex(told)).dropna()  # of one answer, with its design effect
    if variance.empty:
        return None
    widest, (low, high) = variance.idxmax(), case.settings.scale
    effect = float(found.n[widest] / found.n_eff[widest])
    rows = pd.DataFrame({"to_find": [share * (high - low) for share in OF_THE_SCALE]})
    rows = rows.assign(dimension=widest[1], n=int(found.n[widest]), design_effect=effect)
    rows["answer_spread"] = (variance[widest] / effect) ** 0.5
    confidence = case.settings.confidence
    rows["needed"] = answers_needed(
        rows["answer_spread"], rows["to_find"], confidence, design_effect=effect
    )
    return rows.assign(enough=rows["n"] >= rows["needed"])


@remembered
def not_answered(case: Case) -> pd.DataFrame | None:
    """What those who did not answer could change, one row per dimension of everyone: n, experience,
    and, where margins are known (`survey.raking`), unraked (the mean without them) and difference; where
    `survey.invited` is, response_rate (share who answered), mean_lowest, mean_highest and silent_mean, at which
    experience would be as expected, or ideal. None where neither is known.

    >>> found = cx.not_answered(cx.read_client("kiosk", "data", settings='{"survey.invited": 1000}'))
    >>> found["response_rate"].round(3).unique().tolist()
    [0.207]
    """
    asked = case.settings.survey
    if case.latest is None or not (asked.raking or asked.invited):
        return None
    found = everyone(gaps(case)).dropna(subset=["experience"])
    if found.empty:
        return None
    table = found[["dimension", "n", "experience"]].reset_index(drop=True)
    if asked.raking:
        before = everyone(gaps(case.what_if({"survey.raking": {}}))).set_index("dimension")
        table["unraked"] = table["dimension"].map(before["experience"])
        table["difference"] = table["experience"] - table["unraked"]
    if asked.invited:
        rate = len(case.latest.people) / asked.invited
        aim = found["expectation"].fillna(found["ideal"]).reset_index(drop=True)
        table = table.assign(
            response_rate=rate,
            **had_all_answered(table["experience"], rate, case.settings.scale, aim),
        )
    return table
