"""Values and codes in the reader's words: the part of the page that every table and sentence asks."""

from functools import partial
from itertools import groupby
from string import ascii_lowercase
from unicodedata import bidirectional

import numpy as np
import pandas as pd
from markupsafe import Markup

from cxlib.client.settings import EVERYONE, TARGET
from cxlib.page import terms
from cxlib.page.language import N_, UNKNOWN, own_digits, round_figures, sentences_of
from cxlib.page.sentences import SENTENCES, Aside, Telling, alone

SAID = sentences_of("page")
TRUTH = (bool, np.bool_)
OURS = ("outcome", "measure", "everyone")  # kinds whose codes a client cannot choose
# Drivers may be dimensions; an outcome, or a group, may be an item.
NAMED_ALSO = {"item": ["dimension"], "dimension": ["item"], "grouping": ["item"],
              "limit": ["initiative", "capacity"]}  # fmt: skip


def needed(share: float) -> float:
    """A share that is least needed, to the whole per cent at which it is enough.

    >>> needed(0.6402), needed(0.64)
    (0.65, 0.64)
    """
    return float(np.ceil(round(100 * share, 6)) / 100)


def isolated(text: str) -> str:
    """Words that run from right to left, kept from moving the numbers beside them (Unicode FSI, PDI)."""
    runs_left = any(bidirectional(each) in ("R", "AL") for each in text)
    return f"\u2068{text}\u2069" if runs_left else text


class Place:
    """A place of a sentence that names a column of the row it is said of, or a value, and how it is
    written: {revenue:money}, {share:share1~}: ~ with its interval, where one is known. A whole number
    is a count unless told; what is no number stands as it is."""

    def __init__(self, page, row, name: str):
        self.page, self.row, self.name = page, row, name

    def __format__(self, kind: str) -> str:
        value = self.row[self.name]
        if not kind:
            return self.page.language.count(value) if isinstance(value, int) else str(value)
        if kind == "code":
            return self.page.code_or_name(value, self.name)
        write = partial(self.page.spoken, kind=kind.rstrip("~"))
        if kind.endswith("~"):
            return self.page.within(self.row, self.name, write)
        return alone(self.row, self.name, write)


