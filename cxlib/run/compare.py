"""`cx compare`: two kept runs of a client, or of two clients, side by side."""

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from cxlib.client.kept import Kept, kept_runs
from cxlib.run import folder
from cxlib.run.asked import TOLD, Usage

WORDS = ("last", "previous")


def compare(asked) -> Path:
    """Writes reports/NAME/compare.html and prints what it says; returns where it is."""
    from cxlib.client.case import read_client
    from cxlib.page.comparison import comparison
    from cxlib.page.page import Page

    before, now, of_two = chosen(asked.client, asked.runs, asked.other, asked.reports)
    html, said = comparison(Page(read_client(asked.client, asked.data)), before, now, of_two)
    path = Path(asked.reports, asked.client, "compare.html")
    folder.write_whole(path, html)
    print(*said, sep="\n")
    return path


def chosen(client: str, words: list[str], other: str, reports) -> tuple[Kept, Kept, bool]:
    """(the earlier run, the later, whether they are of two clients).

    words : up to two of a number, a day, last, previous; one alone may be another client, where no
        run of this client is called so
    """
    runs = runs_of(client, reports)
    if not other and len(words) == 1 and found(words[0], runs) is None:
        is_client = words[0] == Path(words[0]).name and kept_runs(Path(reports, words[0]))
        other, words = (words[0], []) if is_client else ("", words)
    if other:
        theirs = runs_of(other, reports)
        mine = the_run(words[0] if words else "last", runs, client)
        their = the_run(words[1] if len(words) > 1 else "last", theirs, other)
        return of_others(their, mine, other), mine, True
    words = words if len(words) == 2 else [*words, "last"] if words else ["previous", "last"]
    before, now = (the_run(word, runs, client) for word in words)
    if before is now:
        raise Usage(f"{client}: {' and '.join(words)} are the same run. {kept(runs, client)}")
    return before, now, False


def runs_of(client: str, reports) -> list[Kept]:
    """A client's kept runs, oldest first."""
    runs = kept_runs(Path(reports, client))
    if not runs:
        names = {path.parents[2].name for path in Path(reports).glob("*/history/*/run.json")}
        near = get_close_matches(client, names, 1)
        hint = f"Did you mean '{near[0]}'?" if near else f"`cx run {client}` keeps one."
        raise Usage(f"no run of '{client}' is kept in {reports}. {hint}")
    return runs


def the_run(word: str, runs: list[Kept], client: str) -> Kept:
    """The run that a word means; see `chosen`."""
    if word == "previous" and len(runs) == 1:
        raise Usage(TOLD["said"]["one_run"].format(client=client, day=runs[0].day))
    run = found(word, runs)
    if run is None:
        near = get_close_matches(word, [*WORDS, *(run.day for run in runs)], 1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        raise Usage(f"no run '{word}' of {client} is kept.{hint} {kept(runs, client)}")
    return run


def found(word: str, runs: list[Kept]) -> Kept | None:
    """The run called so; of several of one day the last."""
    if word in WORDS:
        return runs[-1] if word == "last" else runs[-2] if len(runs) > 1 else None
    called = [run for run in runs if word in (str(run.number), run.day)]
    return called[-1] if called else None


def kept(runs: list[Kept], client: str) -> str:
    """Which runs there are."""
    return f"Kept of {client}: " + ", ".join(f"{run.number} ({run.day})" for run in runs) + "."


def of_others(run: Kept, mine: Kept, client: str) -> Kept:
    """Another client's run: its people and cases are others, though both number theirs from 1, unless a file of
    answers is the same."""
    files = [set(each.about["inputs"].values()) for each in (run, mine)]
    if files[0] & files[1]:
        return run
    people, cases = (each and frozenset(f"{client} {one}" for one in each) for each in (run.counted, run.cases))  # fmt: skip
    return replace(run, counted=people, cases=cases)
