"""How the people of a client may be grouped."""

import pandas as pd

from cxlib.client.case import Case
from cxlib.client.sampling import DRAWN


def groupings(case: Case) -> dict[str, pd.Series]:
    """{grouping: group of each respondent}: segment, role, who collected, and the client's own."""
    apart = ["row", "respondent", "weight", "wave", "date", "seconds", *DRAWN]
    people = case.latest.people.drop(columns=apart, errors="ignore")
    found: dict[str, pd.Series] = {}
    for name, values in people.items():
        # A grouping may be listed under its own name and serve as the segment as well.
        if values.notna().any() and not any(values.equals(each) for each in found.values()):
            found[name] = values
    return found
