"""Files of statistics packages (SPSS, Stata): they carry labels, wordings and codes for no answer."""

from pathlib import Path

import numpy as np
import pandas as pd

from cxlib.client import cells
from cxlib.client.cells import is_blank
from cxlib.client.files import Raw
from cxlib.client.problems import readable
from cxlib.client.typed import numbered

PACKAGES = {".sav": "SPSS", ".zsav": "SPSS", ".por": "SPSS", ".dta": "Stata"}
IN_ENCODING = "It may be damaged, or in another encoding: name it in client.yml, `survey.encoding`."


def read_labelled(path: Path, shown: str, encoding: str = "") -> tuple[Raw, dict, dict]:
    """(raw table, {column: (codes for no answer, cells blanked)}, {set: its columns}).

    User-missing values (Stata's .a to .z too) are blanked and counted. A multiple-response set is
    one more column, named as in SPSS without its `$`; its own columns stay.
    """
    import pyreadstat

    reader = {".dta": pyreadstat.read_dta, ".por": pyreadstat.read_por}
    options = {"encoding": encoding or None} if path.suffix.lower() != ".por" else {}
    if path.suffix.lower() != ".por":
        options["user_missing"] = True
    kind = PACKAGES[path.suffix.lower()]
    with readable(shown, kind, IN_ENCODING):
        frame, about = reader.get(path.suffix.lower(), pyreadstat.read_sav)(path, **options)
    frame = numbered(frame, shown)
    labels = {name: dict(found) for name, found in about.variable_value_labels.items()}
    wordings = {name: text for name, text in about.column_names_to_labels.items() if text}
    missing = {}
    for name, ranges in about.missing_ranges.items():
        none = in_ranges(frame[name], ranges)
        missing[name] = declared_codes(frame.loc[none, name], ranges), int(none.sum())
        frame[name] = frame[name].mask(none)
    for name, codes in (about.missing_user_values or {}).items():
        none = frame[name].isin(codes)
        missing[name] = ";".join(sorted(map(str, codes))), int(none.sum())
        rest = frame[name].mask(none)
        number = pd.to_numeric(rest, errors="coerce")
        frame[name] = number if number.notna().sum() == rest.notna().sum() else rest
    sets = {}
    for name, found in about.mr_sets.items():
        title = name.removeprefix("$")
        frame[title] = response_set(frame, found, labels, wordings)
        sets[title] = list(found["variable_list"])
        wordings[title] = found["label"] or title
    return Raw(shown, frame, labels=labels, wordings=wordings), missing, sets


def declared_codes(found: pd.Series, ranges: list) -> str:
    """The codes for no answer that occur, `;` between; where none does, those that are declared."""
    codes = sorted(cells.as_text(value) for value in found.unique())
    declared = sorted({cells.as_text(each["lo"]) for each in ranges if each["lo"] == each["hi"]})
    return ";".join(codes or declared)


def in_ranges(column: pd.Series, ranges: list) -> pd.Series:
    """True for cells that SPSS counts as missing though they hold something."""
    none = pd.Series(False, index=column.index)
    for each in ranges:
        none |= column.between(each["lo"], each["hi"]).fillna(False).astype(bool)
    return none


def response_set(frame, found: dict, labels: dict, wordings: dict) -> pd.Series:
    """The options of one multiple-response set that each person chose, `;` between."""
    members = found["variable_list"]

    def said(row):
        if found["is_dichotomy"]:
            counted = cells.as_text(found["counted_value"])
            chosen = [wordings.get(n, n) for n in members if cells.as_text(row[n]) == counted]
        else:
            given = [(n, row[n]) for n in members if not is_blank(row[n])]
            chosen = [str(labels.get(n, {}).get(v, cells.as_text(v))) for n, v in given]
        return ";".join(dict.fromkeys(chosen)) or None

    return frame[members].apply(said, axis=1).astype("str") if len(frame) else np.nan
