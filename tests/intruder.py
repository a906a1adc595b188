"""An intruder: small random clients, and what adding and subtracting their tables gives away.

Used by tests/test_intruder.py and, for a thousand clients, by bench/intruder.py.
"""

import json
from functools import cache
from itertools import combinations, product

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from cxlib.analysis import (
    client_brief,
    experience_expectation,
    feedback_loop,
    requirements,
    targets,
    touchpoints,
)
from cxlib.client.case import read_client
from cxlib.client.release import released, spans, withheld
from cxlib.client.settings import TARGET
from cxlib.sums.estimate import dimension_answers
from cxlib.sums.interval import counted_share
from cxlib.sums.kano import (
    DYSFUNCTIONAL_SCORE,
    FUNCTIONAL_SCORE,
    LETTERS,
    TABLES,
    class_certainty,
    classify,
    counted_classes,
)
from cxlib.sums.linked import rest_is_everyone
from cxlib.sums.rounding import rounded, unit

LEAST = 10  # people: the clients' `disclosure`
KINDS = (
    "plain", "blanks", "nested", "alike", "missing", "subsets", "targets", "roles", "items", "kano", "waves",
)  # fmt: skip
MEASURES, DIMENSIONS = ("experience", "expectation", "importance"), ("product", "service")


def small_client(root, seed: int, kind: str = "") -> str:
    """Writes a client of 30 to 140 people, of one of KINDS, under `root`; its name."""
    rng, kind = np.random.default_rng(seed), kind or KINDS[seed % len(KINDS)]
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
    more = []
    if kind == "items":  # a second item of each dimension, asked of a part, elsewhere
        for dimension in DIMENSIONS:
            gone = rng.permutation(n)[int(rng.integers(2, n)) :]
            for measure in MEASURES:
                column = f"{measure}_{dimension}_r"
                answers[column] = rng.integers(0, 11, n).astype(object)
                answers.loc[gone, column] = ""
                more.append({"column": column, "measure": measure, "item": f"{dimension}_r",
                             "dimension": dimension, "stage": "use", "channel": "web"})  # fmt: skip
    if kind == "kano":
        gone = rng.permutation(n)[int(rng.integers(2, n)) :]
        for measure in ("functional", "dysfunctional"):
            answers[measure] = rng.integers(1, 6, n).astype(object)
            answers.loc[gone, measure] = ""
            more.append({"column": measure, "measure": measure, "item": "lift"})
    if kind == "waves":
        waves = ["2023", "2024", "2025"][: int(rng.integers(2, 4))]
        answers["wave"] = rng.choice(waves, n, p=rng.dirichlet(np.full(len(waves), 1.0)))
    _write(root / name, answers, scored, rng, kind, groups, more)
    return name


def _write(folder, answers, scored, rng, kind, groups, more) -> None:
    folder.mkdir(parents=True)
    book = [
        {"column": name, "measure": name.split("_")[0], "item": f"{name.split('_')[1]}_q",
         "dimension": name.split("_")[1], "stage": "buy", "channel": "shop"} for name in scored
    ]  # fmt: skip
    nested = ["city", "region"] if kind in ("nested", "roles", "items") else []
    book += [*more, *({"column": name, "measure": "group", "item": name} for name in nested)]
    answers.to_csv(folder / "survey.csv", index=False)
    pd.DataFrame(book).to_csv(folder / "codebook.csv", index=False)
    survey = {"file": "survey.csv", "respondent": "id", "segment": "segment"}
    survey |= {"wave": "wave"} if kind == "waves" else {}
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
        "crossings": experience_expectation.crossings(case), "by_group": experience_expectation.gaps_by_group(case),
        "waves": feedback_loop.waves(case), "touchpoints": touchpoints.touchpoint_map(case),
        "kano": requirements.requirement_classes(case),
        "kano_segments": requirements.requirement_classes_by_segment(case),
    }  # fmt: skip
    return {name: gate(case, table) for name, table in found.items() if table is not None}


def questions(case, tables) -> dict[tuple, tuple]:
    """{(measure, item or dimension): (each person's answer, {set told of: (people, mean)})}, of all
    waves; of Kano answers ("kano", item and letter), a mean being the share of the letter."""
    answers, found = case.survey.answers, {}
    both = pd.concat([answers, dimension_answers(answers, case.survey.items)], axis=1)
    for place, (measure, name) in enumerate(both.columns):
        told = told_means(tables, name, measure)
        if told:
            found[measure, name] = both.iloc[:, place], told
    for item, letter in product(classes_told(tables), LETTERS):
        letters, told = classes_given(case)[item], {}
        for name, segments in (("kano", False), ("kano_segments", True)):
            for row in rows_of_item(tables, name, item).itertuples():
                of = ("segment", row.segment) if segments else ("everyone", "all")
                told[of] = (row.n, getattr(row, letter) / row.n)
        if told:
            chosen = letters.eq(letter).astype(float).where(letters.notna())
            found["kano", f"{item} {letter}"] = (chosen, told)
    return found


