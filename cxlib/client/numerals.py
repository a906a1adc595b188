"""Numbers as people write them: 1,20,000 · 400.000 · 180.000,00 · (300) · 300- · 1 234,5 · 1'234.50 ·
−1,5 % · € 12,50 · 12 万. What can be read in two ways is read by what its column proves."""

import re
import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from babel.numbers import is_currency

BLANKS = {"", "-", "–", "—", "−", "na", "n/a", "nan", "null", "none", "."}
MARKS = (".", ",")
EITHER = "either"  # both marks stand for decimals in one column, and no cell can be read by both
WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
PATTERNS = WORDS["patterns"]
LOOKS = str.maketrans({each: mark for mark, them in WORDS["looks"].items() for each in them})
TIMES, SIGNS = WORDS["times"], re.compile(WORDS["signs"])
COUNTED = re.compile(rf"(.*\d)\s*({'|'.join(sorted(TIMES, key=len, reverse=True))})\.?", re.IGNORECASE)  # fmt: skip
NOTHING_MORE = re.compile(r"(?<=\d)([.,])[-—]{1,2}$")  # Fr. 12.—
PLAIN = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
FORM = re.compile(r"[^\w]*[a-zA-Z]{0,3}[^\w]*9(?:[.,' ]{1,2}9)*[^\w]*[a-zA-Z]{0,3}[^\w]*")
BY_THREES = r"[1-9]\d{{0,2}}(?:{0}\d{{3}})+"
BY_LAKH = r"[1-9]\d?(?:,\d\d)+,\d{3}"
SPACED = re.compile(BY_THREES.format("[ ']") + r"(?:[.,]\d*)?")


@dataclass(frozen=True)
class Written:
    """A cell's number: by each decimal mark by which it is one, and whether it was in per cent.

    grouped: the marks by which it holds thousands set apart by the other mark.
    """

    values: dict
    percent: bool = False
    grouped: tuple = ()

    @property
    def number(self) -> float | None:
        """The number, where all ways to read it give the same."""
        return next(iter(self.values.values())) if len(set(self.values.values())) == 1 else None


def written(text: str, amounts: bool = True) -> Written:
    """What a text says as a number; no values where it is none.

    amounts: whether it may be written as money and shares are: (300), 300-, € 5, 22 %, 12 万.

    >>> written("(1,20,000)").values, written("400.000").values
    ({'.': -120000.0}, {'.': 400.0, ',': 400000.0})
    """
    text = unicodedata.normalize("NFKC", text).translate(LOOKS).strip()
    text = NOTHING_MORE.sub(r"\g<1>0", text)
    sign = -1.0 if text[:1] == "-" else 1.0
    core, times, percent = bare(text) if amounts else (re.sub("^[-+]", "", text), sign, False)
    spaced = bool(SPACED.fullmatch(core))
    core = re.sub("[ ']", "", core) if spaced else core
    values, grouped = {}, []
    for mark, other in (MARKS, MARKS[::-1]):
        thousands = BY_THREES.format(re.escape(other)) + (f"|{BY_LAKH}" if other == "," else "")
        plain = core.replace(mark, ".") if other not in core else None
        if not spaced and re.fullmatch(f"(?:{thousands})(?:{re.escape(mark)}\\d*)?", core):
            plain = core.replace(other, "").replace(mark, ".")
            grouped.append(mark)
        if plain is not None and PLAIN.fullmatch(plain):
            values[mark] = times * float(plain)
    return Written(values, percent, tuple(grouped))


def bare(text: str) -> tuple[str, float, bool]:
    """(figures and separators alone, what they are to be multiplied by, whether per cent)."""
    times, percent, before = 1.0, False, None
    while text != before:
        before = text
        if text[:1] == "(" and text[-1:] == ")":
            text, times = text[1:-1], -abs(times)
        elif "-" in (text[:1], text[-1:]) and times > 0:
            text, times = text[1:] if text[:1] == "-" else text[:-1], -times
        elif text[:1] == "+":
            text = text[1:]
        elif "%" in (text[:1], text[-1:]) and not percent:
            text, percent, times = text.strip("%"), True, times / 100
        elif (match := COUNTED.fullmatch(text)) and abs(times) in (1, 0.01):
            text, times = match[1], times * TIMES[match[2].casefold()]
        else:
            text = without_currency(text)
        text = text.strip()
    return text, times, percent


