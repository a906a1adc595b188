"""One line of a step's arithmetic, with the client's own numbers."""

import operator

from cxlib.analysis.asking import designed_for
from cxlib.page.terms import refuse_unknown, written_as

SIGNS = {"+": operator.add, "−": operator.sub, "×": operator.mul}


def worked_line(page, table, formula: str) -> str:
    """ "Security: 6.7 × −1.7 = −11.4", of the key experience, or of what is chosen, where one is
    marked; "" without a row. The signs are taken one after the other. ≈ where the numbers shown are
    rounded apart."""
    if table is None:
        return ""
    words = formula.split()
    names = words[::2]
    refuse_unknown("column of this table", names, table)
    refuse_unknown("sign", words[1::2], [*SIGNS, "="])
    rows = page.gate(designed_for(table)).dropna(subset=names)
    if rows.empty:
        return ""
    of, mark = ("dimension", "key_experience")
    if "initiative" in rows:
        of, mark = ("initiative", "chosen")
    marked = rows[rows[mark].eq(True)]
    row = (rows if marked.empty else marked).sort_values(names[-1]).iloc[0]
    told = {name: page.write(row[name], written_as(name, rows), name) for name in names}
    line = f"{page.label(of, row[of])}: " + " ".join(told.get(word, word) for word in words)
    return line if same_sum(list(told.values()), *words[1:-2:2]) else line.replace(" = ", " ≈ ")


def same_sum(numbers: list[str], *signs: str) -> bool:
    """Whether numbers as written come, one sign after the other, to the last as written.

    >>> same_sum(["6.7", "−1.7", "−11.4"], "×"), same_sum(["5.3", "7.1", "−1.7"], "−")
    (True, False)
    >>> same_sum(["450", "70%", "40", "275"], "×", "−")
    True
    """
    found, *others, last = [_as_number(each) for each in numbers]
    for sign, value in zip(signs, others, strict=True):
        found = SIGNS[sign](found, value)
    digits = len(numbers[-1].partition(".")[2])
    return abs(round(found, digits) - last) < 10**-digits / 2


def _as_number(text: str) -> float:
    number = float(text.replace(",", "").replace("−", "-").rstrip("%"))
    return number / 100 if text.endswith("%") else number