def classes_told(tables) -> list[str]:
    """The items of which a class is told."""
    return list(tables["kano"]["item"]) if "kano" in tables else []


def classes_given(case) -> pd.DataFrame:
    """The class that each person's pair of answers gives each item."""
    answers = case.survey.answers
    return classify(answers["functional"], answers["dysfunctional"])


def rows_of_item(tables, name, item) -> pd.DataFrame:
    """What a table of classes tells of an item, with its base."""
    table = tables.get(name, pd.DataFrame({"item": [], "n": []}))
    return table[table["item"].eq(item)].dropna(subset=["n"])


def told_means(tables, of, measure="experience") -> dict[tuple, tuple]:
    """{(grouping, group): (people, mean, middle of its interval)} of every set of people told of,
    for a question; the middle is blank where no interval is told, or it may be cut at the scale."""
    known: dict = {}

    def keep(key, n, mean, row, name):
        middle = told_of_mean(row, name, (1.0, 10.0))  # near zero ends are rounded otherwise
        known[key] = n, mean, middle[1] if len(middle) > 1 else np.nan

    for name, key in (("gap", "dimension"), ("items", "item"), ("by_group", "dimension")):
        table = tables.get(name, pd.DataFrame(columns=[key, measure]))
        rows = table[table[key] == of].dropna(subset=[measure]) if measure in table else ()
        for row in rows.to_dict("records") if len(rows) else ():
            group = row.get("segment", row.get("group"))
            of_all = "segment" in row and group == "all"
            grouping = "everyone" if of_all else row.get("grouping", "segment")
            keep((grouping, group), row["n"], row[measure], row, measure)
    for row in rows_about(tables, of, measure):
        if not pd.isna(row["mean"]):
            for group, rest in ((row["group"], ""), (f"not {row['group']}", "_rest")):
                of_it = row["grouping"], group
                before = known.get(of_it, (0, 0, np.nan))
                known[of_it] = row[f"n{rest}"], row[f"mean{rest}"], before[2]
    for row in tables.get("waves", pd.DataFrame()).to_dict("records"):
        if (row["measure"], row["dimension"]) == (measure, of) and not pd.isna(row["mean"]):
            keep(("wave", row["wave"]), row["n"], row["mean"], row, "mean")
    return known


def rows_about(tables, of, measure="experience") -> list[dict]:
    """What is told of groups against their rests, for a question."""
    found = []
    for name, key in (("segments", "dimension"), ("crossings", "item")):
        found += [row for row in tables.get(name, pd.DataFrame()).to_dict("records")
                  if (row["measure"], row[key]) == (measure, of)]  # fmt: skip
    return found


def within_ends(mean, middle, half) -> tuple[float, float]:
    """Where a mean is, of which it is told itself, and the ends of its interval, to ± half: their middle
    is the mean but where the interval is bent, which shows by how far the two are apart."""
    both = [each for each in (mean, middle) if abs(each - mean) <= half * 1.001 or pd.isna(mean)]
    both = [each for each in both if not pd.isna(each)]
    return max(both) - half, min(both) + half