def without_currency(text: str) -> str:
    """A text without the currency before or after its figures."""
    for match in SIGNS.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        at_an_end = not (re.search(r"\d", before) and re.search(r"\d", after))
        if at_an_end and (not match["code"] or is_currency(match["code"])):
            return f"{before} {after}".strip()
    return text


def currencies_of(texts) -> dict[str, list[str]]:
    """{sign that amounts are written with, the most frequent first: the currencies of ISO 4217 it may be}.

    >>> currencies_of(["1.799,90 TL", "899,90 TL", "€ 5"])
    {'TL': ['TRY'], '€': ['EUR']}
    """
    signs = Counter(match[0].strip(" .") for text in texts if written(text).values
                    for match in SIGNS.finditer(unicodedata.normalize("NFKC", text)))  # fmt: skip
    known = {code: them.split() for code, them in WORDS["currencies"].items()}
    return {sign: [code for code in known if sign.casefold() in known[code]] or [sign]
            for sign, _ in signs.most_common()}  # fmt: skip


def strange_to(stated: str, texts) -> dict:
    """What a problem tells of amounts in other currencies than the one stated; {} where there are none."""
    strange = {sign: c for sign, c in currencies_of(texts).items() if stated not in c}
    codes = " or ".join(code for each in strange.values() for code in each)
    return {"value": ", ".join(strange), "codes": codes, "stated": stated} if strange else {}


def mark_of(cells, cut_at: str = "") -> tuple[str, list[str]]:
    """(decimal mark, []) that a column's texts prove: '.', ',', or EITHER where both are written and
    nothing else is; '' where none is written. ('', cells) with the cells that leave it open, or the
    fewer that contradict.

    cut_at: the delimiter of the file. One cut at commas does not write its decimals with them, so
    that a quoted 3,000 is three thousand.
    """
    proof, open_ones, grouped = {mark: [] for mark in MARKS}, [], False
    for cell in dict.fromkeys(cells):
        said = written(cell)
        if not said.values or not re.search(r"\d[.,]|[.,]\d", cell):
            continue
        if said.number is None and cut_at == "," and "," in cell:
            proof["."].append(cell)
        elif said.number is None:
            open_ones.append(cell)
        elif len(said.values) == 1:
            proof[next(iter(said.values))].append(cell)
            grouped |= bool(said.grouped)
    points, commas = proof.values()
    if points and commas:
        return ("", min(points, commas, key=len)) if open_ones or grouped else (EITHER, [])
    if open_ones and not points and not commas:
        return "", open_ones
    return "," if commas else "." if points else "", []


def as_number(text: str, decimal: str, amounts: bool) -> float | None:
    """A text's number by a decimal mark; None where it is none, or not by this mark.

    With '' for a mark that nobody knows, only what is the same by both.
    """
    said = written(text, amounts)
    if decimal in MARKS:
        return said.values.get(decimal)
    return said.number if decimal == EITHER or len(said.values) > 1 or "," not in text else None


def stated_amount(value):
    """An amount of client.yml: 50_000_000, 50,000,000, 400.000, 1,20,000, € 3 Mio; else as it came.

    Nobody states an amount to the thousandth: three figures behind one sign are thousands.
    """
    if not isinstance(value, str):
        return value
    said = written(value.replace("_", ""))
    return value if said.percent or not said.values else max(said.values.values(), key=abs)


def two_readings(value) -> str:
    """'400 or 400,000' where an amount of client.yml could be read in two ways, else ''."""
    said = written(value.replace("_", "")) if isinstance(value, str) else Written({})
    several = len(set(said.values.values())) > 1
    return f"{value} is read as {stated_amount(value):,.0f}" if several else ""


def stated_share(value):
    """A share of client.yml: 0.22, 0,22 or 22 %; else as it came."""
    said = written(value) if isinstance(value, str) else Written({})
    return value if said.number is None else said.number


def form(text: str) -> str:
    """The form of a text that is plainly a number, figures as 9: '9 cr', '9.9.9'; '' for other texts."""
    found = re.sub(r"\d+", "9", unicodedata.normalize("NFKC", text).strip())
    return found if FORM.fullmatch(found) else ""
