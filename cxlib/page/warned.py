"""What the client's floor found to look at, in the reader's language, for the consultant's pages; and
what was not sent.

The floor speaks English to the terminal; its sentences are data in `words/codes.csv` (`warning`), by
which they are known again here. One that is not there stays as it is.
"""

import re

from markupsafe import Markup

from cxlib.page.findings import MOST, cautions, list_html
from cxlib.page.language import N_
from cxlib.page.sentences import first_up
from cxlib.page.terms import TABLES, left_out_reason, word_of


def said_of(page, warning) -> str:
    """One warning: where, what, how often, which values, which rows, and what to do.

    The file by its name alone: a page does not tell where on whose machine it lay.
    """
    say, count = page.say, page.language.count
    file = re.sub(r".*[/\\\\]", "", warning.file)
    rule = left_out_reason(warning.rule, say) or warning.rule
    file = word_of(file, say)
    place = say(N_(", ")).join(filter(None, [file, warning.column]))
    if warning.of:
        words = N_("{rule} (in {count} of {of} rows)")
        rule = say(words, rule=rule, count=count(warning.count), of=count(warning.of))
    if warning.row:
        words = N_("{rule} (line {row})") if file.endswith(".yml") else N_("{rule} (rows {row})")
        rule = say(words, rule=rule, row=word_of(warning.row, say))
    words = N_("{place} {rule}: {value}.") if warning.value else N_("{place} {rule}.")
    said = say(words, place=place, rule=rule, value=word_of(warning.value, say))
    remedy = left_out_reason(warning.remedy, say) or warning.remedy
    return f"{said}{'' if page.language.chinese else ' '}{remedy}".strip()


def cautions_html(page, own: bool = True) -> str:
    """The cautions; below them, for the consultant alone, what was odd about the files."""
    warnings = list_html([said_of(page, each) for each in page.case.warnings], "warnings")
    return list_html(cautions(page, own)) + warnings


# What would change the decision most comes first; the rest in the order of the method.
WISHED_FIRST = ("codebook", "scores", "initiatives", "performance", "complaints", "customers")


def wishes_html(page, missing) -> str:
    """What was not supplied and would tell more: three things, the rest folded away."""
    if missing is None or missing.empty:
        return ""
    rank = {name: place for place, name in enumerate(WISHED_FIRST)}
    order = missing["table"].map(rank).fillna(len(rank)).sort_values(kind="stable").index
    words, lines = N_("{name}: {facts}"), []
    for _, row in missing.loc[order].iterrows():
        name, facts = page.code(row["table"], TABLES), page.say(row["unlocks"])
        lines.append(first_up(page.say(words, name=name, facts=facts)))
    html = Markup("<h3>{}</h3>").format(page.say(N_("What more would tell us")))
    html += list_html(lines[:MOST])
    if len(lines) <= MOST:
        return html
    words = page.say(N_("{count} more"), count=page.language.count(len(lines) - MOST))
    folded = Markup("<details><summary>{}</summary>{}</details>")
    return html + folded.format(words, list_html(lines[MOST:]))