class Worded(Telling):
    """What `Page` says; it has a `language`, a `case`, a `focus` and a `gate`."""

    def say(self, sentence: str, row=None, /, **values) -> str:
        """A sentence of ours in the language of the page, its places filled with the values and from
        the row, each as the sentence says; see `Place`.

        >>> page.say("{share:share1} of {n:count}", pd.Series({"share": 0.25, "n": 1200}))
        '25.0% of 1,200'
        """
        told = {} if row is None else {name: Place(self, row, name) for name in dict(row)}
        told |= {name: Place(self, values, name) for name in values}
        return self.language.say(sentence, **told)

    def spoken(self, value, kind: str) -> str:
        """A value as a sentence writes it: share1 is a share with one decimal, share^ one that is least
        needed, rounded up to where that is true; what is no number of ours is the client's word."""
        if kind == "share^":
            return self.language.share(needed(value))
        how = kind.rstrip("0123")
        if how in ("share", "number", "signed", "count", "money", "short"):
            return getattr(self.language, how)(value, *map(int, kind[len(how) :]))
        if how in ("probability", "level", "quoted", "as_score", "as_mean"):
            return getattr(self, how)(value)
        made = how in ("year", "about", "path", "limit")
        return self.write(value, kind) if made else self.label(kind, value)

    def as_score(self, value, digits=1) -> str:
        """5, not 5.0, where the score was given as a whole number; no zeros behind 4.2 either."""
        return self.language.number(value, own_digits(value, digits))

    def as_mean(self, value, digits=1) -> str:
        """A mean of answers with all its decimals, 3.0; a score that somebody gave as it was given, 3."""
        write = self.language.number if self.settings.survey else self.as_score
        return write(value, digits)

    def writer(self, kind):
        """What writes a value of this kind; a function as it is."""
        return partial(self.spoken, kind=kind) if isinstance(kind, str) else kind

    def quoted(self, words) -> str:
        """Words in the quotation marks of the language.

        >>> page.quoted("Closed")
        '“Closed”'
        """
        return self.say(N_("“{words}”"), words=words)

    def joined(self, parts) -> str:
        """Sentences one after the other, as the language writes them."""
        return ("" if self.language.chinese else " ").join(parts)

    def paragraphs(self, said) -> Markup:
        """What follows a headline, in turn for the reader and for the consultant alone."""
        html = Markup('<p class="{}">{}</p>')
        told = groupby(said, lambda each: "aside" if isinstance(each, Aside) else "lede")
        return Markup("").join(html.format(style, self.joined(each)) for style, each in told)

    def sentence(self, name: str, *tables, **facts) -> str:
        """The computed sentence or sentences, as text.

        >>> "Convenience" in page.sentence("key_experience", cx.gaps(case))
        True
        """
        return self.joined(self.sentences(name, *tables, **facts))

    def sentences(self, name: str, *tables, **facts) -> list[str]:
        """The computed sentences, one by one."""
        if name not in SENTENCES:
            known = ", ".join(SENTENCES)
            raise KeyError(f"No headline is called {name!r}. There are: {known}.")
        facts = {key: self.gated(fact) for key, fact in facts.items()}
        said = SENTENCES[name](self, *map(self.gated, tables), **facts) or []
        return [part for part in ([said] if isinstance(said, str) else said or []) if part]

    def gated(self, given):
        """A table as it may be shown; what is none, as it is."""
        return self.gate(given) if isinstance(given, pd.DataFrame) else given

    def listed(self, parts) -> str:
        """Parts of a sentence one after the other, a semicolon between."""
        return self.say(N_("; ")).join(parts)

    @property
    def whole(self) -> str:
        """What the shares of the tree are of: revenue, or what is told in a unit of the client's own."""
        is_money = self.language.is_money
        return self.say(N_("revenue") if is_money else N_("what all customers are worth"))

    def label(self, kind: str, key) -> str:
        """The client's word for a dimension, item, segment, stage …, else ours.

        >>> page.label("dimension", "convenience")
        'Convenience'
        """
        # A client may well have a segment "other" or "existing": only two are the workbook's own.
        own = kind in OURS or (kind in ("segment", "role") and key in (EVERYONE, TARGET))
        if own and key in terms.CODES:
            return self.say(terms.CODES[key])
        if kind == "grouping" and key in terms.GROUPINGS:
            return self.say(terms.GROUPINGS[key])
        words = (str(self.case.label(of, key)) for of in (kind, *NAMED_ALSO.get(kind, ())))
        said = next((each for each in words if each != str(key)), str(key))
        if said == str(key):  # the contract's own codes, which a client need not label
            if kind in ("item", "dimension") and key in terms.ASKED and key in terms.CODES:
                return self.say(terms.CODES[key])
            said = terms.PLACES.get(kind, {}).get(str(key), said)
        return isolated(self.language.word(said))

    def code(self, key: str, codes: dict = terms.CODES) -> str:
        """Our word for one of our codes (a branch, an input, a lever, a source).

        >>> page.code("assumption")
        'assumed'
        """
        return self.say(codes[key]) if key in codes else str(key)

    def write(self, value, kind: str, name: str = "") -> str:
        """A value as the reader sees it; see `terms.COLUMNS` for the kinds.

        >>> page.write(0.256, "share"), page.write(None, "score")
        ('26%', '–')
        """
        if kind == "yes":
            return self.say(N_("yes")) if isinstance(value, TRUTH) and value else ""
        if value is None or (not isinstance(value, str) and pd.isna(value)):
            return UNKNOWN if kind not in ("text", "mark") else ""
        if isinstance(value, str) and kind in terms.NUMBERS:
            return value
        language, how = self.language, kind.rstrip("012").replace("score", "number")
        if kind == "score" or (how in ("number", "signed") and how != kind):  # score2: two decimals
            return getattr(language, how)(value, *map(int, kind.lstrip(ascii_lowercase)))
        of = "owner" if name == "owners" else "channel"  # what a path leads along
        writers = {
            "signed": language.signed,
            "growth": lambda x: ("+" if x > 0 else "") + language.share(x),
            "reason": self.reason,
            "about": lambda x: self.say(terms.COLUMNS[x][0]) if x in terms.COLUMNS else str(x),
            "table": lambda x: self.code(x, terms.TABLES),
            "said": self.say,
            "count": language.count,
            "year": lambda x: language.count(np.ceil(x)),
            "number": lambda x: language.number(x, 0 if abs(x) >= 1000 or x == int(x) else 2),
            "money": language.count,
            "worth": lambda x: language.count(round_figures(x, 2)),
            "points": lambda x: language.figures(round_figures(x, 2)),
            # 61 %, 9.8 %, 0.4 %: two figures, as far as a survey can carry them
            "share": lambda x: language.share(x, 0 if abs(x) >= 0.1 or round(x, 2) == x else 1),
            "percent": language.percentage,
            "p": self.probability,
            "mark": self.code,
            "kano": lambda x: self.code(x, terms.KANO),
            "date": lambda x: language.date(x, "medium"),
            "code": lambda x: self.code_or_name(x, name),
            "path": lambda x: " → ".join(self.label(of, each.strip()) for each in x.split(">")),
            "limit": self.limit,
            "level": self.level,
            "served": lambda x: self.label("item", x),  # a statement of the register says itself
            "initiatives": lambda x: self.names("initiative", filter(None, x.split("; "))),
            "codes": lambda x: language.join(self.code(each) for each in x.split(";") if each),
        }
        if kind in writers:
            return writers[kind](value)
        return str(value) if kind == "text" else self.label(kind, value)

    def code_or_name(self, key: str, column: str) -> str:
        """Our word for a code of a column, else the client's."""
        codes = terms.OWN_CODES.get(column, terms.CODES)
        return self.code(key, codes) if key in codes else self.label(column, key)

    def level(self, value) -> str:
        """A service level as it is called; one of 0 to 1 is a share.

        >>> page.level("0.95"), page.level("gold")
        ('95%', 'gold')
        """
        known = pd.to_numeric(value, errors="coerce")
        if pd.isna(known):
            return str(value)
        share = 0 < known <= 1
        known = known if isinstance(value, str) else round(known, 2)  # read between two: about
        return self.language.percentage(known) if share else self.language.figures(known)

    def limit(self, key: str) -> str:
        """What limits a plan: an initiative, a kind of fit, or a capacity of the client's."""
        said = self.label("limit", key)
        ours = said == str(key) and key in terms.COLUMNS
        return self.say(terms.COLUMNS[key][0]) if ours else said

    def reason(self, key: str) -> str:
        """Why a plan refuses, why a value was left out, or the client's word for a reason.

        >>> page.reason("over_budget"), page.reason("is off the scale 1–7")
        ('costs more than the budget', 'is off the scale 1–7')
        """
        if key in terms.REASONS:
            return self.code(key, terms.REASONS)
        return terms.left_out_reason(key, self.say) or self.label("reason", key)

    def probability(self, p) -> str:
        """Never 0 or 100 %: a simulation cannot know that.

        >>> page.probability(0.999)
        'over 99%'
        """
        if p > 0.99:
            return self.say(N_("over {share}"), share=self.language.share(0.99))
        if p < 0.01:
            return self.say(N_("under {share}"), share=self.language.share(0.01))
        return self.language.share(p)

    def changed_words(self, columns) -> str:
        """Which columns a notebook of this client's own has changed."""
        names = [self.say(terms.COLUMNS.get(name, (name,))[0]) for name in columns]
        told = [self.say(SAID.changed, names=self.language.join(names))]
        return self.joined(told + [self.say(SAID.rank_unknown)] * ("key_experience" in columns))
