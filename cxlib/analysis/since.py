"""One release against another, of a client or of two: what moved, and what came of what was foreseen.

Everything here is worked out from releases alone, so that a comparison tells nothing finer than they.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from cxlib.analysis.asking import needed, own_columns, table_of, where_known
from cxlib.analysis.cases import how_cases_end, what_cases_are_about
from cxlib.analysis.experience_expectation import gaps, item_gaps
from cxlib.analysis.feedback_loop import net_promoters
from cxlib.analysis.named import NAMED, SHORT, focused
from cxlib.analysis.own_words import themes
from cxlib.analysis.strategy_capability import portfolio
from cxlib.analysis.verdict import verdict
from cxlib.client.case import Case
from cxlib.client.kept import TABLES, Kept, cases_counted, counted, kept_runs
from cxlib.client.release import released
from cxlib.sums.compare import benjamini_hochberg, chance_of
from cxlib.sums.interval import difference_interval

MEASURES = ("experience", "expectation", "gap")
ENDS = ("", "_low", "_high")
SHARED = 0.05  # of the smaller release's people: fewer in both leave a test as it is, or stricter
NOISE = 9  # decimals: of floating point
SEEN = 0.005  # score points: a smaller difference is written as 0.00
WORKED_OUT = dict(zip(TABLES, (gaps, portfolio, net_promoters, item_gaps, themes, what_cases_are_about,
                               how_cases_end), strict=True))  # fmt: skip
KEYS = ("score_of", "dimension")


def as_kept(case: Case, names=TABLES[:3]) -> Kept:
    """What a client comes to now, as a run would keep it, with the tables of these names."""
    found = {name: WORKED_OUT[name](case) for name in names}
    tables = {name: released(case, table) for name, table in found.items() if table is not None}
    about = {name: getattr(case.settings, name) for name in ("scale", "currency", "confidence")}
    about |= {"started": "", "title": case.title, "scale": list(about["scale"])}
    about |= {"inputs": case.inputs, "settings": case.changes, "own": own_columns(case)}
    who = None if case.latest is None else frozenset(counted(case.latest))
    cases = frozenset(cases_counted(case))
    return Kept(0, about, verdict(case).facts(), tables, who, cases)


def last_release(case: Case, reports_dir) -> Kept | None:
    """The last run that was kept of other inputs, as client.yml stood; None where there is none.

    >>> cx.last_release(cx.read_client("meisu", "data"), "nowhere") is None
    True
    """
    runs = kept_runs(Path(reports_dir, case.client)) if reports_dir else []
    others = [run for run in runs if run.about["inputs"] != case.inputs]
    return next((run for run in others[::-1] if not run.about["settings"]), None)


def who_foresaw(case: Case, reports_dir) -> Kept | None:
    """The release whose predictions are told: with the table `predictions` that of the cycle before,
    however often this one has been run since; else the last. None where it is not kept.

    >>> cx.who_foresaw(cx.read_client("meisu", "data"), "nowhere") is None
    True
    """
    if table_of(case, "predictions") is None:
        return last_release(case, reports_dir)
    runs = kept_runs(Path(reports_dir, case.client)) if reports_dir else []
    return next((run for run in runs if not run.number), None)


def on_what(before: Kept | None, now: Kept) -> str:
    """Whether a difference can be tested: apart (other people), else why not: same or shared
    (people are in both), unknown (whether they are), judged (nobody was asked), scales, confidence."""
    if before is None:
        return "unknown"
    for name in ("scale", "confidence"):
        if before.about.get(name) != now.about.get(name):
            return {"scale": "scales"}.get(name, name)
    if not (_has_intervals(before) and _has_intervals(now)):
        return "judged"
    return overlap(before.counted, now.counted)


def overlap(before: frozenset | None, now: frozenset | None) -> str:
    """Whether the same are counted in both: same, shared, apart, or unknown."""
    if not before or not now:
        return "unknown"
    if before == now:
        return "same"
    return "shared" if len(before & now) > SHARED * min(len(before), len(now)) else "apart"


def _has_intervals(run: Kept) -> bool:
    rows = run.tables.get("gap", pd.DataFrame()).reindex(columns=["experience_low"])
    return bool(rows.notna().any(axis=None)) or len(promoters_of(run)) > 0


def rows_of(run: Kept, other: Kept, name: str = "gap") -> pd.DataFrame:
    """Scores of the target where both releases have one, else of everyone; one row per dimension, or
    of the table `items` per question."""
    both = [each.tables.get(name) for each in (run, other)]
    if any(table is None for table in both):
        return pd.DataFrame(columns=["dimension", "n", *MEASURES])
    has_target = all(table["segment"].eq("target").any() for table in both)
    return pd.DataFrame(focused(both[0], "target" if has_target else "all"))


def moved(before: Kept, now: Kept, of: str = "dimension") -> pd.DataFrame:
    """What moved from one release to the other: one row per score and dimension that both have, and
    the net promoter score (of `recommend`) of the last wave of each; or, of `item`, per question.

    score_of, dimension, n, n_before, mean and mean_before with their ends, difference (score points),
    its ends, q and different (beyond chance) where the two are of different people; tested: see
    `on_what`; because : see `decisions_between`; since, until : the days.
    """
    name, tested = "items" if of == "item" else "gap", on_what(before, now)
    one, two = rows_of(before, now, name), rows_of(now, before, name)
    keys = ("score_of", of)
    parts = [paired(of_measure(one, x, of), of_measure(two, x, of), keys) for x in MEASURES]
    if of == "dimension":
        parts.append(paired(promoters_of(before), promoters_of(now)))
    found = pd.concat(parts, ignore_index=True).dropna(subset=["mean", "mean_before"])
    found = differences(found, tested, now.about.get("confidence", 0.95))
    found = found.assign(because="; ".join(decisions_between(before, now)))
    return found.assign(since=before.day, until=now.day or None).reset_index(drop=True)


def decisions_between(before: Kept, now: Kept) -> list[str]:
    """What moves a number of the same answers: files and settings that are others, and columns that a
    client's own notebook has changed; as far as both releases know."""
    changed = set(before.about.get("own", [])) ^ set(now.about.get("own", []))
    for kind in ("inputs", "settings"):
        one, two = (run.about.get(kind, {}) for run in (before, now))
        changed |= {name for name in {*one, *two} if one.get(name) != two.get(name)}
    return sorted(changed)


