"""From cells as they came to numbers, dates, yes or no, and text; and which cells are none of it.

Every function takes one raw column and returns the values, blank where blank or unreadable, and a
mask of the cells that are unreadable. A dash, NA and the like are blank in a column of numbers or
dates; in a column of text only an empty cell is, since NA may be Namibia.
"""

import datetime as dt
import itertools
import re

import numpy as np
import pandas as pd

from cxlib.client import numerals
from cxlib.client.numerals import BLANKS

EXCEL_ERRORS = r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!)"
YES = {"yes": True, "y": True, "true": True, "t": True, "1": True, "是": True}
YES |= {"no": False, "n": False, "false": False, "f": False, "0": False, "否": False}
FIRST_YEAR, LAST_YEAR = 1901, 2100  # of a date that somebody meant
A_DAY, A_YEAR = pd.Timedelta(days=1), pd.Timedelta(days=366)
ENOUGH = 20  # days from which a column tells what is far after the others
WHOLE_IN_FLOAT = 1e15  # Excel keeps 15 digits: a longer identifier has lost its end

YEAR_FIRST = re.compile(numerals.PATTERNS["year_first"])
DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})([,\s].*)?")
IN_WORDS = re.compile(numerals.WORDS["days"]["in_words"])
NAMES_OF_MONTHS = enumerate(numerals.WORDS["days"]["months"], 1)
MONTHS = {name: number for number, names in NAMES_OF_MONTHS for name in names.split()}
CLOCK = re.compile(numerals.WORDS["days"]["clock"])
HALVES = {half: tuple(words.split()) for half, words in numerals.WORDS["days"]["halves"].items()}
SERIALS = (36526, 55153)  # days as a spreadsheet counts them, of 2000 to 2050
# Years counted from elsewhere: what their calendar's year 0 is in ours.
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
ERA_DATE = re.compile(r"(?:(令和|平成|昭和|民[國国])\s*)?(元|\d{1,3})\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*日?(\s.*)?")  # fmt: skip
BUDDHIST = 543  # a Thai year is so many more than ours
FOUR_DIGITS = re.compile(r"(?<!\d)(2[4-6]\d\d)(?!\d)")


