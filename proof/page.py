"""The validation page: every published number and every law, beside what we obtain today."""

import math
from datetime import date as date_type
from pathlib import Path

import numpy as np
import pandas as pd
from markupsafe import Markup

from cxlib.page.language import N_, UNKNOWN, Language
from cxlib.page.render import page_html
from cxlib.page.tables import template

PASS, FAIL, WAITING = "pass", "fail", "waiting"
PROMISE = 0.02  # coverage may be this far from the confidence
VERDICTS = {PASS: N_("pass"), FAIL: N_("fail"), WAITING: N_("waiting")}
TITLE = N_("What every formula was checked against")
LEDE = N_(
    "Everything here was computed anew when this page was made. Expected values are the sources' "
    "own, to the digits they print; none was taken from our output."
)
SURE = 2  # standard errors of the simulation that a miss must exceed to be called one


def validation_page(
    examples,
    laws,
    figures,
    coverage,
    language: str = "en",
    date=None,
    confidence: float = 0.95,
    untried=(),
) -> str:
    """The page as HTML.

    examples, figures : as `proof.examples.example_table`; laws : as `proof.laws.law_table`
    coverage : as `proof.simulations` describes it, of intervals at this confidence, and of rates
        that the product states (with `promised`)
    untried : names of intervals that are printed and were not simulated
    """
    words = Language(language)
    stated = coverage.reindex(columns=["promised", "allowed"]).astype(float)
    coverage = coverage.assign(
        promised=stated["promised"].fillna(confidence), allowed=stated["allowed"].fillna(PROMISE)
    )
    coverage = coverage.assign(off=coverage["coverage"] - coverage["promised"])
    rates = coverage[stated["promised"].notna()]
    parts = [
        _part(words, "examples", N_("Worked examples"), _examples(words, examples), examples),
        _part(words, "laws", N_("Laws, each tried on data made up anew"), _laws(words, laws), laws),
        _part(
            words,
            "figures",
            N_("Published figures of the surveys"),
            _examples(words, figures),
            figures,
        ),
        _coverage_part(words, coverage.drop(rates.index), untried),
    ]
    if len(rates):
        parts.append(_rates_part(words, rates))
    lede = words.say(LEDE)
    if words.chinese:
        lede += words.say(
            N_("Examples, laws and sources are named in English, as the code has them.")
        )
    body = template("validation.html.j2", Path(__file__).parent).render(
        words={"title": words.say(TITLE), "lede": lede},
        summary=_summary(words, pd.concat([t["status"] for t in (examples, laws, figures)])),
        parts=parts,
    )
    return page_html(
        Markup(body), words, words.say(TITLE), date=words.date(date or date_type.today())
    )


def _summary(words, status) -> str:
    """How many hold, as one sentence; what does not is said first."""
    counts = {kind: words.count((status == kind).sum()) for kind in VERDICTS}
    if (status == FAIL).any():
        said = N_(
            "{fail} of {all} checks fail: do not rely on this version before they are mended."
        )
    elif (status == WAITING).any():
        said = N_("{good} of {all} checks hold; {waiting} wait for their data.")
    else:
        said = N_("All {all} checks hold.")
    return words.say(
        said,
        all=words.count(len(status)),
        fail=counts[FAIL],
        good=counts[PASS],
        waiting=counts[WAITING],
    )


def _part(words, name, title, table, status) -> dict:
    heads, cells = table
    failed = status["status"].eq(FAIL)
    rows = [{"cells": row, "failed": bad} for row, bad in zip(cells, failed, strict=True)]
    heads = [words.say(head) for head in heads]
    return {"id": name, "title": words.say(title), "heads": heads, "rows": rows, "said": ""}


def _examples(words, table):
    heads = [
        N_("What"),
        N_("Expected"),
        N_("Obtained"),
        N_("Tolerance"),
        N_("Verdict"),
        N_("Source"),
    ]
    rows = []
    for row in table.itertuples():
        digits = _digits(row.tolerance)
        rows.append(
            [
                f"{row.number} · {row.what}" if row.number else row.what,
                " · ".join(_value(value, None) for value in row.expected),
                " · ".join(_value(value, digits and digits + 2) for value in row.obtained)
                or UNKNOWN,
                f"{row.tolerance:g}" if row.tolerance else words.say(N_("exact")),
                words.say(VERDICTS[row.status]),
                row.source,
            ]
        )
    return heads, rows


def _laws(words, table):
    heads = [
        N_("Law"),
        N_("Data sets tried"),
        N_("Worst breach"),
        N_("Allowed"),
        N_("Unit"),
        N_("Verdict"),
        N_("Source"),
    ]
    rows = [
        [
            row.what,
            words.count(row.tried),
            row.worst if isinstance(row.worst, str) else f"{row.worst:.1g}",
            f"{row.allowed:g}",
            row.unit,
            words.say(VERDICTS[row.status]),
            row.source,
        ]
        for row in table.itertuples()
    ]
    return heads, rows


