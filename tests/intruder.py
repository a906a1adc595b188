"""An intruder: small random clients, and what adding and subtracting their tables gives away.

Used by tests/test_intruder.py and, for a thousand clients, by bench/intruder.py.
"""

import json
from functools import cache
from itertools import combinations, product

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from cxlib.analysis import client_brief, experience_expectation, targets
from cxlib.client.case import read_client
from cxlib.client.groupings import groupings as groupings_of
from cxlib.client.release import released, withheld
from cxlib.client.settings import TARGET
from cxlib.sums.linked import rest_is_everyone
from cxlib.sums.rounding import unit

LEAST = 10  # people: the clients' `disclosure`
KINDS = ("plain", "blanks", "nested", "alike", "missing", "subsets", "targets", "roles")
MEASURES, DIMENSIONS = ("experience", "expectation", "importance"), ("product", "service")


def small_client(root, seed: int) -> str:
    """Writes a client of 30 to 140 people, of one of KINDS, under `root`; its name."""
    rng, kind = np.random.default_rng(seed), KINDS[seed % len(KINDS)]
    n, name = int(rng.integers(30, 140)), f"{kind}-{seed}"
    groups = ["a", "b", "c", "d"][: int(rng.integers(2, 5))]
    shares = rng.dirichlet(np.full(len(groups), 1.5))
    answers = pd.DataFrame({"id": [f"r{i}" for i in range(n)]})
    answers["segment"] = rng.choice(groups, n, p=shares)
    answers["city"] = rng.choice(["nice", "lyon", "pau", "paris"], n, p=[0.08, 0.3, 0.17, 0.45])
    answers["region"] = answers["city"].isin(["nice", "lyon"]).map({True: "south", False: "north"})
    for measure in MEASURES:
        for dimension in DIMENSIONS:
            answers[f"{measure}_{dimension}"] = rng.integers(0, 11, n).astype(object)
    scored = [f"{measure}_{dimension}" for measure in MEASURES for dimension in DIMENSIONS]
    if kind == "blanks":
        answers.loc[rng.random(n) < 0.08, "segment"] = ""
    if kind == "alike":
        answers.loc[answers["segment"] == groups[0], scored] = 1
    if kind == "missing":
        for column in scored:
            answers.loc[rng.random(n) < 0.1, column] = ""
    if kind == "subsets":
        for column in scored[2:]:
            answers.loc[rng.permutation(n)[int(rng.integers(2, n)) :], column] = ""
    if kind == "roles":
        answers["segment"] = answers["segment"].where(rng.random(n) < 0.9, "rare")
    _write(root / name, answers, scored, rng, kind, groups)
    return name


def _write(folder, answers, scored, rng, kind, groups) -> None:
    folder.mkdir(parents=True)
    book = [
        {"column": name, "measure": name.split("_")[0], "item": f"{name.split('_')[1]}_q",
         "dimension": name.split("_")[1]} for name in scored
    ]  # fmt: skip
    nested = ["city", "region"] if kind in ("nested", "roles") else []
    book += [{"column": name, "measure": "group", "item": name} for name in nested]
    answers.to_csv(folder / "survey.csv", index=False)
    pd.DataFrame(book).to_csv(folder / "codebook.csv", index=False)
    survey = {"file": "survey.csv", "respondent": "id", "segment": "segment"}
    settings = {
        "name": folder.name, "currency": "USD", "disclosure": LEAST,
        "dimensions": {name: name for name in DIMENSIONS},
        "survey": survey | ({"groups": nested} if nested else {}),
    }  # fmt: skip
    there = set(answers["segment"]) - {""}
    if kind == "targets" and len(there) > 1:
        settings["target_segments"] = sorted(there)[: int(rng.integers(1, len(there)))]
    (folder / "client.yml").write_text(json.dumps(settings))


def tables_of(case, gate) -> dict[str, pd.DataFrame]:
    """The tables of a release that share people, each through `gate(case, table)`."""
    found = {
        "gap": case.scores, "items": case.item_scores, "bases": client_brief.bases(case),
        "segments": experience_expectation.segments_against_the_rest(case), "shares": targets.target_customers(case),
    }  # fmt: skip
    return {name: gate(case, table) for name, table in found.items() if table is not None}


