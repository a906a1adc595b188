"""The libraries: rows of the method's sources, to copy into a client's tables or to ask about.

The data are `library/*.csv`, in three languages. What the sources print stands as printed; a mark has
no year, base or definition behind it, so that it is something to steer by and no measurement. Of the
register's statements the papers hold 32 of about 277, of four stages; the others are not
in them. Their measures are marks and monitors of the sources where one fits, else ours.
"""

from pathlib import Path

import pandas as pd

from cxlib.client.problems import did_you_mean
from cxlib.client.settings import LANGUAGES

FOLDER = Path(__file__).with_name("library")


def library(name: str = "", language: str = "en") -> pd.DataFrame:
    """The rows of one library, in one language; without a name, one row per library.

    >>> found = cx.library("kpis")
    >>> found.loc[found["source"] != "monitor", "kpi"].tolist()[:2]
    ['on_time_delivery', 'configured_as_ordered']
    """
    known = {path.stem: path for path in sorted(FOLDER.glob("*.csv"))}
    if not name:
        rows = [len(library(each)) for each in known]
        return pd.DataFrame({"library": list(known), "rows": rows})
    if name not in known:
        raise KeyError(f"No library is called {name!r}. {did_you_mean(name, known)}")
    table = pd.read_csv(known[name], encoding="utf-8")
    spoken = {each: table[f"{each}_{language}"] for each in table if f"{each}_{language}" in table}
    spare = [each for each in table if each.endswith(tuple(f"_{tag}" for tag in LANGUAGES))]
    return table.assign(**spoken).drop(columns=spare).rename(columns={"label": "name"})
