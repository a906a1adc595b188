"""The codebook: which column of a survey file asks what, and what its answers mean.

Reading it is a matter of one column and of one answer; `survey.py` puts them together.
"""

import re
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd

from cxlib.client import cells
from cxlib.client.contract import BY_ITEM_ALONE, EXPECTATION_DRIVERS, MEASURES, TABLES
from cxlib.client.findings import Gathered
from cxlib.client.problems import first_few, nearest, problem
from cxlib.client.settings import Settings

RECOMMEND_SCALE = (0.0, 10.0)  # the net promoter question, unless the codebook says otherwise
ITEM_MEASURES = ("experience", "expectation", "importance", "satisfaction")
KANO_MEASURES = ("functional", "dysfunctional")
YES_NO_MEASURES = ("problem", "complained")
INTENTIONS = ("recommend", "repurchase")  # of which yes or no tells a share
WORD_MEASURES = ("reason", "verbatim", "group")  # the others are numbers
UNKNOWN = (np.nan, np.nan)
ASKED_ON = {**dict.fromkeys(KANO_MEASURES, (1.0, 5.0)), **dict.fromkeys(YES_NO_MEASURES, (0.0, 1.0)),
            **dict.fromkeys(WORD_MEASURES, UNKNOWN), "recommend": RECOMMEND_SCALE}  # fmt: skip
MANY_COLUMNS = ("reason", "verbatim")  # may be asked in several columns
BETWEEN = ",;|┋"  # what tools put between the options ticked in one cell
TEXTS = {"item": "str", "dimension": "str", "label": "str"}  # also where a column is all blank
MOST_ALONE = 20  # items that may each stand for themselves: more are no list to read (assumed)