def known_sums(tables) -> dict[str, dict]:
    """{(grouping, group): (people, sum of their answers)} for each (measure, dimension) told."""
    names = tables["gap"]["dimension"].unique()
    told = {dimension: told_means(tables, dimension) for dimension in names}
    return {dimension: {name: (n, n * mean) for name, (n, mean) in each.items()}
            for dimension, each in told.items() if each}  # fmt: skip


def told_means(tables, dimension) -> dict[tuple, tuple]:
    """{(grouping, group): (people, mean experience)} of every set of people told of."""
    known: dict = {}
    gap, compared = tables["gap"], tables.get("segments", pd.DataFrame())
    for row in gap[gap["dimension"] == dimension].dropna(subset=["n", "experience"]).itertuples():
        name = ("everyone", "all") if row.segment == "all" else ("segment", row.segment)
        known[name] = (row.n, row.experience)
    for row in compared.itertuples():
        if (row.measure, row.dimension) == ("experience", dimension) and not pd.isna(row.mean):
            known[row.grouping, row.group] = (row.n, row.mean)
            known[row.grouping, f"not {row.group}"] = (row.n_rest, row.mean_rest)
    return known


def found_by_subtraction(case, tables) -> list[str]:
    """Small sets of people that are a sum or difference of up to three of those told, whoever
    answered what, and whose number and mean come out so, to within a tenth."""
    sets, found = small_sets(case), []
    for dimension, told in known_sums(tables).items():
        values = case.latest.answers[("experience", f"{dimension}_q")]
        answered, sums = values.notna().to_numpy(), values.fillna(0).to_numpy()
        who = np.array([people_of(case, name).to_numpy() & answered for name in told], dtype=int)
        hunted = {name: each.to_numpy() & answered for name, each in sets.items()}
        weights = combined(len(told))
        people, (count, total) = weights @ who, (weights @ np.array(list(told.values()))).T
        for name, each in hunted.items():
            if not 0 < each.sum() < LEAST:
                continue
            near = (people == each).all(axis=1) & (np.abs(count - each.sum()) < 0.5)
            right = sums[each].sum()
            near &= np.abs(total - right) <= 0.1 * max(abs(right), 1)
            found += [
                f"{dimension}: {name} = {list(told)} {weights[at]}"
                for at in np.flatnonzero(near)[:1]
            ]
    return found


@cache
def combined(count: int) -> np.ndarray:
    """Every sum and difference of one, two or three of so many, one row of weights each."""
    rows = []
    for size in (1, 2, 3):
        for places in combinations(range(count), size):
            for signs in product((1, -1), repeat=size):
                rows.append(np.zeros(count, dtype=int))
                rows[-1][list(places)] = signs
    return np.array(rows)


def people_of(case, name) -> pd.Series:
    """Who is in a set told by its name; the rest of a group with those who left it out, or not."""
    grouping, group = name
    if grouping == "everyone":
        return pd.Series(True, case.latest.people.index)
    values = groupings_of(case)[grouping]
    if group == TARGET:
        return values.isin(case.settings.target_segments)
    if not group.startswith("not "):
        return values == group
    rest = values != group.removeprefix("not ")
    return rest if rest_is_everyone(values, LEAST) else rest & values.notna()


def small_sets(case) -> dict[str, pd.Series]:
    """{name: who}: the groups of too few people, who left a grouping out, and whoever only two
    groupings together tell apart."""
    found = {}
    groupings = groupings_of(case)
    for name, values in groupings.items():
        found[f"blank {name}"] = values.isna()
        found |= {f"{name} {group}": values == group for group in values.dropna().unique()}
    for (one, first), (two, second) in combinations(groupings.items(), 2):
        for a in first.dropna().unique():
            for b in second.dropna().unique():
                found[f"{one} {a}, not {two} {b}"] = (first == a) & (second != b)
    return {name: who for name, who in found.items() if 0 < who.sum() < LEAST}