def of_measure(rows: pd.DataFrame, name: str, of: str = "dimension") -> pd.DataFrame:
    """score_of, dimension (or item), n, mean with its ends, of one measure of a gap table."""
    return as_means(rows, name, [of]).assign(score_of=name)


def as_means(rows: pd.DataFrame, name: str, keys, base: str = "n") -> pd.DataFrame:
    """The keys of the rows, their base as n, and what has this name, with its ends, as mean."""
    columns = {base: "n"} | {f"{name}{end}": f"mean{end}" for end in ENDS}
    return rows.reindex(columns=[*keys, *columns]).rename(columns=columns)


def promoters_of(run: Kept) -> pd.DataFrame:
    """The same of a release's latest net promoter score; no row without one."""
    rows = run.tables.get("nps", pd.DataFrame(columns=["nps"])).dropna(subset=["nps"]).tail(1)
    return as_means(rows, "nps", []).astype(float).assign(score_of="nps", dimension="recommend")


def paired(before, now, keys=KEYS, how: str = "inner") -> pd.DataFrame:
    """Rows of now beside those of before, those alone that both have, or all (`how`: outer)."""
    names = ["n", *(f"mean{end}" for end in ENDS)]
    before = before.rename(columns={name: name.replace("mean", "mean_before") for name in names})
    before = before.rename(columns={"n": "n_before"})
    return now.merge(before, on=list(keys), how=how, validate="one_to_one")


