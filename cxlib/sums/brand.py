"""Why customers choose this company: step 1 of the method."""

import numpy as np
import pandas as pd

from cxlib.sums.estimate import estimate_means
from cxlib.sums.interval import counted_share, share_interval

VALUE_KINDS = ("economic", "functional", "psychological")
VALUE_FORMS = ("explicit", "implicit", "potential")


def reason_shares(brand_values: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """The share of each reason for choosing the company, most given first.

    Parameters
    ----------
    brand_values : one row per reason, columns reason and mentions (how often it was given) or
        share (0–1); blank = not known

    Returns
    -------
    The same rows with share, share_low, share_high, n and basis. Where every reason has mentions,
    share is of all mentions, n is their number, and the interval is Wilson's (mentions taken as
    independent: narrow where one customer gives several reasons). Otherwise share is as stated,
    and interval and n stay blank. Ties keep the order of the file.

    >>> reasons = pd.DataFrame({"reason": ["near", "cheap"], "mentions": [30, 10]})
    >>> reason_shares(reasons)["share"].tolist()
    [0.75, 0.25]
    """
    table = brand_values.assign(n=np.nan, share_low=np.nan, share_high=np.nan, basis="stated")
    mentions = brand_values.get("mentions", pd.Series(np.nan, index=brand_values.index))
    if mentions.notna().all() and mentions.sum() > 0:
        found = counted_share(mentions, mentions.sum(), confidence)
        table = table.assign(**found, n=mentions.sum(), basis="mentions")
    elif "share" not in table:
        table = table.assign(share=np.nan)
    return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def reasons_given(
    reasons: pd.DataFrame, weight: pd.Series | None = None, confidence: float = 0.95
) -> pd.DataFrame:
    """The share of people who give each reason, most given first; shares may exceed 1 in sum.

    reasons : one row per respondent, one column per reason; above zero = given, zero = not
    given, blank = not asked. weight : same index, only its proportions matter.

    Returns one row per reason: reason, n (asked), n_eff, share, share_low, share_high, reliable (see
    `share_interval`), blank where nobody was asked.

    >>> reasons_given(pd.DataFrame({"near": [1, 1, 0, 1], "cheap": [0, 1, 0, 0]}))[
    ...     "share"
    ... ].tolist()
    [0.75, 0.25]
    """
    given = (reasons > 0).astype(float).where(reasons.notna())
    found = share_interval(estimate_means(given, weight), confidence)
    table = found.rename_axis("reason").reset_index()
    return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def value_to_customer(statements: pd.DataFrame) -> pd.DataFrame | None:
    """What the product and the service are worth to the customer, by kind; None where no statement
    says its kind.

    statements : one row per reason or requirement: value_kind (economic, functional,
        psychological), value_form (explicit, implicit, potential), mentions; blank = not known

    Returns one row per kind, in that order: value_kind, statements, explicit, implicit,
    potential_value (how many; 0 is a kind of value that nobody has looked for), mentions, share (of all mentions of
    statements whose kind is known; mentions are not people, so it has no interval).
    Source: the method, §7.

    >>> said = pd.DataFrame(
    ...     {"value_kind": ["economic"], "value_form": ["explicit"], "mentions": [3]}
    ... )
    >>> value_to_customer(said)[["value_kind", "explicit"]].values[:2].tolist()
    [['economic', 1], ['functional', 0]]
    """
    known = statements.dropna(subset=["value_kind"])
    if known.empty:
        return None
    forms = pd.crosstab(known["value_kind"], known["value_form"])
    forms = forms.reindex(index=VALUE_KINDS, columns=VALUE_FORMS, fill_value=0)
    by = known.groupby("value_kind")["mentions"]
    mentions = by.sum(min_count=1).reindex(VALUE_KINDS)
    # `potential` is the name of another column: what a customer could bring.
    table = forms.rename(columns={"potential": "potential_value"}).assign(
        statements=by.size().reindex(VALUE_KINDS, fill_value=0),
        mentions=mentions,
        share=mentions / mentions.sum() if mentions.sum() > 0 else np.nan,
    )
    return table.rename_axis(columns=None).rename_axis("value_kind").reset_index()