def bounds_are_wide(case, tables, p: float = 0.10) -> list[str]:
    """Groups withheld whose size a linear programme narrows to less than ± p, or whose mean answer
    to less than p of the scale: [] where none is.

    Unknown: the people of every combination of groups, then the sum of their answers. Known: every
    base told, to ± 2.5; then every mean told, to ± half its unit, and (more than anybody knows) how
    many people each combination has.
    """
    groupings = {k: v.astype(object).where(v.notna(), "") for k, v in groupings_of(case).items()}
    who = pd.DataFrame(groupings)
    kinds = who.drop_duplicates().reset_index(drop=True)
    rows, low, high = [np.ones(len(kinds))], [len(case.latest.people)], [len(case.latest.people)]
    bases = tables["bases"]
    for row in bases.dropna(subset=["n"]).itertuples():
        if row.grouping in kinds:
            rows.append((kinds[row.grouping] == row.group).to_numpy(dtype=float))
            low.append(row.n - 2.5)
            high.append(row.n + 2.5)
    found = []
    hidden = {(row.grouping, row.group): (kinds[row.grouping] == row.group).to_numpy(dtype=float)
              for row in bases[bases["flag"].eq("withheld")].itertuples()}  # fmt: skip
    for name, group in hidden.items():
        truth = float((groupings[name[0]] == name[1]).sum())
        ends = bounds(group, rows, low, high, [(0, None)] * len(kinds))
        if truth and ends[1] - ends[0] < 2 * p * truth:
            found.append(f"{name}: {ends[0]:.1f} to {ends[1]:.1f} people")
    return found + means_are_wide(case, tables, hidden, who, kinds, p)


def means_are_wide(case, tables, hidden, who, kinds, p) -> list[str]:
    """The same of what the people of a hidden group answered on average, where they are too few to
    be told of, or all alike: the others are hidden for their sake alone."""
    found, kind = [], who.merge(kinds.reset_index(), how="left")["index"].to_numpy()
    for dimension in DIMENSIONS:
        answered = case.latest.answers[("experience", f"{dimension}_q")].notna().to_numpy()
        people = np.bincount(kind[answered], minlength=len(kinds))
        rows, low, high = [], [], []
        for name, (_, mean) in told_means(tables, dimension).items():
            inside = people_of(case, name).to_numpy() & answered
            own = (name[0], name[1].removeprefix("not "))  # a row is rounded by its own base
            half = unit(10, (people_of(case, own).to_numpy() & answered).sum(), 0.1).item() / 2
            rows.append((np.bincount(kind[inside], minlength=len(kinds)) > 0).astype(float))
            low.append(inside.sum() * (mean - half))
            high.append(inside.sum() * (mean + half))
        for name, group in hidden.items() if rows else ():
            n = people @ group
            ends = bounds(group, rows, low, high, [(0, 10 * each) for each in people])
            inside = answered & np.isin(kind, np.flatnonzero(group))
            alike = case.latest.answers.loc[inside, ("experience", f"{dimension}_q")].nunique() == 1
            if n and (n < LEAST or alike) and ends[1] - ends[0] < p * 10 * n:
                found.append(f"{dimension}, {name}: {ends[0] / n:.2f} to {ends[1] / n:.2f}")
    return found


def bounds(of, rows, low, high, each) -> tuple[float, float]:
    """The least and the most of a sum of unknowns, within `each`, that rows of known sums allow."""
    above, limits = np.vstack([rows, -np.array(rows)]), np.concatenate([high, -np.array(low)])
    least, most = (
        linprog(sign * of, above, limits, bounds=each, method="highs") for sign in (1, -1)
    )
    return least.fun, -most.fun


def attacked(root, seed: int) -> list[str]:
    """What an intruder finds out about one random client; [] where nothing."""
    case = read_client(small_client(root, seed), root)
    exact, told = tables_of(case, withheld), tables_of(case, released)
    return [
        *(f"exact: {each}" for each in found_by_subtraction(case, exact)),
        *(f"told: {each}" for each in found_by_subtraction(case, told)),
        *(f"bounds: {each}" for each in bounds_are_wide(case, told)),
    ]
