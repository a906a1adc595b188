"""Controls for a notebook in JupyterLab: what if this were decided otherwise?

A control offers values of client.yml. To choose one is to look at the same client with other
settings (Case.what_if), through the sums and figures of the static page. What was tried can be
kept as a scenario, or written into client.yml, by a button and in no other way. In a batch run
nothing of this is shown.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from markupsafe import Markup

from cxlib.client import rated
from cxlib.client.contract import FITS
from cxlib.client.problems import ClientError
from cxlib.client.settings import churn_key
from cxlib.page.language import N_, UNKNOWN, parts
from cxlib.page.tables import made
from cxlib.page.terms import COLUMNS, INPUTS
from cxlib.page.whatif import SLIDERS
from cxlib.sums.churn_inputs import GROUPS, stated_shares
from cxlib.sums.gap import ideal_scores

RULES = {"experience": N_("as today"), "expectation": N_("as expected")}
STEPS_OF_BUDGET = 20
FIELD = {"style": {"description_width": "20em"}, "layout": {"width": "46em", "max_width": "100%"}}
_OURS = ("all", "target")


@dataclass(frozen=True)
class Control:
    """One choice. `options`: (words, {dotted key of client.yml: value}); {} leaves what was saved."""

    label: str
    options: list
    start: int
    slider: bool = True


def ideals(page) -> list[Control]:
    """The ideal of each dimension: a rule of client.yml where it leads to, or a score."""
    rules, low = page.settings.ideal, page.settings.scale[0]
    rows, found = _scores(page), []
    follow = {rule: ideal_scores(rows, {"default": rule}) for rule in RULES}
    for place, row in rows.iterrows():
        key, name = f"ideal.{row['dimension']}", page.label("dimension", row["dimension"])
        rule = rules.get(row["dimension"], rules.get("default", "experience"))
        leads = {word: values[place] for word, values in follow.items()}
        by_rule = rule in leads and (pd.isna(row["ideal"]) or _same(row["ideal"], leads[rule]))
        points = _points(*page.settings.scale, np.nan if by_rule else row["ideal"])
        placed = [(point, _short(point), {key: point}) for point in points]
        for word, value in leads.items():
            if word == rule or not pd.isna(value):
                told = {"score": _short(value), "rule": page.say(RULES[word])}
                placed.append((value, page.say(N_("{score} · {rule}"), **told), {key: word}))
        placed.sort(key=lambda option: low - 1 if pd.isna(option[0]) else option[0])
        options = [option[1:] for option in placed]
        start = _place(options, key, rule if by_rule else float(row["ideal"]))
        found.append(_control(name, options, start))
    return found


def importances(page) -> list[Control]:
    """The importance of each dimension, where it bears on anything."""
    rows, found = _scores(page), []
    if (rows["experience"] - rows["expectation"]).isna().all():
        return []
    scale = page.settings.importance_scale
    for row in rows.itertuples():
        name, key = page.label("dimension", row.dimension), f"importance.{row.dimension}"
        known = row.importance if pd.notna(row.importance) else None
        more = [] if known is not None else [(UNKNOWN, {key: None})]
        found.append(_number(name, key, known, *scale, more=more))
    return found


def _scores(page) -> pd.DataFrame:
    """The scores of the segment that is looked at, but those that the gate withholds; an ideal that
    client.yml decides is nobody's answer and stays."""
    rows, rules = page.focus_rows(page.gate(page.case.scores)), page.settings.ideal
    decided = rows["dimension"].map(lambda name: rules.get(name, rules.get("default")))
    stated = pd.to_numeric(decided, errors="coerce").astype(float)
    return rows.assign(ideal=rows["ideal"].astype(float).fillna(stated))


def target_segment(page) -> list[Control]:
    """Whom the design is for."""
    segments = [each for each in page.case.scores["segment"].unique() if each not in _OURS]
    if len(segments) < 2:
        return []
    now, wishes = list(page.settings.target_segments), [[], *([each] for each in segments)]
    if now not in wishes:
        wishes.append(now)
    options = [
        (page.names("segment", wish) or page.say(N_("everyone")), {"target_segments": wish})
        for wish in wishes
    ]
    return [_control(page.say(N_("Target segment")), options, wishes.index(now), slider=False)]


def wave(page) -> list[Control]:
    """The wave that stands for today."""
    survey = page.case.survey
    waves = [] if survey is None else survey.waves
    if len(waves) < 2:
        return []
    options = [(page.label("wave", each), {"survey.today": each}) for each in waves]
    start = waves.index(page.settings.survey.today or waves[-1])
    return [_control(page.say(N_("Wave")), options, start, slider=False)]


def weighting(page) -> list[Control]:
    """Whether each answer counts as the survey weighs it."""
    survey = page.case.survey
    if survey is None or survey.people["weight"].nunique() < 2:
        return []
    alike = {"survey.weight": None, "survey.raking": {}, "survey.unweighted_waves": []}
    options = [
        (page.say(N_("as the survey weighs it")), {}),
        (page.say(N_("the same for everyone")), alike),
    ]
    return [_control(page.say(N_("What an answer counts")), options, 0, slider=False)]


