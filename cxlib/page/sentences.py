"""Headlines: full sentences computed from the tables beneath them, right for any client.

A sentence never says more than its table: what is not known is said, in the same voice; strength
follows the evidence (`terms.strength`).
"""

from functools import wraps

import numpy as np
import pandas as pd

from cxlib.client.rated import OUTCOMES, RATED
from cxlib.client.release import of_released
from cxlib.page.language import N_
from cxlib.page.terms import CODES, counted_in, words_of
from cxlib.sums.interval import not_told_apart

SENTENCES = {}


class Nothing(str):
    """A sentence that can only say what was not supplied; a report leaves it out."""


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
            return without and nothing(page, without)

        return sentence(headline)

    return register


def nothing(page, sentence: str) -> Nothing:
    """A sentence that only says what was not supplied."""
    return Nothing(page.say(sentence))


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


def focus_rows(table: pd.DataFrame, page, segment: str = "") -> pd.DataFrame:
    """The rows of one segment: the one asked for, else the one the design is for."""
    if "segment" not in table:
        return table.reset_index(drop=True)
    segments = table["segment"].unique()
    wanted = segment or (page.focus if page.focus in segments else "all")
    return table[table["segment"].eq(wanted)].reset_index(drop=True)


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
    return compared[
        (groups.transform("nunique") != 2) | compared["group"].eq(groups.transform("first"))
    ]


