"""The appendix: everything that was rated by everybody who can be told apart."""

import pandas as pd

from cxlib.analysis.asking import BLANK, among_shown, remembered, with_few_blanks
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
    if case.latest is None:
        return None
    confidence = case.settings.confidence
    by = {name: (case.latest, values) for name, values in groupings(case).items()}
    by["wave"] = case.survey, case.survey.wave
    parts = [
        compare_groups(
            rated_answers(survey),
            with_few_blanks(case, values).rename("group"),
            survey.weight,
            confidence,
        ).assign(grouping=name)
        for name, (survey, values) in by.items()
        if values.nunique() > 1
    ]
    if not parts:
        return None
    table = pd.concat(parts, ignore_index=True)
    table["group"] = table["group"].astype(str)
    table = table[table["group"].ne(BLANK) & table["n"].gt(0)].reset_index(drop=True)
    table = among_shown(case, table)
    return table[[*FIRST, *table.columns.drop(FIRST)]]


def rated_answers(survey) -> pd.DataFrame:
    """What people rated: one column (measure, item) per dimension, item and outcome; of a dimension
    of one item, the dimension alone."""
    whole, answers = compared_answers(survey), survey.answers
    kept = answers.columns.get_level_values("measure").isin(RATED)
    items = answers.loc[:, kept]
    of = survey.items["dimension"].reindex(items.columns.get_level_values(1))
    several = of.isna() | of.groupby(of).transform("size").gt(1)
    found = pd.concat([whole, items.loc[:, several.to_numpy()]], axis=1)
    return found.loc[:, ~found.columns.duplicated()].rename_axis(columns=["measure", "item"])