def role_weights(page) -> list[Control]:
    """How much each role counts."""
    return [
        _number(page.label("role", role), f"role_weights.{role}", weight, 0, 1, 0.05)
        for role, weight in page.settings.role_weights.items()
        if page.case.survey is not None
    ]


def value_weights(page) -> list[Control]:
    """How much each kind of customer value counts."""
    if "transactions" not in page.case.tables:
        return []
    weights = page.settings.value_weights
    words = parts()["value_weighed"].items()
    return [_number(page.say(text), f"value_weights.{of}", getattr(weights, of), 0, 1, 0.05)
            for of, text in words]  # fmt: skip


def kano_rule(page) -> list[Control]:
    """The evaluation table of the pairs of questions."""
    if rated.answers_to(page.case, "dysfunctional") is None:
        return []
    words = {"berger": N_("Berger"), "strict": N_("strict: extreme pairs are questionable")}
    options = [(page.say(text), {"kano_table": name}) for name, text in words.items()]
    start = list(words).index(page.settings.kano_table)
    return [_control(page.say(N_("Kano rule")), options, start, slider=False)]


def budget(page) -> list[Control]:
    """What the chosen initiatives may cost, from nothing to all of them; not year by year."""
    if "initiatives" not in page.case.tables or page.settings.strategy.budgets:
        return []
    now, total = page.settings.strategy.budget, page.case.tables["initiatives"]["cost"].sum()
    steps_of = np.linspace(0, float(total), STEPS_OF_BUDGET + 1)
    points = {*(round(each) for each in steps_of.tolist()), *([now] if now else [])}
    key, money = "strategy.budget", page.language.money
    options = [(money(point, 3), {key: point}) for point in sorted(points)]
    options.append((page.say(N_("no limit")), {key: None}))
    return [_control(page.say(N_("Budget")), options, _place(options, key, now))]


def fit_weights(page) -> list[Control]:
    """How much each kind of fit counts."""
    table, found = page.case.tables.get("initiatives", pd.DataFrame()), []
    for kind in [each for each in FITS if each in table and table[each].notna().any()]:
        key, weight = f"strategy.weights.{kind}", page.settings.strategy.weights.get(kind, 1.0)
        found.append(_number(page.say(COLUMNS[kind][0]), key, weight, 0, 3))
    return found


def shares(page) -> list[Control]:
    """The shares of the tree of negative experience."""
    inputs, found = page.case.churn_inputs, []
    if inputs is None:
        return []
    stated = {name: float(share) for name, share in stated_shares(inputs).items()}
    for name in SLIDERS:
        start = stated[name]
        points = sorted({*(i / 100 for i in range(101)), start})
        options = [(f"{point:.1%}", moved_shares(stated, name, point)) for point in points]
        found.append(_control(page.code(name, INPUTS), options, points.index(start)))
    return found


def moved_shares(stated: dict, name: str, share: float) -> dict:
    """client.yml with one share of the tree moved, and its group still adding up to 1.

    What is won back comes from at risk and lost in proportion to their size. A moved share is an
    assumption, whatever it was, and has no range.
    """
    group = next((leaves for leaves in GROUPS.values() if name in leaves), [name])
    others = {each: stated[each] for each in group if each != name}
    rest, moved = sum(others.values()), {name: share}
    for each, value in others.items():
        moved[each] = (1 - share) * (value / rest if rest else 1 / len(others))
    return {
        churn_key(each): {"share": round(value, 6), "from": "assumption"}
        for each, value in moved.items()
    }


def _control(label, options, start, slider=True) -> Control:
    """The control, its first choice leaving things as they are."""
    options[start] = (options[start][0], {})
    return Control(label, options, start, slider)


def _short(value) -> str:
    return UNKNOWN if pd.isna(value) else f"{value:.3g}"


def _number(label, key, value, low, high, step=0.5, more=()) -> Control:
    """A number of client.yml: the steps of its scale, and what was saved; `more` options before them."""
    points = _points(low, high, value, step)
    options = [*more, *((_short(point), {key: point}) for point in points)]
    return _control(label, options, _place(options, key, value))


def _points(low, high, value, step=0.5) -> list[float]:
    """The steps over a scale, and the value itself, where there is one."""
    points = {round(float(point), 2) for point in np.arange(low, high + step / 2, step)}
    if not pd.isna(value):
        points = {each for each in points if not _same(each, value)} | {float(value)}
    return sorted(points)


def _place(options, key, value) -> int:
    return next((i for i, each in enumerate(options) if _same(each[1].get(key), value)), 0)


def _same(a, b) -> bool:
    numbers = all(isinstance(each, int | float | np.number) for each in (a, b))
    return bool(np.isclose(a, b)) if numbers else a is b or (isinstance(a, str) and a == b)


def show_in(box, work, *given) -> None:
    """Shows in a box what some work comes to, or why it cannot be done."""
    try:
        box.value = str(work(*given))
    except ClientError as error:
        box.value = paragraph("problem", str(error))


def paragraph(style: str, words: str) -> Markup:
    """Words of the lab; what changes, or cannot be done, is read out where a screen is read out."""
    return made("said", style, words)
