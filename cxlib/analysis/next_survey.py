"""Step 7, planning the next survey: how many to ask, and what those who did not answer could change."""

import pandas as pd

from cxlib.analysis.asking import everyone, needed, remembered
from cxlib.analysis.experience_expectation import gaps, gaps_shown
from cxlib.client.case import Case
from cxlib.client.rated import RATED
from cxlib.client.scores import ASKED
from cxlib.sums.compare import answers_needed, had_all_answered

OF_THE_SCALE = (0.10, 0.05, 0.02)  # differences that are asked about: ours, as they are often set

# The scale of what people rated.
SCALE = {"experience": lambda case: case.settings.scale, ASKED: lambda case: case.asked_scale}


@remembered
def next_survey(case: Case) -> pd.DataFrame | None:
    """Answers needed in each wave, or group, for a difference of the experience that spreads most, so
    that the others are held as well: dimension, n (answers of today), answer_spread (standard deviation of
    single answers), to_find (a difference, score points), needed, enough. Of satisfaction as asked where
    no experience was rated; None where neither was.

    >>> cx.next_survey(cx.read_client("kiosk", "data"))["to_find"].round(2).tolist()
    [0.6, 0.3, 0.12]
    """
    found = needed(case.estimates.get("all"))
    shown, there = set(gaps_shown(case)["dimension"]), found.mean.index
    told = [each for each in there if each[0] in RATED and each[1] in shown]
    measure = min((first for first, _ in told), key=RATED.index, default="")
    told = needed([each for each in told if each[0] == measure])
    variance = pd.Series({each: found.covariance.loc[each, each] for each in told}, dtype=float)
    # Of one answer, with its design effect.
    variance = needed((variance * found.n.reindex(told)).dropna())
    widest, (low, high) = variance.idxmax(), SCALE[measure](case)
    effect = float(found.n[widest] / found.n_eff[widest])
    rows = pd.DataFrame({"to_find": [share * (high - low) for share in OF_THE_SCALE]})
    rows = rows.assign(dimension=widest[1], n=int(found.n[widest]), design_effect=effect)
    rows["answer_spread"] = (variance[widest] / effect) ** 0.5
    of = rows["answer_spread"], rows["to_find"], case.settings.confidence
    rows["needed"] = answers_needed(*of, design_effect=effect)
    return rows.assign(enough=rows["n"] >= rows["needed"])


@remembered
def not_answered(case: Case) -> pd.DataFrame | None:
    """What those who did not answer could change, one row per dimension of everyone: n, experience (or,
    where none was rated, asked_satisfaction), and, where margins are known (`survey.raking`), unraked (the mean without them) and difference; where
    `survey.invited` is, response_rate (share who answered), mean_lowest, mean_highest and silent_mean, at which
    experience would be as expected, or ideal. None where neither is known.

    >>> found = cx.not_answered(cx.read_client("kiosk", "data", settings='{"survey.invited": 1000}'))
    >>> found["response_rate"].round(3).unique().tolist()
    [0.207]
    """
    survey, asked = needed(case.latest), case.settings.survey
    needed(bool(asked.raking or asked.invited))
    found = everyone(gaps(case))
    asked_alone = bool(found["experience"].isna().all())
    score = "asked_satisfaction" if asked_alone else "experience"
    found = needed(found.dropna(subset=[score]))
    table = found[["dimension", "n", score]].reset_index(drop=True)
    if asked.raking:
        before = everyone(gaps(case.what_if({"survey.raking": {}}))).set_index("dimension")
        table["unraked"] = table["dimension"].map(before[score])
        table["difference"] = table[score] - table["unraked"]
    if asked.invited:
        rate = len(survey.people) / asked.invited
        aim = found["asked_target" if asked_alone else "expectation"].fillna(found["ideal"])
        scale = SCALE[RATED[asked_alone]](case)
        ends = had_all_answered(table[score], rate, scale, aim.reset_index(drop=True))
        table = table.assign(response_rate=rate, **ends)
    return table
