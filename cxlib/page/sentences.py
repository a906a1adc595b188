"""Headlines: full sentences computed from the tables beneath them, right for any client.

A sentence never says more than its table: what is not known is said, in the same voice; strength
follows the evidence (`terms.strength`).
"""

from functools import wraps

import numpy as np
import pandas as pd

from cxlib.client.rated import OUTCOMES
from cxlib.client.release import of_released
from cxlib.page.language import N_

SENTENCES = {}


class Nothing(str):
    """A sentence that can only say what was not supplied; a report leaves it out."""


class Aside(str):
    """A remark for the consultant alone; a report leaves it out."""


def sentence(function):
    """Registers a headline under the function's own name."""
    SENTENCES[function.__name__] = of_released(function)
    return function


def said_of(*needed: str, known=(), without: str = ""):
    """Registers a headline of one table, of its rows that tell what is `known`. Without any, or where
    the gate left one of the numbers `needed` out of the first, it says only that nothing was supplied
    (`without`), or nothing."""

    def register(function):
        @wraps(function)
        def headline(page, table=None, *others, **facts):
            rows = table.dropna(subset=known) if known and some(table) else table
            if some(rows) and told(rows.iloc[0], *needed):
                return function(page, rows, *others, **facts)
            return without and page.nothing(without)

        return sentence(headline)

    return register


# What a table is about


def some(table) -> bool:
    """Whether a table is there and has rows."""
    return table is not None and not table.empty


def told(row, *names) -> bool:
    """Whether the gate left these numbers in."""
    return all(pd.notna(row.get(name)) for name in names)


def key_column(rows: pd.DataFrame) -> str:
    """What names a row: its item, or else its dimension."""
    return "item" if "item" in rows else "dimension"


def of_customers(compared: pd.DataFrame) -> pd.DataFrame:
    """The comparisons of customers: how they were asked is no group of them; see `collectors`."""
    if "grouping" not in compared or compared["grouping"].eq("collected_by").all():
        return compared
    return compared[~compared["grouping"].eq("collected_by")]


def each_once(compared: pd.DataFrame) -> pd.DataFrame:
    """The comparisons without mirror images: of two groups, each is all the rest of the other."""
    if "grouping" not in compared or "group" not in compared:
        return compared
    groups = compared.groupby("grouping")["group"]
    several, first = groups.transform("nunique") != 2, groups.transform("first")
    return compared[several | compared["group"].eq(first)]


