"""Headlines: full sentences computed from the tables beneath them, right for any client.

A sentence never says more than its table: what is not known is said, in the same voice; strength
follows the evidence (`terms.strength`).

What rows are called, how their numbers are told and what they rest on: the part of the page that
every sentence and figure asks.
"""

from functools import partial, wraps

import numpy as np
import pandas as pd

from cxlib.analysis.named import focused
from cxlib.client.rated import OUTCOMES, RATED
from cxlib.client.release import of_released
from cxlib.page.language import N_
from cxlib.page.terms import CODES, counted_in, words_of
from cxlib.sums.interval import not_told_apart

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
    """The comparisons without mirror images: of two groups, each is all the rest of the other, and
    the one that comes first stays."""
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
    """Least likely by chance first (q), then widest in terms of its own interval; of two that mirror
    each other, the worse off.

    Not by points: outcomes are asked on other scales than experience.
    """
    width = (rows["difference_high"] - rows["difference_low"]) if "difference_low" in rows else 1.0
    wide = -(rows["difference"] / width).abs().astype(float).round(6)
    order = {"q": rows.get("q", 0.0), "wide": wide, "difference": rows["difference"]}
    order = pd.DataFrame(order, rows.index).astype(float)
    return rows.loc[order.sort_values([*order], kind="stable").index]


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


def under_name(rows, column, name):
    """The rows with a column, and its interval, under another name; without any other interval."""
    ends = {f"{name}{end}": rows.get(f"{column}{end}", np.nan) for end in ("", "_low", "_high")}
    return rows.assign(**ends)


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


def ends_of(row, name) -> tuple | None:
    """(low, high) of a number; None where no interval is known, or one of no width."""
    low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
    return None if pd.isna(low) or pd.isna(high) or low == high else (low, high)


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
    known = each_once(clearest_first(of_customers(table).dropna(subset=["difference"])))
    sure = on_enough(known[known["different"].eq(True)]) if "different" in known else known
    return (sure if len(sure) else known).head(1) if len(known) else table


def _sources(page, rows) -> str:
    if "from" not in rows:
        return ""
    sources = [page.code(source) for source in rows["from"].dropna().unique() if source]
    words, measured = N_("source of the numbers: {sources}"), ["survey", "measured"]
    decided = page.case.ideal_decided and "ideal" in rows and rows["ideal"].notna().any()
    if decided and rows["from"].isin(measured).any():  # which was never measured
        words = N_("scores: {sources}; ideal: set, not measured")
    return page.say(words, sources=page.language.join(dict.fromkeys(sources))) if sources else ""


def first_up(text: str) -> str:
    """A sentence begins with a capital letter."""
    return text[:1].upper() + text[1:] if text else text


# What rows are called, how their numbers are told and what they rest on


AS_LOW = N_("{said}; {names} may be as low.")
AS_HIGH = N_("{said}; {names} may be as high.")
AS_MANY = N_("{said}; {names} may be as many.")


