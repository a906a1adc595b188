"""Why customers choose this company: step 1 of the method."""

import numpy as np
import pandas as pd

from cxlib.sums.interval import wilson_interval
from cxlib.sums.weights import checked_weight


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
    """
    table = brand_values.assign(n=np.nan, share_low=np.nan, share_high=np.nan, basis="stated")
    mentions = brand_values.get("mentions", pd.Series(np.nan, index=brand_values.index))
    if mentions.notna().all() and mentions.sum() > 0:
        low, high = wilson_interval(mentions, mentions.sum(), confidence)
        found = {"share": mentions / mentions.sum(), "share_low": low, "share_high": high}
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

    Returns one row per reason: reason, n (asked), n_eff, share, share_low, share_high (Wilson on
    Kish's effective base), blank where nobody was asked.
    """
    weights = checked_weight(weight, reasons.index)[:, None]
    asked = reasons.notna().to_numpy() * weights
    given = (reasons > 0).to_numpy() * weights
    with np.errstate(divide="ignore", invalid="ignore"):
        share = given.sum(axis=0) / asked.sum(axis=0)
        n_eff = asked.sum(axis=0) ** 2 / (asked**2).sum(axis=0)
    low, high = wilson_interval(share * n_eff, n_eff, confidence)
    n = (asked > 0).sum(axis=0)
    found = {"n": n, "n_eff": n_eff, "share": share, "share_low": low, "share_high": high}
    table = pd.DataFrame({"reason": reasons.columns, **found})
    return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)