def _coverage_part(words, table, untried) -> dict:
    """The simulated coverage of each kind of interval; where it cannot hold its promise, by how much."""
    heads = [N_("Interval"), N_("Skewness of the scores"), N_("Answers"), N_("Weighted"), N_("Holds the truth"),
             N_("Simulation error"), N_("Too high"), N_("Too low"), N_("Verdict")]  # fmt: skip
    rows = [
        {"cells": _coverage_row(words, row), "failed": _misses(row) > 0}
        for row in table.itertuples()
    ]
    cannot = [row for row in rows if row["failed"]]
    said = words.say(
        N_(
            "{count} of {all} cases miss the truth more than {promise} points away from one time in "
            "twenty, by more than the simulation's own error; they stand first. Read those intervals "
            "as too narrow, or too wide, by what is said. Another {perhaps} may, as far as so short a "
            "simulation can tell. A method that shows nothing from so few answers has no row."
        ),
        count=words.count(len(cannot)),
        perhaps=words.count((~table["as_promised"]).sum() - len(cannot)),
        all=words.count(len(rows)),
        promise=words.number(100 * PROMISE, 0),
    )
    if untried:
        more = words.say(
            N_("Printed as well, and not simulated: {names}."), names=words.join(untried)
        )
        said += ("" if words.chinese else " ") + more
    rows = cannot + [row for row in rows if not row["failed"]]
    title = words.say(N_("How often each kind of interval holds the truth, by simulation"))
    heads = [words.say(head) for head in heads]
    return {"id": "coverage", "title": title, "heads": heads, "rows": rows, "said": said}


def _rates_part(words, table) -> dict:
    """What the product states as a rate (a probability, a test's size), and how often it came true."""
    heads = [N_("What is stated"), N_("Case"), N_("Answers"), N_("Stated"), N_("Found"),
             N_("Simulation error"), N_("Verdict")]  # fmt: skip
    rows = []
    for row in table.itertuples():
        off = words.number(100 * abs(row.off))
        holds = (
            words.say(N_("holds"))
            if row.as_promised
            else words.say(N_("off by {points} points"), points=off)
        )
        shares = (row.promised, row.coverage, row.coverage_error)
        cells = [
            row.method,
            row.skew,
            words.count(row.n),
            *(words.share(each, 1) for each in shares),
        ]
        rows.append({"cells": [*cells, holds], "failed": _misses(row) > 0})
    rows.sort(key=lambda row: not row["failed"])
    title = words.say(N_("How often what is stated comes true, by simulation"))
    heads = [words.say(head) for head in heads]
    return {"id": "rates", "title": title, "heads": heads, "rows": rows, "said": ""}


def _misses(row) -> float:
    """By how much coverage is off its promise (0–1), beyond what the simulation cannot tell; 0: holds."""
    if row.as_promised or abs(row.off) - row.allowed <= SURE * row.coverage_error:
        return 0.0
    return abs(row.off)


VERDICTS_OF = {  # (beyond the simulation's own error, too narrow)
    (True, True): N_("too narrow: short by {points} points"),
    (True, False): N_("too wide: over by {points} points"),
    (False, True): N_("perhaps too narrow, by {points} points"),
    (False, False): N_("perhaps too wide, by {points} points"),
}


def _coverage_row(words, row) -> list[str]:
    verdict = words.say(N_("holds"))
    if not row.as_promised:
        said = VERDICTS_OF[_misses(row) > 0, row.off < 0]
        verdict = words.say(said, points=words.number(100 * abs(row.off)))
    shares = (row.coverage, row.coverage_error, row.too_high, row.too_low)
    weighted = words.say(N_("yes")) if row.weighted else words.say(N_("no"))
    said = [words.share(share, 1) for share in shares]
    return [row.method, row.skew, words.count(row.n), weighted, *said, verdict]


def _digits(tolerance: float) -> int | None:
    """Digits that the source prints, from half a unit of the last; None where it must be exact."""
    return max(0, math.floor(-math.log10(tolerance) + 1e-9)) if 0 < tolerance < 1 else None


def _value(value, digits) -> str:
    """A value as text, to so many digits; whole numbers, words and None digits as they are."""
    if isinstance(value, str) or value is None:
        return str(value)
    number = float(value)
    if math.isnan(number):
        return UNKNOWN
    if digits is None or number == np.round(number):
        return f"{number:,.10g}".replace("-", "−")
    return f"{number:,.{digits}f}".replace("-", "−")