def differences(table: pd.DataFrame, tested: str, confidence: float) -> pd.DataFrame:
    """The same rows with difference, its ends, q, different and tested; no ends where no test may be
    made, no difference where the scales are others, and no row of the same answers that has not moved."""
    ends = [f"{name}{end}" for name in ("mean", "mean_before") for end in ENDS]
    stood = table[ends].astype(float)
    found = pd.DataFrame(difference_interval(stood, stood, "mean", "mean_before"))
    p = chance_of(found, confidence)
    if tested != "apart":
        found[["difference_low", "difference_high"]], p = np.nan, p * np.nan
    if tested == "scales":
        found["difference"] = np.nan
    q = pd.Series(benjamini_hochberg(p), table.index)
    different = (q <= 1 - confidence).astype(object).where(q.notna(), None)
    found = table.assign(**found.round(NOISE), q=q, different=different, tested=tested)
    return found[~found["difference"].abs().lt(SEEN)] if tested.endswith("same") else found


def predictions_of(run: Kept) -> pd.DataFrame:
    """What a release foresaw, as the table `predictions` of the next cycle holds it.

    prediction : key_experience (is to be put right), rise (of an experience, by what the plan was to
        bring), loss (a year, if nothing is done)
    dimension, score_of (what value is: satisfaction, gap, asked_satisfaction, experience, amount),
    segment (all, or target where the design is for it), n, value with low and high as they stood, uplift (score points foreseen), mark, day
    """
    fix, stake, rows = run.verdict.get("fix", {}), run.verdict.get("stake", {}), rows_of(run, run)
    found = []
    if fix.get("kind") in NAMED:
        measure = SHORT.get(fix["ground"], fix["ground"])
        found += [_stood(rows, "key_experience", name, measure) for name in fix["dimensions"]]
    plan = run.tables.get("portfolio")
    if run.verdict.get("ask", {}).get("plan") and plan is not None and "dimension" in plan:
        chosen = plan[plan["chosen"].eq(True)]
        gain = chosen.get("closes", chosen["uplift"]).fillna(chosen["uplift"])
        for name, points in gain.groupby(chosen["dimension"], sort=False).sum(min_count=1).items():
            short = -rows.loc[rows["dimension"].eq(name), "gap"].min()
            points = min(points, short) if short > 0 else points  # no plan goes past the ideal
            stood = _stood(rows, "rise", name, "experience")
            found.append(stood | {"uplift": round(points, NOISE)})
    if stake.get("amount") is not None:
        ends = {name: stake.get(name) for name in ("low", "high", "mark")}
        found.append({"prediction": "loss", "score_of": "amount", "value": stake["amount"]} | ends)
    columns = ["prediction", "dimension", "score_of", "segment", "n", "value", "low", "high"]
    table = pd.DataFrame(found, columns=[*columns, "uplift", "mark"])
    return table.assign(segment=next(iter(rows.get("segment", [])), None), day=run.day)


def _stood(rows, prediction, dimension, measure) -> dict:
    """How a dimension stood in one measure."""
    row = of_measure(rows, measure).set_index("dimension").reindex([dimension]).iloc[0]
    ends = {"value": row["mean"], "low": row["mean_low"], "high": row["mean_high"], "n": row["n"]}
    return {"prediction": prediction, "dimension": dimension, "score_of": measure} | ends


def came_true(foreseen: pd.DataFrame, before: Kept | None, now: Kept) -> pd.DataFrame:
    """What was foreseen of experiences beside what happened: one row per prediction.

    prediction, dimension, score_of, n, mean, n_before, mean_before, difference with its ends and
    different as in `moved`; uplift (points foreseen); came: put_right (no longer short), better,
    worse or as_before (beyond chance, or not) for the key experience; as_foreseen, less or more for a
    rise, by its interval; not_tested where no test may be made, not_asked where there is no score.
    """
    told = foreseen[foreseen["prediction"].ne("loss")]
    whom = "target" if told.get("segment", pd.Series()).eq("target").any() else "all"
    rows = focused(now.tables.get("gap", pd.DataFrame(columns=["segment", "dimension"])), whom)
    names = {"value": "mean", "low": "mean_low", "high": "mean_high"}
    kept = ["dimension", "score_of", "n", *names.values(), "prediction", "uplift"]
    found = [
        paired(part.rename(columns=names)[kept], of_measure(rows, measure))
        for (_, measure), part in told.groupby(["prediction", "score_of"], sort=False)
    ]
    if not found:
        return pd.DataFrame()
    both, confidence = pd.concat(found, ignore_index=True), now.about.get("confidence", 0.95)
    table = differences(both, on_what(before, now), confidence)
    return table.assign(came=_came(table))