class Telling:
    """What `Worded` tells of rows; it has a `language`, a `case`, a `focus`, and what `Worded` says."""

    def nothing(self, sentence: str) -> Nothing:
        """A sentence that only says what was not supplied."""
        return Nothing(self.say(sentence))

    def aside(self, *said, **facts) -> Aside:
        """A sentence, as `say` says it, that only the consultant asks for."""
        return Aside(self.say(*said, **facts))

    def focus_rows(self, table: pd.DataFrame, segment: str = "") -> pd.DataFrame:
        """The rows of one segment: the one asked for, else the one the design is for."""
        if segment and "segment" in table:  # of one that nobody is of, nothing
            return table[table["segment"].eq(segment)].reset_index(drop=True)
        return focused(table, self.focus).reset_index(drop=True)

    def each(self, words: str, rows, **facts) -> list[str]:
        """The sentence said of each row; a fact may be a function of the row.

        >>> page.each("{n:count} of {name}", pd.DataFrame({"n": [2]}), name=lambda row: "all")
        ['2 of all']
        """

        def said(row):
            told = {name: of(row) if callable(of) else of for name, of in facts.items()}
            return self.say(words, row, **told)

        return [said(row) for _, row in rows.iterrows()]

    # Names

    def names(self, kind: str, keys) -> str:
        """The client's words for what is of one kind, in a row: a, b and c.

        >>> page.names("dimension", ["convenience", "price"])
        'Convenience and Price'
        """
        return self.language.join(self.label(kind, key) for key in keys)

    def quoted_names(self, kind: str, keys, most: int = 99) -> str:
        """The same, each once and in quotation marks: a name may hold a comma. Of more than `most` all
        but the last place, and how many more."""
        names = [self.quoted(self.label(kind, key)) for key in dict.fromkeys(keys)]
        return self.language.join(names, most - (len(names) > most))

    def whom(self, rows) -> str:
        """The segment that the rows are about, by name; everyone is “customers”."""
        segment = rows["segment"].iloc[0] if "segment" in rows and len(rows) else "all"
        return self.say(N_("customers")) if segment == "all" else self.label("segment", segment)

    def name_of(self, row) -> str:
        """A dimension by its name; an item, often a whole sentence, in quotation marks."""
        if "item" in row.index:
            return self.quoted(self.label("item", row["item"]))
        return self.label("dimension", row["dimension"])

    def names_of(self, rows, most=3) -> str:
        """The names of the first rows, and how many more there are."""
        return self.language.join((self.name_of(row) for _, row in rows.iterrows()), most)

    def group_name(self, row, column="group") -> str:
        """A group by the client's word for it within its grouping."""
        grouping = row.get("grouping", "segment")
        return self.label("dimension" if grouping == "low_scorers" else grouping, row[column])

    def trait_group(self, row) -> str:
        """A group with the trait that it is a group of: Contract “monthly”."""
        trait = self.label("grouping", row["grouping"])
        return self.say(N_("{trait} “{group}”"), trait=trait, group=self.group_name(row))

    def compared_name(self, row) -> str:
        """What was compared: an outcome by our name, a dimension by the client's."""
        measure = row.get("measure")
        if measure in CODES and measure not in RATED:
            return self.code(measure)
        kind = next((name for name in ("item", "dimension", "measure") if name in row), "")
        return self.label(kind, row[kind]) if kind else ""

    # Numbers, and which of them can be told apart

    def within(self, row, name, write, write_end=None) -> str:
        """The number with its interval, where one is known: 1.7 (1.5 to 1.9). `write`: a kind (see
        `spoken`), or a function; `write_end`: how its ends are written, where not as the number."""
        write = self.writer(write)
        value, ends = alone(row, name, write), ends_of(row, name)
        if ends is None:
            return value
        low, high = (cut((write_end or write)(end), decimals(row, name)) for end in ends)
        return self.say(N_("{value} ({low} to {high})"), value=value, low=low, high=high)

    def each_with(self, rows, name_of_row, name, write) -> str:
        """The names of rows, each with its number and its interval, a semicolon between."""
        said = partial(self.within, name=name, write=write)
        return self.listed(self.each(N_("{name}: {said}"), rows, name=name_of_row, said=said))

    def as_wide(self, rows, first, name) -> str:
        """Which shortfalls may be as wide as the widest."""
        others = not_told_apart(rows, first, name).sort_values(name, kind="stable")
        if others.empty:
            return ""
        words = N_("The difference may be as wide in {names}: the answers cannot tell them apart.")
        if name not in ("satisfaction", "gap"):  # importance is in it already
            words = N_("{names} may weigh as much: the answers cannot tell them apart.")
        elif _matters_more(rows, first, others):
            words = N_("The difference may be as wide in {names}, but {name} matters more.")
        return self.say(words, names=self.names_of(others), name=self.name_of(first))

    def or_alike(self, said, names, words=AS_LOW) -> str:
        """What is said of the first of several, and which others may come before it; "" for none."""
        words = words if names else N_("{grounds}.")
        return self.say(words, said=said, grounds=said, names=names)

    # What it rests on

    def based(self, rows) -> str:
        """The base of rows, or of one, as a sentence of its own, and a warning where it is small."""
        rows = rows.to_frame().T if isinstance(rows, pd.Series) else rows
        said = [self.say(N_("{grounds}."), grounds=base)] if (base := self.base(rows)) else []
        if "flag" in rows and rows["flag"].eq("small_base").any():
            said.append(self.say(N_("It rests on few answers: read it as an indication.")))
        return self.joined(said)

    def with_base(self, words, rows) -> str:
        """Words, and the base of the first of the rows: for the text beside a figure."""
        return self.joined(filter(None, (words, self.based(rows.head(1)))))

    def base(self, rows) -> str:
        """How many stand behind rows, and what they count; "" where nobody knows."""
        if "n" not in rows or rows["n"].isna().all():
            return ""
        counted = counted_in(rows)
        against = next((n for n in ("n_rest", "n_before", "n_silent") if n in rows), "")
        if len(rows) == 1 and against and pd.notna(rows[against].iloc[0]):
            words, facts = "base_against", {"n": rows["n"].iloc[0], "rest": rows[against].iloc[0]}
        else:
            asked = rows.loc[rows["n"] > 0, "n"]  # a row of nobody has no number to be the base of
            facts = {"n": asked.min(), "low": asked.min(), "high": asked.max()}
            words = "base" if facts["low"] == facts["high"] else "base_range"
            if asked.empty:
                return ""
        facts = {name: self.language.count(number) for name, number in facts.items()}
        return self.say(words_of(words)[counted], **facts)


def _matters_more(rows, first, others) -> bool:
    """Whether the first is more important than each of the others, beyond chance."""
    both = [first.name, *others.index]
    if "importance" not in rows or pd.isna(rows.loc[both, "importance"]).any():
        return False
    alike = not_told_apart(rows, first, "importance")
    more = others["importance"] < first["importance"]
    return bool(more.all() and alike.index.intersection(others.index).empty)