class Plan(Gathered):
    """The codebook's rows that can be used, each with its header in the file, item and scale.

    `rows` has the codebook's columns and `header`; index = row of the codebook's file. Rows that
    the table's own rules refuse already are passed over, so that the rest is looked at too.
    """

    def __init__(self, codebook: pd.DataFrame, headers, file: str, settings, unsure, shown: str):
        super().__init__()
        self.shown, self.given = shown, len(codebook)
        rows = codebook.reindex(columns=list(TABLES["codebook"].by_name)).astype(TEXTS)
        rows = rows[rows["measure"].isin(MEASURES)].dropna(subset=["column"])
        rows = rows.drop_duplicates("column")
        self.rows = rows.assign(header=found_headers(rows["column"], headers))
        self.check_headers(headers, file)
        self.name_items()
        self.check_items(unsure)
        self.add_scales(settings, unsure)
        bad = self["codes"].map(lambda text: parse_codes(text) is None)  # not `answer=number`
        self.tell(bad.astype(bool), "codes", "codes_wrong")

    def __getitem__(self, column: str) -> pd.Series:
        return self.rows[column]

    @property
    def numeric(self) -> pd.DataFrame:
        """Rows whose answers are numbers."""
        return self.rows[~self["measure"].isin(WORD_MEASURES)]

    @property
    def words(self) -> pd.DataFrame:
        """Rows whose answers are words: reasons, verbatims and groups."""
        return self.rows[self["measure"].isin(WORD_MEASURES)]

    def tell(self, broken: pd.Series, column: str, name: str, /, **facts) -> None:
        """A problem with some of the codebook's rows."""
        if not broken.any():
            return
        rows = self.rows[broken]
        about = rows["column"] if column == "column" else rows["column"].str.slice(0, 40)
        value = about if column == "column" else about + " (" + rows[column].astype("str") + ")"
        where = {"column": column, "row": first_few(rows.index), "value": first_few(value)}
        count = {"count": len(rows), "of": self.given}
        self.problems.append(problem(self.shown, name, **where, **count, **facts))

    def check_headers(self, headers, file: str) -> None:
        """Every row names a column of the file, and no two rows the same."""
        lost = self["header"].isna()
        near = next(filter(None, (nearest(name, headers) for name in self["column"][lost])), "")
        exact = "A column is named as in the file's header, exactly."
        hint = f"Did you mean '{near}'?" if near else exact
        self.tell(lost, "column", "not_in_header", file=file, hint=hint)
        self.tell(self["header"].duplicated(keep=False) & ~lost, "column", "named_twice")

    def name_items(self) -> None:
        """An item without a name is its dimension; an outcome its measure; a group its column."""
        rows, measure = self.rows, self["measure"]
        named = rows["item"].fillna(rows["dimension"].where(~measure.isin(WORD_MEASURES)))
        unnamed = named.isna() & measure.isin((*ITEM_MEASURES, *KANO_MEASURES))
        self.tell(unnamed, "item", "item_blank")
        named = named.fillna(rows["column"].where(measure == "group", measure))
        self.rows = rows.assign(item=named)

    def check_items(self, unsure) -> None:
        """An item is measured once by each measure, has one dimension, and Kano answers in pairs."""
        measure, item, dimension = (self[name] for name in ("measure", "item", "dimension"))
        twice = self.rows.duplicated(["measure", "item"], keep=False)
        self.tell(twice & ~measure.isin(MANY_COLUMNS), "item", "measured_twice")
        odd = (measure == "expectation_driver") & ~item.isin(EXPECTATION_DRIVERS)
        self.tell(odd, "item", "no_driver", known=first_few(EXPECTATION_DRIVERS, 6))
        if "dimensions" not in unsure:
            split = dimension.notna() & (dimension.groupby(item).transform("nunique") > 1)
            self.tell(split, "dimension", "item_split")
        kano = item[measure.isin(KANO_MEASURES)].value_counts()
        if len(lonely := kano.index[kano == 1]):
            value = first_few(sorted(lonely))
            self.warnings.append(problem(self.shown, "kano_half", "item", value=value))

    def add_scales(self, settings: Settings, unsure) -> None:
        """Lowest and highest answer of every column: the codebook's, else that of its measure."""
        scale = UNKNOWN if "scale" in unsure else settings.scale
        importance = UNKNOWN if "importance_scale" in unsure else settings.importance_scale
        of, ends = {"importance": importance, **ASKED_ON}, {}
        for place, name in enumerate(("low", "high")):
            default = [of.get(measure, scale)[place] for measure in self["measure"]]
            ends[name] = self[name].astype(float).fillna(pd.Series(default, self.rows.index, float))
        self.rows = self.rows.assign(**ends)
        self.tell(self["low"] >= self["high"], "low", "low_not_below")
        asked = self["measure"].eq("satisfaction") & self["dimension"].notna()
        low, high = (self[end].map("{:g}".format).astype(str) for end in ("low", "high"))
        scale = low + "–" + high
        self.tell(asked & ~scale.isin(scale[asked].mode().head(1)), "high", "odd_scale")


def with_scales_of_words(codebook: pd.DataFrame) -> pd.DataFrame:
    """The codebook in which a question answered in words, three or more, goes from the lowest to the
    highest number that its `codes` give them, where it says no scale of its own."""
    rows = codebook.reindex(columns=list(dict.fromkeys([*codebook, "low", "high", "codes"])))
    numbers = {at: {cells.as_number(each, ".") for each in (parse_codes(text) or {}).values()}
               for at, text in rows["codes"].items()}  # fmt: skip
    own = rows["measure"].isin(ASKED_ON) & rows["measure"].ne("recommend")
    for at in rows.index[rows["low"].isna() & rows["high"].isna() & ~own]:
        if len(numbers[at]) > 2 and np.isfinite([*numbers[at]]).all():
            rows.loc[at, ["low", "high"]] = min(numbers[at]), max(numbers[at])
    return rows