def on_enough(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that do not rest on a small base: what others say is an indication, no finding."""
    return rows[~rows["flag"].eq("small_base")] if "flag" in rows else rows


def clearest_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Least likely by chance first (q), then widest in terms of its own interval.

    Not by points: outcomes are asked on other scales than experience.
    """
    width = (rows["difference_high"] - rows["difference_low"]) if "difference_low" in rows else 1.0
    order = pd.DataFrame(
        {"q": rows.get("q", 0.0), "wide": -(rows["difference"] / width).abs()}, rows.index
    )
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
    ends = {
        f"{name}_low": -row.get(f"{name}_high", np.nan),
        f"{name}_high": -row.get(f"{name}_low", np.nan),
    }
    return pd.Series({**row, name: -row[name], **ends}).__finalize__(row)


def asked_alone(rows) -> bool:
    """Whether satisfaction was asked, and no experience."""
    known = "asked_satisfaction" in rows and rows["asked_satisfaction"].notna().any()
    return bool(known and rows["experience"].isna().all())


# Names


def whom(page, rows) -> str:
    """The segment that the rows are about, by name; everyone is “customers”."""
    segment = rows["segment"].iloc[0] if "segment" in rows and len(rows) else "all"
    return page.say(N_("customers")) if segment == "all" else page.label("segment", segment)


def name_of(page, row) -> str:
    """A dimension by its name; an item, often a whole sentence, in quotation marks."""
    if "item" in row.index:
        return page.say(N_("“{words}”"), words=page.label("item", row["item"]))
    return page.label("dimension", row["dimension"])


def names_of(page, rows, most=3) -> str:
    """The names of the first rows, and how many more there are."""
    names = [name_of(page, row) for _, row in rows.head(most).iterrows()]
    if len(rows) > most:
        more = page.language.count(len(rows) - most)
        names.append(page.say(N_("{count} more"), count=more))
    return page.language.join(names)


def group_name(page, row, column="group") -> str:
    """A group by the client's word for it within its grouping."""
    grouping = row.get("grouping", "segment")
    return page.label("dimension" if grouping == "low_scorers" else grouping, row[column])


def compared_name(page, row) -> str:
    """What was compared: an outcome by our name, a dimension by the client's."""
    rated = "measure" in row and row["measure"] in RATED
    if "measure" in row and row["measure"] in CODES and not rated:
        return page.code(row["measure"])
    kind = next((name for name in ("item", "dimension", "measure") if name in row), "")
    return page.label(kind, row[kind]) if kind else ""


# Numbers, and which of them can be told apart


def as_score(page, value, digits=1) -> str:
    """5, not 5.0, where the score was given as a whole number; no zeros behind 4.2 either."""
    exact = [d for d in range(digits) if pd.notna(value) and round(float(value), d) == value]
    return page.language.number(value, min(exact, default=digits))


def within(page, row, name, write) -> str:
    """The number with its interval, where one is known: 1.7 (1.5 to 1.9)."""
    low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
    most = row.attrs.get("decimals", {}).get(name)
    if low is None or high is None or pd.isna(low) or pd.isna(high):
        return alone(row, name, write)
    words = N_("{value} ({low} to {high})")
    ends = {"value": row[name], "low": low, "high": high}
    return page.say(words, **{end: cut(write(number), most) for end, number in ends.items()})


def each_with(page, rows, name_of_row, name, write) -> str:
    """The names of rows, each with its number and its interval, a semicolon between."""
    return page.listed(
        page.say(N_("{name}: {said}"), name=name_of_row(row), said=within(page, row, name, write))
        for _, row in rows.iterrows()
    )


def alone(row, name, write) -> str:
    """The number without its interval, with no more decimals than its base can carry."""
    return cut(write(row[name]), row.attrs.get("decimals", {}).get(name))


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


def as_wide(page, rows, first, name) -> str:
    """Which shortfalls may be as wide as the widest."""
    others = not_told_apart(rows, first, name).sort_values(name, kind="stable")
    if others.empty:
        return ""
    words = N_("The difference may be as wide in {names}: the answers cannot tell them apart.")
    if name not in ("satisfaction", "gap"):  # importance is in it already
        words = N_("{names} may weigh as much: the answers cannot tell them apart.")
    elif _matters_more(rows, first, others):
        words = N_("The difference may be as wide in {names}, but {name} matters more.")
    return page.say(words, names=names_of(page, others), name=name_of(page, first))


def _matters_more(rows, first, others) -> bool:
    """Whether the first is more important than each of the others, beyond chance."""
    if (
        "importance" not in rows
        or pd.isna(rows.loc[[first.name, *others.index], "importance"]).any()
    ):
        return False
    alike = not_told_apart(rows, first, "importance")
    more = others["importance"] < first["importance"]
    return bool(more.all() and alike.index.intersection(others.index).empty)


# What a finding rests on


@said_of()
def evidence(page, table=None, *_):
    """Base, interval, source: one line under a finding."""
    rows = _spoken_of(page, table)
    parts = [_base(page, rows)]
    if any(name.endswith("_low") and rows[name].notna().any() for name in rows):
        share = page.language.share(page.settings.confidence)
        parts.append(page.say(N_("{confidence} intervals"), confidence=share))
    parts.append(_sources(page, rows))
    return first_up(page.say(N_("; ")).join(part for part in parts if part))


def _spoken_of(page, table) -> pd.DataFrame:
    """The rows that the headline of this table speaks of: one comparison, or one segment."""
    if "grouping" in table and table["grouping"].iloc[0] == "everyone":  # with groups beneath
        return table.head(1)
    if "difference" not in table:
        return focus_rows(table, page)
    if "wave" in table:
        change = last_change(table)
        return table if change is None else change.to_frame().T
    known = each_once(of_customers(table)).dropna(subset=["difference"])
    sure = on_enough(known[known["different"].eq(True)]) if "different" in known else known
    return clearest_first(sure if len(sure) else known).head(1) if len(known) else table


def of_base(page, n) -> str:
    """A base given as a number, as a sentence of its own: "Base: 420 answers."; "" where unknown."""
    return "" if n is None or pd.isna(n) else based(page, pd.Series({"n": n}))


def based(page, rows) -> str:
    """The base of rows, or of one, as a sentence of its own, and a warning where it is small."""
    rows = rows.to_frame().T if isinstance(rows, pd.Series) else rows
    said = [page.say(N_("{grounds}."), grounds=base)] if (base := _base(page, rows)) else []
    if "flag" in rows and rows["flag"].eq("small_base").any():
        said.append(page.say(N_("It rests on few answers: read it as an indication.")))
    return page.joined(said)


def with_base(page, words, rows) -> str:
    """Words, and the base of the first of the rows: for the text beside a figure."""
    return page.joined(filter(None, (words, based(page, rows.head(1)))))


def _base(page, rows) -> str:
    if "n" not in rows or rows["n"].isna().all():
        return ""
    counted = counted_in(rows)
    against = next((n for n in ("n_rest", "n_before", "n_silent") if n in rows), "")
    count = page.language.count
    if len(rows) == 1 and against and pd.notna(rows[against].iloc[0]):
        n, rest = rows["n"].iloc[0], rows[against].iloc[0]
        return page.say(words_of("base_against")[counted], n=count(n), rest=count(rest))
    asked = rows.loc[rows["n"] > 0, "n"]  # a row of nobody has no number to be the base of
    if asked.empty:
        return ""
    low, high = asked.min(), asked.max()
    if low == high:
        return page.say(words_of("base")[counted], n=count(low))
    return page.say(words_of("base_range")[counted], low=count(low), high=count(high))


def _sources(page, rows) -> str:
    if "from" not in rows:
        return ""
    sources = [page.code(source) for source in rows["from"].dropna().unique() if source]
    words = N_("source of the numbers: {sources}")
    if rows["from"].isin(["survey", "measured"]).any() and _some_ideal(page, rows):
        words = N_("scores: {sources}; ideal: set, not measured")
    unique = dict.fromkeys(sources)
    return page.say(words, sources=page.language.join(unique)) if sources else ""


def _some_ideal(page, rows) -> bool:
    """Whether an ideal that was decided, and so never measured, stands beside what was measured."""
    decided = page.case.ideal_decided
    return decided and "ideal" in rows and bool(rows["ideal"].notna().any())


def first_up(text: str) -> str:
    """A sentence begins with a capital letter."""
    return text[:1].upper() + text[1:] if text else text
