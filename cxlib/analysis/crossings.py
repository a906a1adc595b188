"""The appendix: everything that was rated by everybody who can be told apart."""

import pandas as pd

from cxlib.analysis.asking import among_shown, needed, of_each_grouping, remembered
from cxlib.client.case import Case
from cxlib.client.groupings import groupings
from cxlib.client.rated import RATED, compared_answers
from cxlib.sums.compare import compare_groups

FIRST = ["grouping", "group", "measure", "item"]


@remembered
def crossings(case: Case) -> pd.DataFrame | None:
    """Every item, dimension and outcome by every group against everybody else: grouping (segment,
    role, the survey's own, wave), group, measure, item (or dimension), then as `compare_groups`.

    q (Benjamini–Hochberg), and `different`, are over all crossings that may be shown. None where
    nobody was asked, or nobody can be told apart.

    >>> list(cx.crossings(cx.read_client("vendor", "data")))[:4]
    ['grouping', 'group', 'measure', 'item']
    """
    latest, confidence = needed(case.latest), case.settings.confidence

    def compared(name, groups):
        survey = case.survey if name == "wave" else latest
        return compare_groups(rated_answers(survey), groups, survey.weight, confidence)

    table = of_each_grouping(case, groupings(case) | {"wave": case.survey.wave}, compared)
    table = table.astype({"group": str})[table["n"].gt(0)].reset_index(drop=True)
    table = among_shown(case, table)
    return table[[*FIRST, *table.columns.drop(FIRST)]]


def rated_answers(survey) -> pd.DataFrame:
    """What people rated: one column (measure, item) per dimension, item and outcome; of a dimension
    of one item, the dimension alone."""
    whole, answers = compared_answers(survey), survey.answers
    items = answers.loc[:, answers.columns.get_level_values("measure").isin(RATED)]
    of = survey.items["dimension"].reindex(items.columns.get_level_values(1))
    several = of.isna() | of.groupby(of).transform("size").gt(1)
    found = pd.concat([whole, items.loc[:, several.to_numpy()]], axis=1)
    return found.loc[:, ~found.columns.duplicated()].rename_axis(columns=["measure", "item"])
