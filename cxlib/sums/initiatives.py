"""Initiatives: what each is worth, and which need or rule out which; step 6 of the method."""

import numpy as np
import pandas as pd

FITS = ["strategy_fit", "people", "process", "technology"]


def benefits(initiatives: pd.DataFrame, weights: dict) -> pd.Series:
    """What each initiative is worth, in weighted score points; `benefit` itself where given.

    uplift (score points) × weight of its dimension (1 where none is given) × fit. Fit is the mean
    of strategy_fit, people, process and technology (0–1) that are known, weighted by their own
    weights (1 where none is given); 1 where none is known. Without an uplift the benefit is blank,
    unless no initiative has one: then it is the fit alone.

    >>> wishes = pd.DataFrame(
    ...     {"initiative": ["a"], "uplift": [2], "dimension": ["price"], "people": [0.5]}
    ... )
    >>> benefits(wishes, {"price": 3}).tolist()
    [3.0]
    """
    if "benefit" in initiatives:
        return initiatives["benefit"].astype(float)
    fit = fit_of(initiatives, weights)
    uplift = initiatives.get("uplift", pd.Series(np.nan, index=initiatives.index)).astype(float)
    if uplift.isna().all():
        return fit
    dimension = initiatives.get("dimension", pd.Series("", index=initiatives.index))
    return uplift * dimension.map(lambda name: float(weights.get(name, 1))) * fit.fillna(1)


def fit_weights(weights: dict) -> pd.Series:
    """The weight of each kind of fit; 1 where none is given.

    >>> fit_weights({"people": 2})["people"].item()
    2.0
    """
    return pd.Series({fit: float(weights.get(fit, 1)) for fit in FITS})


def fit_of(initiatives: pd.DataFrame, weights: dict) -> pd.Series:
    """The mean of the fits that are known, by their weights, 0–1; blank where none is known.

    >>> fits = pd.DataFrame({"strategy_fit": [0.9, None], "people": [0.6, None]})
    >>> fit_of(fits, {"strategy_fit": 2}).round(2).tolist()
    [0.8, nan]
    """
    fits, share = initiatives.reindex(columns=FITS).astype(float), fit_weights(weights)
    return (fits * share).sum(axis=1) / (fits.notna() * share).sum(axis=1).replace(0, np.nan)


def linked(table: pd.DataFrame) -> list[tuple[str, int, int]]:
    """(requires or excludes, row, other row) for every link between initiatives.

    >>> linked(pd.DataFrame({"initiative": [*"ab"], "requires": ["", "a"], "excludes": ""}))
    [('requires', 1, 0)]
    """
    names = table["initiative"].tolist()
    faults = [
        f"'{name}' stands in {names.count(name)} rows."
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    links = []
    for kind in ["requires", "excludes"]:
        for row, text in enumerate(table.get(kind, pd.Series("", index=table.index)).fillna("")):
            for name in filter(None, (part.strip() for part in str(text).split(";"))):
                if name in names:
                    links.append((kind, row, names.index(name)))
                else:
                    faults.append(f"'{names[row]}' {kind} '{name}', which is no initiative.")
    if faults:
        raise ValueError("The initiatives cannot be combined. " + " ".join(faults))
    return links
