"""Periods and waves in time, from how people name them: Q1 2025, 1H25, März 2025, 2024年9月, FY24/25,
Wave 9, 第10期, Autumn 2024, a day, a year.

The words are data, `period_words.csv`; the months' names are Babel's (Unicode CLDR). What a label
leaves open (1/2/2024, the year of a winter) is read every way there is: the order of a set of labels
is told only where all ways that fit every label agree.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise, product
from pathlib import Path

import pandas as pd

LANGUAGES = ("en", "de", "de_AT", "fr", "es", "es_MX", "pt", "it", "nl", "id")
YEARS = range(1900, 2101)
LENGTHS = {"quarter": 3, "half": 6, "month": 1, "season": 3}  # months
WAYS = list(product((True, False), repeat=3))
DAY = re.compile(
    r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?!\d).*"
    r"|(?P<one>\d{1,2})([-/.])(?P<two>\d{1,2})\6(?P<last>\d{4}|\d{2})(?!\d).*"
    r"|(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)"
)
BEFORE = r"(?<!\d)({1})(?:st|nd|rd|th|er|e|o|a|\.|\s)*{{{0}}}"  # 1st quarter, 2. Halbjahr
AFTER = r"{{{0}}}(?:\s|ke|-)*({1})(?!\d)"  # Q1, quarter 1
UNIT = re.compile(r"{(quarter|half|month|season) (\d+)}")
PAIR = re.compile(r"(?<!\d)((?:19|20)?\d\d)\s*[/-]\s*((?:19|20)?\d\d)(?!\d)")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
SHORT_YEAR = re.compile(r"(?<!\d)\d\d(?!\d)")
YEAR_MONTH = re.compile(
    r"(?P<year>\d{4})(?:\s*[-/.]\s*|{year}\s*)?(?P<month>\d\d?)|(?P<m>\d\d?)\s*[-/.]\s*(?P<y>\d{4}|\d\d)"
)


def in_time(labels) -> list | None:
    """The different labels, first to last; None where what they say does not tell the order.

    >>> in_time(["Q1 2025", "Q4 2024"]), in_time(["Wave 10", "Wave 9"]), in_time(["old", "new"])
    (['Q4 2024', 'Q1 2025'], ['Wave 9', 'Wave 10'], None)
    """
    labels = pd.Series(pd.Series(labels).dropna().unique())
    numbers = pd.to_numeric(labels, errors="coerce")
    if len(labels) < 2 or (numbers.notna().all() and numbers.is_unique):
        return labels.loc[numbers.sort_values().index].tolist()
    texts = [plain(label) for label in labels]
    orders = {order_of(texts, *way) for way in WAYS} - {()} or {by_number(texts)}
    order = orders.pop() if len(orders) == 1 else None
    return None if order is None else labels.iloc[list(order)].tolist()


def first_to_last(labels: pd.Series) -> list:
    """The different labels in their own order, where somebody has put them in one (categories),
    else in time; as they first stand where they do not tell.

    >>> first_to_last(pd.Series(["Mar 2025", "Dec 2024", "Mar 2025"]))
    ['Dec 2024', 'Mar 2025']
    """
    if isinstance(labels.dtype, pd.CategoricalDtype):
        there = set(labels.dropna())
        return [each for each in labels.cat.categories if each in there]
    order = in_time(labels)
    return list(labels.dropna().unique()) if order is None else order


def places_in_time(labels: pd.Series) -> pd.Series:
    """Each label's place among them, from 0; see `first_to_last`.

    >>> places_in_time(pd.Series(["Mar 2025", "Dec 2024", "Mar 2025"])).tolist()
    [1, 0, 1]
    """
    return labels.map({label: place for place, label in enumerate(first_to_last(labels))})


def rows_in_time(table: pd.DataFrame, by: list) -> pd.DataFrame:
    """Rows by the columns `by`, and within each by their column `period`, first to last.

    >>> table = pd.DataFrame({"kpi": [*"aab"], "period": ["Mar 2025", "Dec 2024", "Mar 2025"]})
    >>> rows_in_time(table, ["kpi"])["period"].tolist()
    ['Dec 2024', 'Mar 2025', 'Mar 2025']
    """
    table = table.reset_index(drop=True)
    periods = table.groupby(by, dropna=False)["period"]
    place = periods.transform(places_in_time) if len(table) else table["period"]
    order = table[by].assign(place=place).sort_values([*by, "place"], kind="stable").index
    return table.loc[order].reset_index(drop=True)


def order_of(texts: list, *way: bool) -> tuple | None:
    """The places of the texts, first to last, read in one way; () where a text cannot be read so,
    None where what they say does not put one before the other."""
    spans = [span(text, *way) for text in texts]
    if None in spans:
        return ()
    yearless = [year is None for year, *_ in spans]
    if any(yearless):
        return one_year(spans) if all(yearless) else None
    keys = [(12 * year + low, 12 * year + high, rest) for year, low, high, rest in spans]
    order = tuple(sorted(range(len(keys)), key=keys.__getitem__))
    pairs = [(keys[one], keys[two]) for one, two in pairwise(order)]
    return order if all(before(*pair) for pair in pairs) else None


def before(one: tuple, two: tuple) -> bool:
    """Whether a span (start, end, rest) is before another: a quarter is not before its own year."""
    return (one[0] < two[0] and one[1] < two[1]) or (one[:2] == two[:2] and one[2] < two[2])


def one_year(spans: list) -> tuple | None:
    """The order of quarters or months that name no year: as in one year, unless a year may have
    ended between them (Q4, Q1)."""
    starts, length = [found[1] for found in spans], spans[0][2] - spans[0][1]
    if len(set(starts)) < len(starts) or len({high - low for _, low, high, _ in spans}) > 1:
        return None
    turns = {0, 12 - length} <= set(starts) and len(starts) < 12 / length
    return None if turns else tuple(sorted(range(len(starts)), key=starts.__getitem__))


def by_number(texts: list) -> tuple | None:
    """The order of texts that are alike but for a number, and a year (Wave 3, 第10期); else None."""
    stems, keys = set(), []
    for text in texts:
        years = [int(year) for year in YEAR.findall(text)]
        numbers = [int(number) for number in re.findall(r"\d+", YEAR.sub("", text))]
        if len(numbers) != 1 or len(years) > 1:
            return None
        stems.add((*re.findall(r"[^\W\d_]+", text), len(years)))
        keys.append((*years, *numbers))
    if len(stems) > 1 or len(set(keys)) < len(keys):
        return None
    return tuple(sorted(range(len(keys)), key=keys.__getitem__))


def span(text: str, day_first: bool, winter_ends: bool, pairs: bool) -> tuple | None:
    """(year, first month, end, rest) of a period of the calendar, months counted from 0, `rest` the
    numbers that are left; year None where none is named. None: it is no period, read in this way.

    >>> span("{quarter 2} 2025", True, True, True)
    (2025, 3, 6, ())
    """
    if match := DAY.fullmatch(text):
        return day(match, day_first)
    unit = UNIT.search(text)
    left = UNIT.sub(" ", text)
    if not unit and not pairs and (match := YEAR_MONTH.fullmatch(text.strip())):
        return year_month(match)
    year, years, left = year_of(left, bool(unit), pairs)
    rest = tuple(map(int, re.findall(r"\d+", left)))
    if unit:
        kind, which = unit[1], int(unit[2])
        if kind == "season":
            year = year + (years == 2 and which < 9) if year is not None else None
            which -= 12 * (which == 12 and winter_ends and years == 1)
        low = which - 1 if kind == "season" else (which - 1) * LENGTHS[kind]
        return year, low, low + LENGTHS[kind], rest
    if year is None or rest:
        return None
    return year, 6 * (years == 2), 12 + 6 * (years == 2), ()


def day(match: re.Match, day_first: bool) -> tuple | None:
    """The span of one day; None where there is no such day."""
    said = match.groupdict()
    if said["one"]:
        parts = said["last"], said["two"], said["one"]
        year, month, of_month = map(int, parts if day_first else (parts[0], *parts[:0:-1]))
    else:
        parts = (said[each] or said[each[0]] for each in ("year", "month", "day"))
        year, month, of_month = map(int, parts)
    if not (1 <= month <= 12 and 1 <= of_month <= 31):
        return None
    start = month - 1 + (of_month - 1) / 31
    return in_full(year), start, start + 1 / 31, (match[0],)


def year_month(match: re.Match) -> tuple | None:
    """The span of a month written in numbers: 2025-03, 202503, 3/2025, 03/25; None where it is none."""
    year, month = int(match["year"] or match["y"]), int(match["month"] or match["m"])
    if not 1 <= month <= 12 or (year > 99 and year not in YEARS):
        return None
    return in_full(year), month - 1, month, ()


def year_of(text: str, with_unit: bool, pairs: bool) -> tuple[int | None, int, str]:
    """(year, whether it is one or two, 2024/25; the text without it); None where none is named."""
    said = with_unit or "{fiscal}" in text or pairs
    if (match := PAIR.search(text)) and said and (int(match[1]) + 1 - int(match[2])) % 100 == 0:
        return in_full(int(match[1])), 2, text.replace(match[0], " ", 1)
    short = SHORT_YEAR.findall(text)
    meant = len(short) == 1 and (with_unit or "{fiscal}" in text or "'" in text)
    years = YEAR.findall(text) or (short if meant else [])
    if len(years) != 1:
        return None, 1, text
    return in_full(int(years[0])), 1, text.replace(years[0], " ", 1)


def in_full(year: int) -> int:
    """A year of two figures in this century."""
    return year + 2000 if year < 100 else year


@lru_cache(maxsize=4096)
def plain(label) -> str:
    """A label without capitals and accents, its words for time as {quarter 1}, {month 3}, {season 9},
    {fiscal}, {year}.

    >>> plain("1. Quartal 2025"), plain("März 2025"), plain("2024年9月")
    ('{quarter 1} 2025', '{month 3} 2025', '2024{year}{month 9}')
    """
    text = without_accents(label)
    words, signs = words_for_time()
    for sign, means in signs.items():
        text = text.replace(sign, means)
    text = re.sub(r"(?<![{\w])[^\W\d_]+|(?<=\d)[^\W\d_]+", lambda match: word(match, words), text)
    for unit in ("quarter", "half"):
        text = numbered(numbered(text, unit, AFTER), unit, BEFORE)
    return numbered(numbered(text, "month", BEFORE), "month", AFTER).strip()


def word(match: re.Match, words: dict) -> str:
    """What stands for a word; a single letter is a sign (Q1, 1H) only beside a number."""
    found, text = match[0], match.string
    beside = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
    return words.get(found, found) if len(found) > 1 or re.search(r"\d", beside) else found


def numbered(text: str, unit: str, form: str) -> str:
    """A text in which a unit takes the number beside it, where there is such a one: {quarter 1}."""
    found = re.search(form.format(unit, r"\d\d?" if unit == "month" else r"\d"), text)
    if not found or not 1 <= int(found[1]) <= 12 / LENGTHS[unit]:
        return text
    return text.replace(found[0], f"{{{unit} {int(found[1])}}}", 1)


def without_accents(label) -> str:
    """A label in small letters, full-width figures and accents made plain."""
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", str(label)).casefold())
    bare = "".join(each for each in text if not unicodedata.combining(each))
    return unicodedata.normalize("NFC", bare)


@lru_cache
def words_for_time() -> tuple[dict, dict]:
    """({word: what stands for it}, the same for signs of Chinese, Japanese and Korean, which stand
    without blanks between; the longest first)."""
    from babel.dates import get_month_names  # late: few runs have to read a month's name

    table = pd.read_csv(Path(__file__).with_name("period_words.csv"), dtype="str").fillna("")
    stands_for = "{" + table["means"].str.cat(table["number"], " ").str.strip() + "}"
    stands_for = stands_for.mask(table["means"] == "number", table["number"])
    words = dict(zip(table["word"].map(without_accents), stands_for, strict=True))
    for language, width in product(LANGUAGES, ("wide", "abbreviated")):
        for month, name in get_month_names(width, "format", language).items():
            words[without_accents(name).strip(".")] = f"{{month {month}}}"
    signs = sorted((each for each in words if max(each) > "\u1100"), key=len)
    return words, {each: words[each] for each in reversed(signs)}
