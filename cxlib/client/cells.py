"""From cells as they came to numbers, dates, yes or no, and text; and which cells are none of it.

Every function takes one raw column and returns the values, blank where blank or unreadable, and a
mask of the cells that are unreadable. A dash, NA and the like are blank in a column of numbers or
dates; in a column of text only an empty cell is, since NA may be Namibia.
"""

import datetime as dt
import re
import unicodedata

import numpy as np
import pandas as pd

BLANKS = {"", "-", "–", "—", "−", "na", "n/a", "nan", "null", "none", "."}
EXCEL_ERRORS = r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!)"
YES = {"yes": True, "y": True, "true": True, "t": True, "1": True, "是": True}
YES |= {"no": False, "n": False, "false": False, "f": False, "0": False, "否": False}
FIRST_YEAR, LAST_YEAR = 1901, 2100  # of a date that somebody meant
WHOLE_IN_FLOAT = 1e15  # Excel keeps 15 digits: a longer identifier has lost its end

NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
COMMA_DECIMAL = re.compile(r"[-+]?\d*,\d+")
COMMA_GROUPS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?")
POINT_GROUPS = re.compile(r"[-+]?\d{1,3}(\.\d{3})+(,\d*)?")
SPACE_GROUPS = re.compile(r"[-+]?\d{1,3}([ \u00a0\u202f']\d{3})+([.,]\d*)?")
DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(\s.*)?")
CHINESE_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日?")


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
        none = column.map(lambda value: isinstance(value, float) and abs(value) >= WHOLE_IN_FLOAT)
        none = none.astype(bool) if len(none) else none
    found = without_decimals(found)
    damaged = found.str.startswith("#").fillna(False).astype(bool)
    if damaged.any():
        damaged &= found.str.fullmatch(EXCEL_ERRORS).fillna(False).astype(bool)
    return found.mask(found == ""), none | damaged


def without_decimals(words: pd.Series) -> pd.Series:
    """1001.0 is 1001 in a column of whole numbers only: a spreadsheet had them as numbers."""
    ended = words.str.fullmatch(r"\d+\.0").fillna(False).astype(bool)
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
    if pd.api.types.is_bool_dtype(column.dtype) or pd.api.types.is_datetime64_any_dtype(
        column.dtype
    ):
        return pd.Series(np.nan, index=column.index), column.notna()
    if pd.api.types.is_numeric_dtype(column.dtype):
        found = column.astype(float)
        return found.where(np.isfinite(found)), np.isinf(found)
    plain = {value: as_number(value, decimal) for value in column.dropna().unique()}
    found = pd.to_numeric(column.map(plain)).astype(float)
    return found.where(np.isfinite(found)), np.isinf(found)


def as_number(value, decimal: str) -> float:
    """A cell's number; nan where blank, inf where it is not a number (nobody scores infinity).

    Where the decimal mark cannot be told (''), a number with a comma is not known.
    """
    if isinstance(value, bool | np.bool_ | dt.date | dt.time):
        return np.inf
    if not isinstance(value, str):
        return float(value)
    text = unicodedata.normalize("NFKC", value).strip().replace("\u2212", "-")
    if text.casefold() in BLANKS:
        return np.nan
    if SPACE_GROUPS.fullmatch(text):
        text = re.sub(r"[ ']", "", text)
    if decimal == ",":
        if POINT_GROUPS.fullmatch(text):
            text = text.replace(".", "")
        elif "." in text:
            return np.inf
        text = text.replace(",", ".")
    elif not decimal and "," in text:
        return np.nan
    elif COMMA_GROUPS.fullmatch(text):
        text = text.replace(",", "")
    return float(text) if NUMBER.fullmatch(text) else np.inf


def decimal_mark(columns, delimiter: str = "") -> tuple[str, list[str]]:
    """The decimal mark of a file's number columns: '.', ',' or '' where it cannot be told.

    A file cut at commas writes its decimals with a point. Elsewhere '3,5' proves a comma and
    '1,234.5' a point, while '3,000' alone may be three thousand or three. Returns the mark and
    the cells that leave it open, or that contradict each other.
    """
    if delimiter == ",":
        return ".", []
    cells = {
        value.strip()
        for column in columns
        if not pd.api.types.is_numeric_dtype(column.dtype)
        for value in column.dropna().unique()
        if isinstance(value, str) and "," in value
    }
    open_ones = {cell for cell in cells if re.fullmatch(r"[-+]?\d{1,3},\d{3}", cell)}
    groups = {cell for cell in cells - open_ones if COMMA_GROUPS.fullmatch(cell)}
    commas = {cell for cell in cells - open_ones if COMMA_DECIMAL.fullmatch(cell)}
    commas |= {cell for cell in cells if "," in cell and POINT_GROUPS.fullmatch(cell)} - open_ones
    if groups and commas:
        return "", sorted(groups | commas)
    if open_ones and not groups and not commas:
        return "", sorted(open_ones)
    return ("," if commas else "."), []


def dates(column: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Dates as timestamps: 2024-01-31 or any date that can be read in one way only."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        found = column.dt.tz_localize(None) if column.dt.tz else column
        return found.astype("datetime64[us]"), pd.Series(False, index=column.index)
    if pd.api.types.is_numeric_dtype(column.dtype):
        return pd.Series(pd.NaT, index=column.index), column.notna()
    cells = [
        value for value in column.dropna().unique() if str(value).strip().casefold() not in BLANKS
    ]
    order = date_order(cells)
    plain = {value: as_date(value, order) for value in cells}
    found = pd.to_datetime(column.map(plain)).astype("datetime64[us]")
    blank = column.isna() | ~column.isin(cells)
    return found, found.isna() & ~blank


def placeholders(days: pd.Series) -> pd.Series:
    """Which days stand for none: exports write 9999-12-31 or 1900-01-01 where nothing is known."""
    year = days.dt.year
    return (year < FIRST_YEAR) | (year > LAST_YEAR)


def date_order(cells) -> str:
    """'day', 'month' or '' for dates such as 31/1/2024: what the whole column proves."""
    parts = [
        match
        for cell in cells
        if isinstance(cell, str) and (match := DAY_FIRST.fullmatch(cell.strip()))
    ]
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
    if match := CHINESE_DATE.fullmatch(text):
        text = "-".join(match.groups())
    elif match := DAY_FIRST.fullmatch(text):
        if not order:
            return pd.NaT
        day, month = (match[1], match[2]) if order == "day" else (match[2], match[1])
        year = match[3] if len(match[3]) == 4 else f"20{match[3]}"
        text = f"{year}-{month}-{day}{match[4] or ''}"
    found = pd.to_datetime(text, errors="coerce", format="ISO8601")
    return found.tz_localize(None) if pd.notna(found) else pd.NaT


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