def texts(column: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Identifiers and codes as text: 1001.0 from a spreadsheet is '1001'; '007' stays."""
    none = pd.Series(False, index=column.index)
    if isinstance(column.dtype, pd.StringDtype):
        given = pd.Series(column.unique()).dropna()  # few customers, many lines
        if given.eq(given.str.strip()).all() and not given.str.match(r"#|$|\d+\.0$").any():
            return column, none
        found = column.str.strip()
    elif pd.api.types.is_integer_dtype(column.dtype):
        found = column.astype("str")
    else:
        plain = {value: as_text(value) for value in column.dropna().unique()}
        found = column.map(plain).astype("str")
        long = [isinstance(value, float) and abs(value) >= WHOLE_IN_FLOAT for value in column]
        none = pd.Series(long, column.index, dtype=bool)
    found = without_decimals(found)
    damaged = found.str.startswith("#", na=False)
    if damaged.any():
        damaged &= found.str.fullmatch(EXCEL_ERRORS, na=False)
    return found.mask(found == ""), none | damaged


def with_labels(column: pd.Series, labels: dict | None) -> pd.Series:
    """Codes by the value labels that the file itself carries (SPSS)."""
    return column.map(lambda code: labels.get(code, code)) if labels else column


def without_decimals(words: pd.Series) -> pd.Series:
    """1001.0 is 1001 in a column of whole numbers only: a spreadsheet had them as numbers."""
    ended = words.str.fullmatch(r"\d+\.0", na=False)
    if not ended.any() or not words.dropna().str.fullmatch(r"\d+(\.0)?").all():
        return words
    return words.mask(ended, words.str.removesuffix(".0"))


def as_text(value) -> str:
    """A cell as the text that a person sees: 3 for 3.0, a day without midnight, yes for True."""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    return str(value).strip()


def numbers(column: pd.Series, decimal: str = ".") -> tuple[pd.Series, pd.Series]:
    """Numbers as floats. `decimal` is the file's decimal mark; inf is unreadable."""
    kinds = pd.api.types
    if kinds.is_bool_dtype(column.dtype) or kinds.is_datetime64_any_dtype(column.dtype):
        return pd.Series(np.nan, index=column.index), column.notna()
    if pd.api.types.is_numeric_dtype(column.dtype):
        found = column.astype(float)
        return found.where(np.isfinite(found)), np.isinf(found)
    plain = {value: as_number(value, decimal, amounts=True) for value in column.dropna().unique()}
    found = pd.to_numeric(column.map(plain)).astype(float)
    return found.where(np.isfinite(found)), np.isinf(found)


def as_number(value, decimal: str, amounts: bool = False) -> float:
    """A cell's number; nan where blank, inf where it is not a number (nobody scores infinity).

    Where the decimal mark cannot be told (''), a number that needs one is not known. amounts: read
    money and shares too, (300), € 5, 22 %; a survey's answers are neither.
    """
    if isinstance(value, bool | np.bool_ | dt.date | dt.time):
        return np.inf
    if not isinstance(value, str):
        return float(value)
    text = value.strip()
    if text.casefold() in BLANKS:
        return np.nan
    found = numerals.as_number(text, decimal, amounts)
    if found is None:
        return np.nan if not decimal and numerals.written(text).values else np.inf
    return found


def decimal_mark(columns, delimiter: str = "") -> tuple[str, list[str]]:
    """The decimal mark of a file's number columns, and the cells that leave it open; see
    `numerals.mark_of`."""
    mark, doubtful = numerals.mark_of(itertools.chain(*map(texts_of, columns)), delimiter)
    return mark or ("" if doubtful else "."), doubtful


def texts_of(column: pd.Series) -> list[str]:
    """The different texts of a column, but for blanks around them; none of a column of numbers."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return []
    given = [each.strip() for each in column.dropna().unique() if isinstance(each, str)]
    return list(dict.fromkeys(given))


def dates(column: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Dates as timestamps: 2024-01-31 or any date that can be read in one way only; and a
    spreadsheet's numbers of days, where a column holds nothing else."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        found = column.dt.tz_localize(None) if column.dt.tz else column
        return found.astype("datetime64[us]"), pd.Series(False, index=column.index)
    given = column.dropna().unique()  # few days, many lines
    counted = pd.to_numeric(pd.Series(given), errors="coerce")
    if len(given) and counted.between(*SERIALS).all():
        days = pd.to_datetime(pd.to_numeric(column), unit="D", origin="1899-12-30").dt.round("s")
        return days.astype("datetime64[us]"), pd.Series(False, index=column.index)
    if pd.api.types.is_numeric_dtype(column.dtype):
        return pd.Series(pd.NaT, index=column.index), column.notna()
    cells = [each for each in given if str(each).strip().casefold() not in BLANKS]
    ours = in_our_years(cells)
    order = date_order(ours.values())
    plain = {value: as_date(ours[value], order) for value in cells}
    found = pd.to_datetime(column.map(plain)).astype("datetime64[us]")
    return found, found.isna() & ~(column.isna() | ~column.isin(cells))


def in_our_years(cells: list) -> dict:
    """{cell: the same with its year as we count it}: 令和8年5月3日, 民國115年, 115/5/3, and Thai years,
    where all of a column are of 2444 (1901) to 2643 (2100)."""
    ours, thai = {}, 0
    for cell in cells:
        ours[cell] = cell
        if not isinstance(cell, str):
            continue
        if found := ERA_DATE.fullmatch(cell.strip()):
            era, year, month, day, rest = found.groups()
            year = 1 if year == "元" else int(year)
            if era or 100 <= year < 200:  # no other calendar has years of three digits
                year += ERAS.get(era, ERAS["民國"])
                ours[cell] = f"{year}-{int(month):02}-{int(day):02}{rest or ''}"
        thai += bool((year := FOUR_DIGITS.search(cell)) and int(year[1]) > FIRST_YEAR + BUDDHIST)
    if cells and thai == len(cells):
        less = lambda year: str(int(year[1]) - BUDDHIST)  # noqa: E731
        return {cell: FOUR_DIGITS.sub(less, cell, count=1) for cell in cells}
    return ours


def placeholders(days: pd.Series) -> pd.Series:
    """Which days stand for none: exports write 9999-12-31 or 1900-01-01 where nothing is known."""
    year = days.dt.year
    return (year < FIRST_YEAR) | (year > LAST_YEAR)


def too_late(days: pd.Series) -> pd.Series:
    """Which days nobody can have seen: after the day of the run, or so few and so far after all
    others that a year is mistyped.

    Far: longer after than all others span, and more than a year. Few: one in a hundred, or one
    alone; a column of fewer than ENOUGH days tells of none.
    """
    late = days > pd.Timestamp.today() + A_DAY
    others = np.sort(days[days.notna() & ~late].to_numpy())
    if len(others) < ENOUGH:
        return late
    few = max(1, len(others) // 100)
    gaps = others[-few:] - others[-few - 1 : -1]
    far = gaps > np.maximum(others[-few - 1 : -1] - others[0], np.timedelta64(A_YEAR))
    return late | (days >= others[-few:][far.argmax()]) if far.any() else late


def date_order(cells) -> str:
    """'day', 'month' or '' for dates such as 31/1/2024: what the whole column proves."""
    texts = (cell.strip() for cell in cells if isinstance(cell, str))
    parts = list(filter(None, map(DAY_FIRST.fullmatch, texts)))
    day_first = any(int(match[1]) > 12 for match in parts)
    month_first = any(int(match[2]) > 12 for match in parts)
    return "" if day_first == month_first else "day" if day_first else "month"


def as_date(value, order: str):
    """A cell as a day and time without a time zone; NaT where it is none. order: "day" or "month",
    which comes first in 1/2/2024; "" leaves that open, and such a cell blank."""
    if isinstance(value, dt.date):
        return pd.Timestamp(value).tz_localize(None)
    if not isinstance(value, str):
        return pd.NaT
    text = value.strip()
    if match := YEAR_FIRST.fullmatch(text):
        year, month, day, rest = match.groups()
    elif match := DAY_FIRST.fullmatch(text):
        if not order:
            return pd.NaT
        day, month = (match[1], match[2]) if order == "day" else (match[2], match[1])
        year, rest = match[3] if len(match[3]) == 4 else f"20{match[3]}", match[4]
    elif match := IN_WORDS.fullmatch(text):
        month = MONTHS.get((match["month"] or match["first"]).casefold(), 0)
        year, day, rest = match["year"], match["day"] or match["second"], match["rest"]
        year = year if len(year) == 4 else f"20{year}"
    if match:
        text = f"{year}-{int(month):02}-{int(day):02}{time_of_day(rest or '')}"
    found = pd.to_datetime(text, errors="coerce", format="ISO8601")
    return found.tz_localize(None) if pd.notna(found) else pd.NaT


def time_of_day(rest: str) -> str:
    """' 15:12:00' of ', 3:12 PM EET' or ' klo 15.12'; what names no time of day as it stands."""
    if not (clock := CLOCK.fullmatch(rest)):
        return rest
    before, after = (re.sub(r"[.\s]", "", clock[side]).casefold() for side in ("before", "after"))
    said = (
        half for half, them in HALVES.items() if before.endswith(them) or after.startswith(them)
    )
    hour, half = int(clock["hour"]), next(said, "")
    hour = hour % 12 + 12 * (half == "pm") if half else hour
    return f" {hour:02}:{int(clock['minute'] or 0):02}:{int(clock['second'] or 0):02}"


def yes_or_no(column: pd.Series) -> tuple[pd.Series, pd.Series]:
    """yes / no (true / false, 1 / 0, 是 / 否) as a boolean that can be blank."""
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.astype("boolean"), pd.Series(False, index=column.index)
    words = texts(column)[0].str.casefold()
    words = words.mask(words.isin(BLANKS))
    found = words.map(YES).astype("boolean")
    return found, found.isna() & words.notna()


def is_blank(cell) -> bool:
    """Whether nothing stands in a cell: None, NA, NaN, NaT, or a text of spaces."""
    if isinstance(cell, str):
        return not cell.strip()
    return cell is None or (pd.api.types.is_scalar(cell) and bool(pd.isna(cell)))
