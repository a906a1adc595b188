"""What rows are called, how their numbers are told and what they rest on: the part of the page that
every sentence and figure asks."""

import pandas as pd

from cxlib.client.rated import RATED
from cxlib.page.language import N_
from cxlib.page.sentences import Aside, Nothing, alone, cut, decimals
from cxlib.page.terms import CODES, counted_in, words_of
from cxlib.sums.interval import not_told_apart


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
        if "segment" not in table:
            return table.reset_index(drop=True)
        wanted = segment or (self.focus if self.focus in table["segment"].unique() else "all")
        return table[table["segment"].eq(wanted)].reset_index(drop=True)

    # Names

    def names(self, kind: str, keys) -> str:
        """The client's words for what is of one kind, in a row: a, b and c.

        >>> page.names("dimension", ["convenience", "price"])
        'Convenience and Price'
        """
        return self.language.join(self.label(kind, key) for key in keys)

    def quoted_names(self, kind: str, keys) -> str:
        """The same, each in quotation marks: a name may hold a comma."""
        return self.language.join(self.quoted(self.label(kind, key)) for key in keys)

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
        rated = "measure" in row and row["measure"] in RATED
        if "measure" in row and row["measure"] in CODES and not rated:
            return self.code(row["measure"])
        kind = next((name for name in ("item", "dimension", "measure") if name in row), "")
        return self.label(kind, row[kind]) if kind else ""

    # Numbers, and which of them can be told apart

    def as_score(self, value, digits=1) -> str:
        """5, not 5.0, where the score was given as a whole number; no zeros behind 4.2 either."""
        exact = [d for d in range(digits) if pd.notna(value) and round(float(value), d) == value]
        return self.language.number(value, min(exact, default=digits))

    def within(self, row, name, write) -> str:
        """The number with its interval, where one is known: 1.7 (1.5 to 1.9)."""
        ends = {"value": row[name], "low": row.get(f"{name}_low"), "high": row.get(f"{name}_high")}
        if pd.isna(ends["low"]) or pd.isna(ends["high"]):
            return alone(row, name, write)
        most = decimals(row, name)
        told = {end: cut(write(number), most) for end, number in ends.items()}
        return self.say(N_("{value} ({low} to {high})"), **told)

    def each_with(self, rows, name_of_row, name, write) -> str:
        """The names of rows, each with its number and its interval, a semicolon between."""
        words = N_("{name}: {said}")
        return self.listed(
            self.say(words, name=name_of_row(row), said=self.within(row, name, write))
            for _, row in rows.iterrows()
        )

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

    # What it rests on

    def of_base(self, n) -> str:
        """A base given as a number, as a sentence of its own: "Base: 420 answers."; "" where unknown."""
        return "" if n is None or pd.isna(n) else self.based(pd.Series({"n": n}))

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
