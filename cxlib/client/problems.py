"""What is wrong with what we were sent, said so that a person can put it right."""

import json
import tomllib
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from cxlib.client.onlooker import told_of

SAID = tomllib.loads(Path(__file__).with_name("problems.toml").read_text(encoding="utf-8"))
SHOWN = 5  # values listed in one message; the rest are counted
LONGEST = 120  # characters of one value in a message


@dataclass(frozen=True)
class Problem:
    """One broken rule in one column of one file, over all the rows that break it.

    file     as the reader would type it
    row      rows that break it, as a person counts them in the file (the header is row 1); in
             client.yml, the line. "" where it is not a matter of rows
    column   column of the table, or dotted key of client.yml; "" where it is the whole file
    value    the values found, the first few
    rule     what is broken, as a sentence that goes on from file and column
    remedy   what to do
    count, of   rows that break it, and rows there are
    """

    file: str
    rule: str
    remedy: str = ""
    column: str = ""
    row: str = ""
    value: str = ""
    count: int = 1
    of: int = 0

    def __str__(self) -> str:
        column = f"'{self.column}' " if self.column else ""
        often = f" in {self.count:,} of {self.of:,} rows" if self.of else ""
        value = f": {self.value}" if self.value else ""
        word = "line" if self.file.endswith(".yml") else "row"
        plural = "s" if "," in self.row or "–" in self.row else ""
        row = f" ({word}{plural} {self.row})" if self.row else ""
        remedy = f"\n{self.remedy}" if self.remedy else ""
        return plain(f"{self.file}: {column}{self.rule}{often}{value}{row}.{remedy}")


class ClientError(Exception):
    """A client's input cannot be used; `problems` lists every reason at once."""

    def __init__(self, problems):
        self.problems = list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n\n".join(str(problem) for problem in self.problems)

    def _render_traceback_(self) -> list[str]:  # IPython's own hook
        return told_of(self)

    def __reduce__(self):  # crosses from a worker process to the one that reports
        return ClientError, (self.problems,)


def said(name: str, /, **facts) -> tuple[str, str]:
    """(rule, remedy) of `problems.toml` under a name, with what was found in its brackets."""
    rule, remedy = (*SAID[name], "")[:2]
    return rule.format(**facts), remedy.format(**facts)


def problem(file, name: str, /, column="", row="", value="", count=1, of=0, **facts) -> Problem:
    """A problem that `problems.toml` has under a name; see `Problem` and `said`."""
    return Problem(str(file), *said(name, **facts), column, row, value, count, of)


def refusal(file, name: str, /, *where, **facts) -> ClientError:
    """That problem, to be raised."""
    return ClientError([problem(file, name, *where, **facts)])


def first_few(values, shown: int = SHOWN) -> str:
    """'a, b, c … 4 more': the first values of a list, and how many are not shown."""
    values = [clipped(str(value)) for value in values]
    more = len(values) - shown
    return ", ".join(values[:shown]) + (f" … {more:,} more" if more > 0 else "")


def clipped(text: str) -> str:
    """A value as it can be shown in a message: the beginning of a long one."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … ({len(text):,} characters)"


def plain(text: str) -> str:
    """A text without what a terminal or a page would obey: control signs and half letters by number."""
    kept = {"\n", "\xa0", "\u202f", "\u3000"}  # line ends, and the blanks that people write
    return "".join(
        each if each.isprintable() or each in kept else each.encode("unicode_escape").decode()
        for each in text
    )


def nearest(name, known, alike: float = 0.6) -> str:
    """The known name that a misspelt one most resembles, or ''."""
    by_folded = {str(each).casefold(): str(each) for each in known}
    close = get_close_matches(str(name).casefold(), by_folded, n=1, cutoff=alike)
    return by_folded[close[0]] if close else ""


def did_you_mean(name, known, none: str = "Known: .") -> str:
    """'Did you mean X?' where something is near, else the list to choose from, or what says that
    there is none."""
    near, listed = nearest(name, known), first_few(sorted(map(str, known)), 30)
    return f"Did you mean '{near}'?" if near else f"Known: {listed}." if listed else none


def named_alike(labels: dict) -> list[str]:
    """'Price (a, b)' for every label, in any language, that several keys have."""
    keys = {}
    for key, label in labels.items():
        for text in set(label.values() if isinstance(label, dict) else [label]):
            keys.setdefault(text, []).append(key)
    return [f"{text} ({', '.join(each)})" for text, each in keys.items() if len(each) > 1]


@contextmanager
def readable(shown: str, what: str, name: str = "unreadable"):
    """Turn whatever a library raises on a damaged file into a refusal: it can break anywhere."""
    try:
        yield
    except (ClientError, MemoryError):  # of which the file's damage is not the reason
        raise
    except Exception as error:
        said = str(error).strip().splitlines()
        reason = clipped(said[0]) if said else type(error).__name__
        raise refusal(shown, name, what=what, reason=reason) from None


def read_json(path, kind: type = dict):
    """The JSON object in a file, or what else of JSON; empty where there is no such file, or none of ours."""
    try:
        found = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError):
        return kind()
    return found if isinstance(found, kind) else kind()