def _came(table: pd.DataFrame) -> np.ndarray:
    """What came of each prediction; see `came_true`."""
    numbers = ["difference", "difference_low", "difference_high", "uplift", "mean", "mean_before"]
    change, low, high, uplift, is_now, was = (table[name].astype(float) for name in numbers)
    key = table["prediction"].eq("key_experience")
    came = {
        "not_asked": change.isna(), "not_tested": low.isna(),
        "as_before": key & ~table["different"].eq(True), "put_right": key & (is_now >= 0) & (was < 0),
        "better": key & (change > 0), "worse": key, "less": high < uplift, "more": low > uplift,
    }  # fmt: skip
    return np.select([*came.values()], [*came], "as_foreseen")


def loss_foreseen(foreseen: pd.DataFrame, now: Kept) -> pd.DataFrame | None:
    """The loss foreseen if nothing was done beside that of today: one row, or None; amounts a year
    with their ranges, came: within, below or above the range foreseen, or other_ground: one was measured and
    the other is not. No test: both ranges may rest on one assumption."""
    told, stake = foreseen[foreseen["prediction"].eq("loss")], now.verdict.get("stake", {})
    if told.empty or stake.get("amount") is None:
        return None
    was = told.iloc[0]
    low, high = (was[end] if pd.notna(was[end]) else was["value"] for end in ("low", "high"))
    amount = stake["amount"]
    came = "below" if amount < low else "above" if amount > high else "within"
    if pd.notna(was["mark"]) and (was["mark"] == "measured") != (stake["mark"] == "measured"):
        came = "other_ground"
    ends = {f"amount{end}": stake.get(end[1:] or "amount") for end in ENDS}
    ends |= {f"amount_before{end}": was[end[1:] or "value"] for end in ENDS}
    row = {**ends, "mark": stake.get("mark"), "came": came}
    return pd.DataFrame([row]).astype(dict.fromkeys(ends, float))


@where_known
def moved_since(case: Case, before: Kept | None, of: str = "dimension") -> pd.DataFrame | None:
    """What moved since a release; see `moved`. None without one.

    >>> cx.moved_since(cx.read_client("meisu", "data"), None) is None
    True
    """
    return needed(moved(needed(before), as_kept(case, ("gap", "nps", "items")), of))


@where_known
def foreseen(case: Case, before: Kept | None) -> pd.DataFrame | None:
    """What was foreseen: by the cycle before where the table `predictions` tells it, else by the last
    release; None where neither did.

    >>> cx.foreseen(cx.read_client("meisu", "data"), None) is None
    True
    """
    table = table_of(case, "predictions")
    return needed(predictions_of(needed(before))) if table is None else table


@where_known
def predictions_beside(case: Case, before: Kept | None) -> pd.DataFrame | None:
    """What was foreseen of experiences beside what happened, against the wave that it rests on where
    that is in the file, else against `before`, which is who_foresaw; see `came_true`.

    >>> cx.predictions_beside(cx.read_client("meisu", "data"), None) is None
    True
    """
    told, now = needed(foreseen(case, before)), as_kept(case)
    return needed(came_true(told, its_wave(case, told, now) or before, now))


def its_wave(case: Case, told: pd.DataFrame, now: Kept) -> Kept | None:
    """Who answered in the wave that the predictions rest on, where this cycle's file still holds it."""
    waves = told.get("wave", pd.Series(dtype=str)).dropna()
    if case.survey is None or not len(waves):
        return None
    who = case.survey.people["wave"].isin(waves)
    return replace(now, counted=frozenset(counted(case.survey.among(who)))) if who.any() else None


@where_known
def loss_beside(case: Case, before: Kept | None) -> pd.DataFrame | None:
    """The loss foreseen beside that of today; see `loss_foreseen`.

    >>> cx.loss_beside(cx.read_client("meisu", "data"), None) is None
    True
    """
    return loss_foreseen(needed(foreseen(case, before)), as_kept(case))
