"""Words, numbers, money and dates in the reader's language.

English full sentences are the keys: those of the headlines stand in `words/sentences.toml`, others in
the code. `locale/*.po` holds their translations, refreshed by `python docs/catalogue.py`.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_compact_decimal, format_decimal, format_percent, get_currency_name

from cxlib.client.settings import LANGUAGES

LOCALES = {tag: tag.replace("-", "_") for tag in LANGUAGES}
# At home the unit says it: 170万元, not 170万人民币; and as Hong Kong says it.
SAID_AS = {("zh_Hans", "CNY"): "元", ("zh_Hant", "HKD"): "港元"}
UNIT = "XXX"  # ISO 4217 for no currency: amounts are then in the client's own unit
AND = re.compile("[与與和及]")
# A full-width bracket has its space, and two Chinese characters none between: 300万至700万.
TIGHT = re.compile("(?<=）) |(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])|(?<=[万萬亿億]至) ")
UNKNOWN = "–"  # what stands for "not known": never 0, never blank


def N_(sentence: str) -> str:
    """Marks text that is translated later, where it is shown."""
    return sentence


@cache
def parts() -> dict[str, dict[str, str]]:
    """{part of a report: {name: English sentence}}, all that stand in `words/sentences.toml`."""
    return tomllib.loads((Path(__file__).parent / "words" / "sentences.toml").read_text("utf-8"))


def sentences_of(part: str) -> SimpleNamespace:
    """The English sentences of one part of a report, each under its name."""
    return SimpleNamespace(**parts()[part])


@cache
def catalogue(locale: str) -> dict[str, str]:
    """English sentence → translation; fuzzy and empty translations do not count."""
    path = Path(__file__).parent / "locale" / f"{locale}.po"
    if not path.exists():
        return {}
    with path.open("rb") as lines:
        messages = read_po(lines, locale=locale)
    return {m.id: m.string for m in messages if m.id and m.string and not m.fuzzy}


@cache
def untranslated(locale: str) -> frozenset[str]:
    """The sentences that other languages have words for and this one has none."""
    others = [] if locale == "en" else [set(catalogue(each)) for each in LOCALES.values()]
    return frozenset().union(*others) - set(catalogue(locale))


class Untranslated(Exception):
    """A language whose catalogue is begun is asked for what it has no words for yet."""


def not_yet(tag: str) -> str:
    """Why no whole report can be made in a language; "" where one can."""
    missing, known = untranslated(LOCALES[tag]), catalogue(LOCALES[tag])
    if not missing:
        return ""
    whole = [each for each, locale in LOCALES.items() if not untranslated(locale)]
    return (
        f"language: {tag} has words for {len(known):,} of {len(known) + len(missing):,} sentences, "
        f"which is no whole report. Translate the others in {LOCALES[tag]}.po (`python "
        f"docs/catalogue.py {LOCALES[tag]}` lists them there), or choose {', '.join(whole)}."
    )


@dataclass(frozen=True)
class Language:
    """Everything that depends on the language and the currency of a report."""

    tag: str = "en"
    currency: str = ""

    @property
    def locale(self) -> str:
        """Its name in Babel and in the catalogues."""
        return LOCALES.get(self.tag, "en")

    @property
    def chinese(self) -> bool:
        """Whether it is one of the two Chinese."""
        return self.tag.startswith("zh")

    def say(self, sentence: str, /, **values) -> str:
        """The sentence in this language, its {named} places filled; refused where a language that is
        begun has no words for it."""
        if sentence in untranslated(self.locale):
            raise Untranslated(f"“{sentence}” has no words yet. {not_yet(self.tag)}")
        text = self.word(sentence)
        said = text.format(**values) if values else text
        return TIGHT.sub("", said) if self.chinese else said

    def word(self, words: str) -> str:
        """A word in this language where it is one of ours, else as it stands."""
        return catalogue(self.locale).get(words, words)

    def number(self, value, digits: int = 1) -> str:
        """A number; – where it is not known."""
        if not _known(value):
            return UNKNOWN
        value = round(float(value), digits) + 0.0  # + 0.0: no "-0.0"
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(value, pattern, locale=self.locale).replace("-", "−")

    def signed(self, value, digits: int = 1) -> str:
        """A number with its sign."""
        text = self.number(value, digits)
        return "+" + text if _known(value) and round(float(value), digits) > 0 else text

    def count(self, value) -> str:
        """A whole number; money to the unit, for tables: 4,912,600."""
        return self.number(value, 0)

    def share(self, value, digits: int = 0) -> str:
        """A share, 0–1, in per cent."""
        if not _known(value):
            return UNKNOWN
        sign = Locale.parse(self.locale).percent_formats[None].pattern.removeprefix("#,##0")
        pattern = "#,##0" + ("." + "0" * digits if digits else "") + sign
        return format_percent(float(value) + 0.0, pattern, locale=self.locale).replace("-", "−")

    def percentage(self, value) -> str:
        """A share, 0–1, in per cent with the decimals that it was given with, at most two: 99.9%.

        One that was counted, of any number of decimals, has one; two where one would say 100% or 0%.
        """
        known = 100 * float(value)
        digits = own_digits(known, 3)
        return self.share(value, digits if digits < 3 else 1 if 0.05 <= known < 99.95 else 2)

    def figures(self, value) -> str:
        """A number with the decimals that it has: 37, 5.6."""
        return self.number(value, own_digits(value, 12))

    def short(self, value, figures: int = 3) -> str:
        """A large number to so many significant figures: 4.91 million, 491万."""
        if not _known(value):
            return UNKNOWN
        value = round_figures(float(value), figures)
        how = "short" if self.chinese else "long"
        if abs(value) < 1e6 and not self.chinese:
            return self.number(value, 0)
        text = format_compact_decimal(value, locale=self.locale, fraction_digits=2, format_type=how)
        return text.replace("-", "−")

    def money(self, value, figures: int = 2) -> str:
        """Money for sentences and figures: HKD 4.9 million, 490万港元."""
        if not _known(value):
            return UNKNOWN
        return self.in_currency(self.short(value, figures))

    def money_range(self, low, high, figures: int = 2) -> str:
        """A range of money, currency and unit said once: HKD 3.1 to 8 million, 310至800万港元."""
        low, high = self.short(low, figures), self.short(high, figures)
        units = [re.search(r"\s*[^\W\d]*$", end)[0] for end in (low, high)]
        low = low.removesuffix(units[0]) if units[0] == units[1] else low
        return self.in_currency(self.say(N_("{low} to {high}"), low=low, high=high))

    def in_currency(self, amount: str) -> str:
        """An amount, or {amount} itself for a page's script, with its currency."""
        words = N_("{amount} units") if self.currency == UNIT else N_("{currency} {amount}")
        return self.say(words, currency=self.currency_word, amount=amount).strip()

    @property
    def is_money(self) -> bool:
        """False where amounts are in a unit of the client's own."""
        return self.currency != UNIT

    @property
    def currency_word(self) -> str:
        """HKD in English, 港元 in Chinese; what a unit of account is called has no sign."""
        if self.currency == UNIT:
            return self.say(N_("units"))
        if (self.locale, self.currency) in SAID_AS:
            return SAID_AS[self.locale, self.currency]
        if self.chinese and self.currency:
            return get_currency_name(self.currency, locale=self.locale)
        return self.currency

    def date(self, day, width: str = "long") -> str:
        """A day, as a date or as text (2026-11-21 …); other text as it stands."""
        try:
            return format_date(date.fromisoformat(str(day)[:10]), width, locale=self.locale)
        except ValueError:
            return str(day)

    def join(self, words, most: int = 99) -> str:
        """Names in a row: a, b, and c; the first ones and how many more, a, b, and 3 more, or in Chinese
        how many in all."""
        words = [str(word) for word in words]
        if len(words) > most and self.chinese:
            facts = {"names": "、".join(words[:most]), "count": self.count(len(words))}
            return self.say(N_("{names} and {count} more"), **facts)
        if len(words) > most:
            more = self.say(N_("{count} more"), count=self.count(len(words) - most))
            words = [*words[:most], more]
        # A Chinese name that holds an "and" of its own would run into the list's.
        if self.chinese and any(AND.search(word) for word in words):
            return "、".join(words)
        return format_list(words, locale=Locale.parse(self.locale))


def own_digits(value: float, most: int) -> int:
    """Decimals that a number has; `most` where it has as many or more, or is not known."""
    digits = range(most if _known(value) else 0)
    return next((d for d in digits if abs(round(float(value), d) - value) < 1e-9), most)


def round_figures(value: float, figures: int) -> float:
    """The value to so many significant figures."""
    return float(f"{value:.{figures}g}")


def _known(value) -> bool:
    return value is not None and not isinstance(value, str) and not pd.isna(value)