def with_asked_scales(codebook: pd.DataFrame, settings: Settings, shown: str, held: bool):
    """(settings, warnings) with the scales that the codebook says were asked, where client.yml says
    others: 4.2 of 5 is else told as 4.2 of 10.

    held : scores or ideals are stated on client.yml's scale, which then stays, and is to look at
    """
    warnings, found = [], {}
    for key, measures in (("scale", ITEM_MEASURES[:2]), ("importance_scale", ("importance",))):
        rows, said = codebook[codebook["measure"].isin(measures)], getattr(settings, key)
        if not {"low", "high"} <= set(rows) or rows.empty:
            continue
        asked = rows[["low", "high"]].astype(float).fillna({"low": said[0], "high": said[1]})
        ends = list(asked.drop_duplicates().itertuples(index=False, name=None))
        if ends == [tuple(map(float, said))]:
            continue
        told = [f"{low:g} to {high:g}" for low, high in ends]
        value = f"{first_few(told)}; client.yml: {said[0]:g} to {said[1]:g}"
        found |= {} if len(ends) > 1 or held else {key: ends[0]}
        name = "scale_taken" if key in found else "scale_held"
        warnings.append(problem(shown, name, "high", value=value, key=key))
    return settings.model_copy(update=found), warnings


def with_own_dimensions(codebook: pd.DataFrame, settings: Settings, shown: str):
    """(codebook, settings, warnings) in which an item without a dimension is one of its own.

    What customers rated would else be told nowhere on the first screen, or what has a dimension be
    called the worst of all. `none` in place of a dimension keeps an item apart, and so does
    satisfaction that was asked on another scale than most.
    """
    rows = codebook.reindex(columns=list(dict.fromkeys([*codebook, *TEXTS]))).astype(TEXTS)
    apart = rows["dimension"].eq(BY_ITEM_ALONE)
    rows["dimension"] = rows["dimension"].mask(apart)
    item = rows["item"].fillna(rows["dimension"])
    known = rows["dimension"].groupby(item).transform("first").notna()
    alone = rows["measure"].isin(ITEM_MEASURES) & item.notna() & ~known
    ends = [rows.get(end, pd.Series(np.nan, rows.index)).astype(float) for end in ("low", "high")]
    pairs = zip(*map(pd.Series.fillna, ends, settings.scale), strict=True)
    scale = pd.Series(list(pairs), rows.index)
    asked = rows["measure"].eq("satisfaction")
    other = asked & scale.map(str).ne(scale[asked & (alone | known)].map(str).mode().get(0, ""))
    odd = list(dict.fromkeys(item[alone & item.isin(item[other])]))
    alone &= ~item.isin(item[apart | other])
    names = list(dict.fromkeys(item[alone]))
    many = len(names) > MOST_ALONE
    told = {"alone_odd": odd, "alone_many" if many else "alone": names}
    label = rows["label"].fillna(item).groupby(item, sort=False).first()  # as the survey says it
    said = [
        problem(shown, name, "dimension", value=first_few(label[items]), n=len(items))
        for name, items in told.items()
        if items
    ]
    if not names or many:
        return rows, settings, said
    rows["dimension"] = rows["dimension"].mask(alone, item)
    own = {name: label[name] for name in names if name not in settings.dimensions}
    settings = settings.model_copy(update={"dimensions": {**settings.dimensions, **own}})
    return rows, settings, said


def read_plan(codebook, raw, settings: Settings, unsure, shown: str) -> Plan:
    """The plan of one survey file; its problems and warnings are the codebook's."""
    file, headers = Path(raw.shown).name, list(raw.frame.columns)
    plan = Plan(codebook, headers, file, settings, unsure, shown)
    wording = plan["header"].map(raw.wordings).astype("str")  # SPSS carries the question's text
    plan.rows = plan.rows.assign(label=plan["label"].astype("str").fillna(wording))
    return plan


