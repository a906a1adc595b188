"""`cx next`: the next cycle of a client, from where the last one ended."""

import shutil
from pathlib import Path

import pandas as pd

from cxlib.client.kept import COUNTED, HISTORY, PRIVATE, kept_runs, write_private
from cxlib.run.asked import NotYet
from cxlib.run.folder import read_json

START = "000"  # in the history of the next cycle: how the last one ended


def begin(asked) -> str:
    """Makes the folder, and tells what was carried over and what is to be brought."""
    from cxlib.analysis.feedback_loop import actions
    from cxlib.analysis.since import predictions_of
    from cxlib.client.case import read_client
    from cxlib.client.following import next_client, next_name, to_bring

    client, new = asked.client, asked.new or next_name(asked.client)
    case = read_client(client, asked.data)
    place, report = Path(asked.reports, client), Path(asked.reports, new)
    runs = [run for run in kept_runs(place) if not run.about["settings"]]
    if not runs:
        raise NotYet(f"{client} has not been run as client.yml stands: `cx run {client}` first.")
    if report.exists():
        where = f"{report} is there already, and the next cycle's report goes there"
        raise NotYet(f"{where}: name another.")
    last, foreseen = runs[-1], predictions_of(runs[-1])
    proved, todo = proved_in(place), actions(case)
    nothing = pd.Series(dtype=bool)
    done = nothing if todo is None else todo.set_index("finding")["state"].eq("done")
    folder = next_client(case, new, proved, last.day, done, foreseen)
    hand_over(place, report, last.number)
    carried = [f"the brand value ({', '.join(proved)})"] if proved else []
    carried += ["ideals as decided", f"open actions: {int((~done).sum())}"]
    carried.append(f"predictions: {len(foreseen)} (predictions.csv)")
    bring = to_bring(case)
    nothing = "" if proved else "Nothing was repaired and proved, so there is no new brand value.\n"
    return (
        f"{folder} begins where {client} ended (run {last.number} of {last.day}).\n{nothing}"
        f"Carried over: {', '.join(carried)}.\nTo be brought: {', '.join(bring) or 'new data'}.\n"
        f"Then `cx check {new}`."
    )


def proved_in(place: Path) -> list[str]:
    """Dimensions that the last report calls repaired and proved."""
    path = place / "results" / "next_cycle.csv"
    if not path.is_file():
        return []
    table = pd.read_csv(path)
    return list(dict.fromkeys(table.loc[table["next"].eq("brand_value"), "dimension"]))


def hand_over(place: Path, report: Path, number: int) -> None:
    """The last release of one cycle is what the first run of the next is set against."""
    name = f"{number:03d}"
    shutil.copytree(place / HISTORY / name, report / HISTORY / START)
    known = read_json(place / PRIVATE / COUNTED)
    if name in known:
        write_private(report / PRIVATE / COUNTED, {START: known[name]})