def on_enough(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that do not rest on a small base: what others say is an indication, no finding."""
    return rows[~rows["flag"].eq("small_base")] if "flag" in rows else rows


def kinder_collector(found):
    """The row whose scores are surely higher at the same mix of people, the highest; or None."""
    rows = found[found["higher"].eq(True)]
    return None if rows.empty else rows.loc[rows["adjusted"].idxmax()]


def clearest_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Least likely by chance first (q), then widest in terms of its own interval.

    Not by points: outcomes are asked on other scales than experience.
    """
    width = (rows["difference_high"] - rows["difference_low"]) if "difference_low" in rows else 1.0
    wide = -(rows["difference"] / width).abs()
    order = pd.DataFrame({"q": rows.get("q", 0.0), "wide": wide}, rows.index)
    return rows.loc[order.astype(float).sort_values(["q", "wide"], kind="stable").index]


def last_change(table):
    """The change of the last wave to speak of, or None: an outcome that moved beyond chance, else
    what moved most clearly."""
    outcomes = table[table["measure"].isin(OUTCOMES)] if "measure" in table else table.head(0)
    first = clearest_change(outcomes, table["wave"].iloc[-1])
    return first if first is not None and first["different"] is True else clearest_change(table)


def clearest_change(table, wave=None):
    """The row of the last wave that changed most clearly, beyond chance if any did, or None."""
    wave = table["wave"].iloc[-1] if wave is None else wave
    last = table[table["wave"].eq(wave)].dropna(subset=["difference"])
    sure = last[last["different"].eq(True)]
    rows = sure if len(sure) else last
    return clearest_first(rows).astype(object).iloc[0] if len(rows) else None


def distance(row, name="difference"):
    """The row with a difference below zero turned round, its interval with it."""
    if row[name] >= 0:
        return row
    low, high = (row.get(f"{name}_{end}", np.nan) for end in ("low", "high"))
    ends = {f"{name}_low": -high, f"{name}_high": -low}
    return pd.Series({**row, name: -row[name], **ends}).__finalize__(row)


def asked_alone(rows) -> bool:
    """Whether satisfaction was asked, and no experience."""
    known = "asked_satisfaction" in rows and rows["asked_satisfaction"].notna().any()
    return bool(known and rows["experience"].isna().all())


# Numbers


def alone(row, name, write) -> str:
    """The number without its interval, with no more decimals than its base can carry."""
    return cut(write(row[name]), decimals(row, name))


def decimals(row, name) -> int | None:
    """How many decimals a number can have, as the gate released it; None where it does not say."""
    return getattr(row, "attrs", {}).get("decimals", {}).get(name)


def cut(text: str, most: int | None) -> str:
    """A number as written, without zeros behind the decimals that it can have: 0.70, 1 → 0.7."""
    number, percent = text.removesuffix("%"), text[len(text.removesuffix("%")) :]
    whole, point, digits = number.partition(".")
    most = most if most is None or not percent else max(0, most - 2)
    if most is None or not point or not digits.isdigit() or digits[most:].strip("0"):
        return text
    return (f"{whole}.{digits[:most]}" if most else whole) + percent


def below_zero(rows, name) -> pd.Series:
    """Which rows are below zero beyond chance; without an interval, as the number says."""
    high = rows.get(f"{name}_high", pd.Series(np.nan, rows.index))
    return high.astype(float).fillna(rows[name]) < 0


# What a finding rests on


@said_of()
def evidence(page, table=None, *_):
    """Base, interval, source: one line under a finding."""
    rows = _spoken_of(page, table)
    parts = [page.base(rows)]
    if any(name.endswith("_low") and rows[name].notna().any() for name in rows):
        share = page.language.share(page.settings.confidence)
        parts.append(page.say(N_("{confidence} intervals"), confidence=share))
    parts.append(_sources(page, rows))
    return first_up(page.listed(part for part in parts if part))


def _spoken_of(page, table) -> pd.DataFrame:
    """The rows that the headline of this table speaks of: one comparison, or one segment."""
    if "grouping" in table and table["grouping"].iloc[0] == "everyone":  # with groups beneath
        return table.head(1)
    if "difference" not in table:
        return page.focus_rows(table)
    if "higher" in table and (kinder := kinder_collector(table)) is not None:
        return kinder.to_frame().T
    if "wave" in table:
        change = last_change(table)
        return table if change is None else change.to_frame().T
    known = each_once(of_customers(table)).dropna(subset=["difference"])
    sure = on_enough(known[known["different"].eq(True)]) if "different" in known else known
    return clearest_first(sure if len(sure) else known).head(1) if len(known) else table


def _sources(page, rows) -> str:
    if "from" not in rows:
        return ""
    sources = [page.code(source) for source in rows["from"].dropna().unique() if source]
    words = N_("source of the numbers: {sources}")
    if rows["from"].isin(["survey", "measured"]).any() and _some_ideal(page, rows):
        words = N_("scores: {sources}; ideal: set, not measured")
    return page.say(words, sources=page.language.join(dict.fromkeys(sources))) if sources else ""


def _some_ideal(page, rows) -> bool:
    """Whether an ideal that was decided, and so never measured, stands beside what was measured."""
    return page.case.ideal_decided and "ideal" in rows and bool(rows["ideal"].notna().any())


def first_up(text: str) -> str:
    """A sentence begins with a capital letter."""
    return text[:1].upper() + text[1:] if text else text