def plain(text) -> str:
    """A header or an answer without what tools and fonts do to it: width, dashes, quotes, blanks."""
    text = unicodedata.normalize("NFKC", str(text)).translate(TYPOGRAPHY)
    return re.sub(r"\s+", " ", text).strip().casefold()


DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
MARKS = {"-": DASHES, "'": "\u2018\u2019", '"': "\u201c\u201d"}
TYPOGRAPHY = str.maketrans({each: plain for plain, them in MARKS.items() for each in them})


def found_headers(names: pd.Series, headers) -> list[str | None]:
    """The header that each name stands for: exactly, else but for what `plain` takes away."""
    by_plain = {}
    for header in headers:
        by_plain.setdefault(plain(header), []).append(header)
    found = []
    for name in names:
        alike = by_plain.get(plain(name), [])
        found.append(name if name in alike else alike[0] if len(alike) == 1 else None)
    return found


def parse_codes(text) -> dict | None:
    """{plain answer: what it stands for} of `answer=number;…`; None where it is not that."""
    if not isinstance(text, str):
        return {}
    pairs = [part.rpartition("=") for part in text.split(";") if part.strip()]
    if not all(equals and answer.strip() and value.strip() for answer, equals, value in pairs):
        return None
    return {plain(answer): value.strip() for answer, _, value in pairs}


def missing_codes(text) -> set:
    """Codes that stand for no answer, in plain form."""
    if not isinstance(text, str):
        return set()
    codes = {plain(part) for part in text.split(";") if part.strip()}
    return codes | {code.removesuffix(".0") for code in codes}


def understood(answer: str, codes: dict, missing: set, decimal: str, row):
    """(number, '') of one answer, or (blank, reason) where it cannot be used.

    `row` is the plan's row of the column. The reasons "blank" and "missing" are no faults.
    """
    if not answer:
        return np.nan, "blank"
    if plain(answer) in missing:
        return np.nan, "missing"
    word = codes.get(plain(answer), answer)
    if row["measure"] in YES_NO_MEASURES and plain(word) in cells.YES:
        word = "1" if cells.YES[plain(word)] else "0"
    word = re.sub(rf"%$|\s*/\s*{row['high']:g}$", "", word)  # 75% is 75, 15/20 is 15
    number = cells.as_number(word, "." if plain(answer) in codes else decimal)
    if np.isnan(number):
        return np.nan, "missing"
    if np.isinf(number):
        return np.nan, "is not among the answers of `codes`" if codes else "is not a number"
    low, high = row["low"], row["high"]
    if number < low or number > high:
        return np.nan, f"is off the scale {low:g}–{high:g}"
    if row["measure"] in KANO_MEASURES and number != int(number):
        return np.nan, "is not one of the five Kano answers 1–5"
    if row["measure"] == "recommend" and (low, high) == RECOMMEND_SCALE and number != int(number):
        return np.nan, "is not a whole number, as every answer from 0 to 10 is"
    return number, ""


def options(answer: str, codes: dict) -> str:
    """The options ticked in one cell, `;` between, by the names that `codes` gives them.

    An option may itself hold the comma that tools put between options, so known options are
    looked for first, the longest before the others; what remains is split at commas and ┋.
    """
    rest, ticked = plain(answer), []
    for option in sorted(codes, key=len, reverse=True):
        match = re.search(rf"(?:^|[{BETWEEN}])\s*({re.escape(option)})\s*(?=[{BETWEEN}]|$)", rest)
        if match:
            ticked.append((match.start(1), codes[option]))
            rest = rest[: match.start(1)] + " " * len(option) + rest[match.end(1) :]
    others = {plain(part): part.strip() for part in re.split(f"[{BETWEEN}]", answer)}
    for match in re.finditer(f"[^{BETWEEN}]+", rest):
        if match[0].strip():
            ticked.append((match.start(), others.get(match[0].strip(), match[0].strip())))
    return ";".join(name for _, name in sorted(ticked))