def found_by_subtraction(case, tables) -> list[str]:
    """Small sets of people that are a sum or difference of up to three of those told, whoever
    answered what, and whose number and mean come out so, to within a tenth."""
    sets, found = small_sets(case), []
    for question, (values, told) in questions(case, tables).items():
        answered, given = values.notna().to_numpy(), values.fillna(0).to_numpy()
        who = np.array(
            [people_of(case, name).to_numpy() & answered for name in told], dtype=np.int8
        )
        sums = np.array([(n, n * mean) for n, mean, *_ in told.values()])
        hunted = {name: each.to_numpy() & answered for name, each in sets.items()}
        hunted = {name: each for name, each in hunted.items() if 0 < each.sum() < LEAST}
        # People who are in the same of all these sets are one kind.
        alike = np.unique(np.array([*who, *hunted.values()], dtype=np.int8), axis=1)
        weights, kinds = combined(len(told)), dict(zip(hunted, alike[len(who) :], strict=True))
        people, (count, total) = weights @ alike[: len(who)], (weights @ sums).T
        for name, each in hunted.items():
            near = (people == kinds[name]).all(axis=1) & (np.abs(count - each.sum()) < 0.5)
            right = given[each].sum()
            near &= np.abs(total - right) <= 0.1 * max(abs(right), 1)
            found += [
                f"{question}: {name} = {list(told)} {weights[at]}"
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
                rows.append(np.zeros(count, dtype=np.int8))
                rows[-1][list(places)] = signs
    return np.array(rows)


def people_of(case, name) -> pd.Series:
    """Who, of all waves, is in a set told by its name; the rest of a group with those who left it
    out, or not."""
    grouping, group = name
    everybody = case.survey.people.index
    today = pd.Series(everybody.isin(case.latest.people.index), everybody)
    if grouping == "everyone":
        return today
    values = all_groupings(case)[grouping]
    if group == TARGET:
        return values.isin(case.settings.target_segments)
    if not group.startswith("not "):
        return values == group
    rest = values != group.removeprefix("not ")
    among = pd.Series(True, everybody) if grouping == "wave" else today
    known = rest_is_everyone(values[among], LEAST)
    return rest & among if known else rest & values.notna()


def all_groupings(case) -> dict[str, pd.Series]:
    """Every grouping of today's people, and the wave, on the people of all waves."""
    everybody = case.survey.people
    found = {
        name: values.reindex(everybody.index) for name, values in case.latest.groupings.items()
    }
    return found | ({"wave": everybody["wave"]} if everybody["wave"].nunique() > 1 else {})


def small_sets(case) -> dict[str, pd.Series]:
    """{name: who}: groups, who left a grouping out, and whoever only two groupings together tell
    apart: of too few people, or few of whom may have answered a question."""
    found, latest = {}, case.survey.people.index.isin(case.latest.people.index)
    groupings = all_groupings(case)
    for name, values in groupings.items():
        found[f"blank {name}"] = values.isna() & (latest | (name == "wave"))
        found |= {f"{name} {group}": values == group for group in values.dropna().unique()}
    for (one, first), (two, second) in combinations(groupings.items(), 2):
        for a in first.dropna().unique():
            for b in second.dropna().unique():
                found[f"{one} {a}, not {two} {b}"] = (first == a) & (second != b)
    return found


def bounds_are_wide(case, tables, p: float = 0.10) -> list[str]:
    """Groups withheld whose size a linear programme narrows to less than ± p, or whose mean answer
    to less than p of the scale: [] where none is.

    Unknown: the people of every combination of groups, then the sum of their answers. Known: every
    base told, to ± 2.5; then every mean told, to ± half its unit, and (more than anybody knows) how
    many people each combination has.
    """
    groupings = {k: v.astype(object).where(v.notna(), "") for k, v in case.latest.groupings.items()}
    who = pd.DataFrame(groupings)
    kinds = who.drop_duplicates().reset_index(drop=True)
    bases, all_of_them = tables["bases"], len(case.latest.people)
    rows, low, high = [np.ones(len(kinds))], [all_of_them], [all_of_them]
    if bases["n"].isna().all():  # how many they are is withheld too
        low, high = [0], [LEAST - 1]
    for row in bases.dropna(subset=["n"]).itertuples():
        if row.grouping in kinds:
            rows.append((kinds[row.grouping] == row.group).to_numpy(dtype=float))
            low.append(row.n - 2.5)
            high.append(row.n + 2.5)
    found = []
    hidden = {(row.grouping, row.group): (kinds[row.grouping] == row.group).to_numpy(dtype=float)
              for row in bases[bases["flag"].eq("withheld")].itertuples() if row.grouping in kinds}  # fmt: skip
    for name, group in hidden.items():
        truth = float((groupings[name[0]] == name[1]).sum())
        ends = bounds(group, rows, low, high, [(0, None)] * len(kinds))
        if truth and ends[1] - ends[0] < 2 * p * truth:
            found.append(f"{name}: {ends[0]:.1f} to {ends[1]:.1f} people")
    return found + means_are_wide(case, tables, hidden, who, kinds, p)


def means_are_wide(case, tables, hidden, who, kinds, p) -> list[str]:
    """The same of what the people of a hidden group answered on average, where they are too few to
    be told of, or all alike: the others are hidden for their sake alone. All questions of a measure
    are one system: a dimension and a touchpoint are each person's mean over the items answered."""
    found = []
    if "waves" in tables:  # of which a wave is the whole world: see `waves_are_wide`
        return found
    answers = case.latest.answers["experience"]
    places = pd.concat([who, answers.notna()], axis=1)
    cells = places.drop_duplicates().reset_index(drop=True)
    cell = places.merge(cells.reset_index(), how="left")["index"].to_numpy()
    size, items = np.bincount(cell, minlength=len(cells)), list(answers)
    rows, low, high = [], [], []
    for of, members, told in systems(case, tables, items):
        asked = cells[members].to_numpy(dtype=float)  # who answered which of them, by cell
        weight = asked / np.maximum(asked.sum(axis=1, keepdims=True), 1)
        counts = answers[members].notna().any(axis=1).to_numpy()
        sums = {}
        for name, (_, mean, middle) in told.items():
            inside = people_of(case, name).to_numpy() & counts
            own = (name[0], name[1].removeprefix("not "))  # a row is rounded by its own base
            half = unit(10, (people_of(case, own).to_numpy() & counts).sum(), 0.1).item() / 2
            row = np.zeros((len(items), len(cells)))
            there = np.bincount(cell[inside], minlength=len(cells)) > 0
            row[[items.index(each) for each in members]] = (weight * there[:, None]).T
            sums[name] = row.ravel(), inside.sum(), half
            rows.append(row.ravel())
            ends = within_ends(mean, middle, half)
            low.append(inside.sum() * ends[0])
            high.append(inside.sum() * ends[1])
        for each in rows_about(tables, of):
            group, rest = (
                (each["grouping"], each["group"]),
                (each["grouping"], f"not {each['group']}"),
            )
            if {group, rest} <= set(sums) and not pd.isna(each["difference"]):
                (one, count, half), (other, others, _) = sums[group], sums[rest]
                rows.append(one / count - other / others)
                low.append(each["difference"] - half)
                high.append(each["difference"] + half)
    most = np.array([size * cells[item].to_numpy() for item in items]) * 10.0
    for name in {**hidden, ("everyone", "all"): None} if rows else ():
        inside = people_of(case, name).to_numpy()
        for place, item in enumerate(items):
            given = answers.loc[inside, item].dropna()
            alike = given.nunique() == 1 and name in hidden
            if not len(given) or not (len(given) < LEAST or alike):
                continue
            row = np.zeros((len(items), len(cells)))
            row[place, np.unique(cell[inside & answers[item].notna().to_numpy()])] = 1
            ends = bounds(row.ravel(), rows, low, high, [(0, each) for each in most.ravel()])
            # a large group alike: no nearer than the mean of any group of its size is told
            wide = p * 10 if len(given) < LEAST else unit(10, len(given), 0.1).item()
            if ends[1] - ends[0] < wide * len(given):
                found.append(
                    f"{item}, {name}: {ends[0] / len(given):.2f} to {ends[1] / len(given):.2f}"
                )
    return found


def systems(case, tables, items) -> list[tuple]:
    """(name, items, what is told of each person's mean over them): of each item, dimension and
    touchpoint."""
    about = case.survey.items
    found = [(item, [item], told_means(tables, item)) for item in items]
    for dimension, rows in about.groupby("dimension").groups.items():
        found.append((dimension, list(rows), told_means(tables, dimension)))
    for row in tables.get("touchpoints", pd.DataFrame()).to_dict("records"):
        here = about.index[(about["stage"] == row["stage"]) & (about["channel"] == row["channel"])]
        if not pd.isna(row["experience"]) and len(here):
            middle = [*told_of_mean(row, "experience", (1.0, 10.0)), np.nan][1]
            told = {("everyone", "all"): (row["n"], row["experience"], middle)}
            found.append(("", list(here), told))
    return found


def waves_are_wide(case, tables, p: float = 0.10) -> list[str]:
    """Waves of few people whose mean is narrowed to less than p of the scale by what is told of the
    waves, of each against the others, and of the last in every other table."""
    found, wave = [], case.survey.people["wave"]
    for (measure, name), (values, told) in questions(case, tables).items():
        kinds = sorted(wave[values.notna()].unique())
        told = {of: each for of, each in told.items() if of[0] in ("wave", "everyone")}
        if measure == "kano":  # of all waves together; see `classes_are_wide`
            continue
        rows, low, high = [], [], []
        for of, (_, mean, middle) in told.items():
            inside = people_of(case, of) & values.notna()
            own = people_of(case, (of[0], of[1].removeprefix("not "))) & values.notna()
            half = unit(10, own.sum(), 0.1).item() / 2
            rows.append(np.array([inside[wave == each].any() for each in kinds], dtype=float))
            ends = within_ends(mean, middle, half)
            low.append(inside.sum() * ends[0])
            high.append(inside.sum() * ends[1])
        people = [int((values.notna() & (wave == each)).sum()) for each in kinds]
        for place, each in enumerate(kinds if rows else ()):
            if people[place] < LEAST:
                of = np.eye(len(kinds))[place]
                ends = bounds(of, rows, low, high, [(0, 10 * n) for n in people])
                if ends[1] - ends[0] < p * 10 * people[place]:
                    found.append(f"{measure} {name}, wave {each}: {ends[0]:.1f} to {ends[1]:.1f}")
    return found


PAIRS = [(present, absent) for present in range(1, 6) for absent in range(1, 6)]
LETTER = np.array([TABLES["berger"][present - 1][absent - 1] for present, absent in PAIRS])
SCORED = {
    "functional_score": np.array([FUNCTIONAL_SCORE[present] for present, _ in PAIRS]),
    "dysfunctional_score": np.array([DYSFUNCTIONAL_SCORE[absent] for _, absent in PAIRS]),
}
ALL_THE_SAME = ("class", "mode", "significant", "better", "better_low", "better_high", "worse",
                "worse_low", "worse_high")  # fmt: skip


def classes_are_wide(case, tables, p: float = 0.10) -> list[str]:
    """Segments too small to be told of whose number of answers of a class is narrowed to less than
    ± p of it, or to a single number where that is not plain from their number alone.

    Unknown: how many of each segment gave each pair of answers. Known: what a row leaves possible
    (`possible_counts`), both mean scores, to ± half their unit and by the ends of their intervals,
    and (more than anybody knows) how many answered in each segment.
    """
    return [found for item in classes_told(tables) for found in one_is_wide(case, tables, item, p)]


def one_is_wide(case, tables, item: str, p: float) -> list[str]:
    """The same of one item."""
    segment = case.survey.people["segment"].fillna("")
    letters = classes_given(case)[item].dropna()
    kinds = sorted(segment[letters.index].unique())
    people = segment[letters.index].value_counts().reindex(kinds)
    rows, low, high = [], [], []

    def known(part, inside, least, most):
        rows.append(np.outer(part, inside).ravel())
        low.append(least)
        high.append(most)

    for name in ("kano", "kano_segments"):
        for row in rows_of_item(tables, name, item).to_dict("records"):
            inside = np.array([row.get("segment", each) == each for each in kinds], dtype=float)
            n = int((people * inside).sum())
            left = possible_counts(case, row, n)
            for of in (*LETTERS, "AO", "OM", "AOMI", "IRQ"):
                counts = left[[*of]].sum(axis=1)
                known(np.isin(LETTER, [*of]), inside, counts.min(), counts.max())
            half = unit(10, n, 0.1).item() / 2
            for column, scores in SCORED.items():
                for told in told_of_mean(row, column, (-2.0, 4.0)):
                    known(scores, inside, n * (told - half), n * (told + half))
    for each in range(len(kinds)):
        known(np.ones(len(PAIRS)), np.eye(len(kinds))[each], people.iloc[each], people.iloc[each])
    found, most = [], [(0, n) for _ in PAIRS for n in people]
    for each, n in enumerate(people):
        for letter in LETTERS if n < LEAST else ():
            of = np.outer(letter == LETTER, np.eye(len(kinds))[each]).ravel()
            ends = bounds(of, rows, low, high, most)
            truth = ((letters == letter) & (segment[letters.index] == kinds[each])).sum()
            if ends[1] - ends[0] < max(2 * p * truth, 0.99):
                found.append(
                    f"{item}, {kinds[each]} {letter}: {ends[0]:.1f} to {ends[1]:.1f} of {n}"
                )
    return found


def possible_counts(case, row, n: int) -> pd.DataFrame:
    """Every number of answers per class, of n, of which the gate would have told just this row: its
    counts, where they are told, class, test, both shares, the ends of their intervals and, nearly,
    its p_class."""
    if pd.isna(row["A"]):
        table = uncounted(row, n)
    else:
        ranges = [range(max(0, int(row[letter]) - 2), int(row[letter]) + 3) for letter in LETTERS]
        table = pd.DataFrame(
            [each for each in product(*ranges) if sum(each) == n], columns=LETTERS, dtype=float
        )
    table = table.assign(n=n, n_eff=n)
    wanted = table[[*"AOMI"]].sum(axis=1)
    for name, part, sign in (("better", "AO", 1), ("worse", "OM", -1)):
        told = counted_share(table[[*part]].sum(axis=1), wanted, case.settings.confidence, name)
        ends = [f"{name}_low", f"{name}_high"]
        table[name] = sign * pd.Series(told[name], table.index)
        for end, other in zip(ends, ends[::sign], strict=True):
            table[end] = sign * pd.Series(told[other], table.index)
    told = pd.concat([table, counted_classes(table)], axis=1)
    told = rounded(told.assign(segment="x"), n, spans(case), LEAST)
    same = pd.Series(True, table.index)
    for name in ALL_THE_SAME:
        if pd.isna(row[name]) and name not in ("better", "worse"):  # not told
            continue
        blank = told[name].isna() & pd.isna(row[name])
        number = isinstance(row[name], float)
        near = (
            np.isclose(told[name].astype(float), row[name]) if number else told[name] == row[name]
        )
        same &= blank | near
    left = table[same]
    if pd.isna(row["p_class"]):
        return left
    sure = (
        class_certainty(left, 500, 1)["p_class"].sub(row["p_class"]).abs() < 0.1
    )  # drawn by lot, both
    return left[sure]


def uncounted(row, n: int) -> pd.DataFrame:
    """Every number of answers per class, of n, with about these shares, or with so few that none is told."""
    found = []
    for wanted in range(n + 1):
        near = unit(2, max(wanted - 2, 1), 0.01).item()
        shares = np.arange(wanted + 1) / max(wanted, 1)
        told = [row["better"], row["worse"]]
        if pd.isna(told).any() == (near > 0.5):  # of a coarser unit than a half none is told
            close = [
                np.flatnonzero(~(np.abs(shares - abs(each)) > near / 2 + 1e-9)) for each in told
            ]
            found += [(wanted, better, worse) for better, worse in product(*close)]
    table = pd.DataFrame(found, columns=["wanted", "better", "worse"])
    fewest = (table["better"] + table["worse"] - table["wanted"]).clip(lower=0)
    table = spread(table.assign(O=fewest), "O", table[["better", "worse"]].min(axis=1) - fewest)
    table = spread(table.assign(R=0), "R", n - table["wanted"])
    table = table.assign(A=table["better"] - table["O"], M=table["worse"] - table["O"])
    table["I"], table["Q"] = (
        table["wanted"] - table[[*"AOM"]].sum(axis=1),
        n - table["wanted"] - table["R"],
    )
    return table[LETTERS].astype(float)


def spread(table, name, more) -> pd.DataFrame:
    """Each row as often as its number can be: from what it is to so many more."""
    rows = table.loc[table.index.repeat(more + 1)]
    rows = rows.assign(**{name: rows[name] + rows.groupby(level=0).cumcount()})
    return rows.reset_index(drop=True)


def told_of_mean(row, column: str, scale: tuple) -> list[float]:
    """The mean as told, and as the middle of its interval, where that was not cut at the scale."""
    low, high = row.get(f"{column}_low", np.nan), row.get(f"{column}_high", np.nan)
    inside = scale[0] < low and high < scale[1]  # not where blank
    return [each for each in (row[column], (low + high) / 2 if inside else np.nan) if each == each]


def bounds(of, rows, low, high, each) -> tuple[float, float]:
    """The least and the most of a sum of unknowns, within `each`, that rows of known sums allow."""
    above, limits = np.vstack([rows, -np.array(rows)]), np.concatenate([high, -np.array(low)])
    least, most = (
        linprog(sign * of, above, limits, bounds=each, method="highs") for sign in (1, -1)
    )
    assert least.success and most.success, (least.message, most.message)
    return least.fun, -most.fun


def attacked(root, seed: int) -> list[str]:
    """What an intruder finds out about one random client; [] where nothing."""
    case = read_client(small_client(root, seed), root)
    exact = found_by_subtraction(case, tables_of(case, withheld))
    return [*(f"exact: {each}" for each in exact), *told_by(case, tables_of(case, released))]


def told_by(case, told) -> list[str]:
    """What an intruder finds out from the tables that a client's release tells; [] where nothing."""
    return [
        *(f"told: {each}" for each in found_by_subtraction(case, told)),
        *(f"bounds: {each}" for each in bounds_are_wide(case, told)),
        *(f"waves: {each}" for each in (waves_are_wide(case, told) if "waves" in told else ())),
        *(f"classes: {each}" for each in classes_are_wide(case, told)),
    ]
