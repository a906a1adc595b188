"""Controls for a notebook in JupyterLab: what if this were decided otherwise?

A control offers values of client.yml. To choose one is to look at the same client with other
settings (Case.what_if), through the sums and figures of the static page. What was tried can be
kept as a scenario, or written into client.yml, by a button and in no other way. In a batch run
nothing of this is shown.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from markupsafe import Markup

from cxlib.analysis import (
    brand_value,
    churn_cost,
    client_brief,
    experience_expectation,
    feedback_loop,
    requirements,
    roles,
    strategy_capability,
)
from cxlib.client import rated
from cxlib.client.client_yml import write_settings
from cxlib.client.contract import FITS
from cxlib.client.problems import ClientError
from cxlib.client.scenario import save_scenario
from cxlib.client.settings import churn_key
from cxlib.page.language import N_, UNKNOWN
from cxlib.page.sentences import focus_rows
from cxlib.page.tables import table_html
from cxlib.page.terms import COLUMNS, INPUTS, KANO
from cxlib.page.whatif import BACK, SLIDERS
from cxlib.sums.churn_inputs import GROUPS, stated_shares
from cxlib.sums.gap import ideal_scores

RULES = {"experience": N_("as today"), "expectation": N_("as expected")}
STEPS_OF_BUDGET = 20
MOST_CHANGES = 6  # named in the line that says what changed


@dataclass(frozen=True)
class Control:
    """One choice. `options`: (words, {dotted key of client.yml: value}); {} leaves what was saved."""

    label: str
    options: list
    start: int
    slider: bool = True


# The controls


def ideals(page) -> list[Control]:
    """The ideal of each dimension: a rule of client.yml where it leads to, or a score."""
    rules, low = page.settings.ideal, page.settings.scale[0]
    rows, found = _scores(page), []
    follow = {rule: ideal_scores(rows, {"default": rule}, page.settings.scale) for rule in RULES}
    for place, row in rows.iterrows():
        key, name = f"ideal.{row['dimension']}", page.label("dimension", row["dimension"])
        rule = rules.get(row["dimension"], rules.get("default", "experience"))
        leads = {word: values[place] for word, values in follow.items()}
        by_rule = rule in leads and (pd.isna(row["ideal"]) or _same(row["ideal"], leads[rule]))
        options = _points(page.settings.scale, np.nan if by_rule else row["ideal"], key)
        for word, value in leads.items():
            if word == rule or not pd.isna(value):
                text = page.say(
                    N_("{score} · {rule}"), score=_short(value), rule=page.say(RULES[word])
                )
                options.append((text, {key: word}, value))
        options.sort(key=lambda option: low - 1 if pd.isna(option[2]) else option[2])
        options = [option[:2] for option in options]
        start = _place(options, key, rule if by_rule else float(row["ideal"]))
        found.append(_control(name, options, start))
    return found


def importances(page) -> list[Control]:
    """The importance of each dimension, where it bears on anything."""
    rows, found = _scores(page), []
    if (rows["experience"] - rows["expectation"]).isna().all():
        return []
    for row in rows.itertuples():
        key = f"importance.{row.dimension}"
        options = _points(page.settings.importance_scale, row.importance, key)
        if pd.isna(row.importance):
            options.insert(0, (UNKNOWN, {key: None}))
        start = 0 if pd.isna(row.importance) else _place(options, key, row.importance)
        found.append(_control(page.label("dimension", row.dimension), options, start))
    return found


def _scores(page) -> pd.DataFrame:
    """The scores of the segment that is looked at, but those that the gate withholds; an ideal that
    client.yml decides is nobody's answer and stays."""
    rows, rules = focus_rows(page.gate(page.case.scores), page), page.settings.ideal
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
        (
            page.language.join(page.label("segment", each) for each in wish)
            or page.say(N_("everyone")),
            {"target_segments": wish},
        )
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
        _share(page.label("role", role), f"role_weights.{role}", weight)
        for role, weight in page.settings.role_weights.items()
        if page.case.survey is not None
    ]


def value_weights(page) -> list[Control]:
    """How much each kind of customer value counts."""
    if "transactions" not in page.case.tables:
        return []
    words = {
        "existing": N_("Value a customer has had"),
        "potential": N_("Value a customer could have"),
        "influence": N_("Value a customer brings others to"),
    }
    weights = page.settings.value_weights
    return [
        _share(page.say(text), f"value_weights.{kind}", getattr(weights, kind))
        for kind, text in words.items()
    ]


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
        options = _points((0.0, 3.0), weight, key)
        found.append(_control(page.say(COLUMNS[kind][0]), options, _place(options, key, weight)))
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


_OURS = ("all", "target")


def _control(label, options, start, slider=True) -> Control:
    """The control, its first choice leaving things as they are."""
    options = [option[:2] for option in options]
    options[start] = (options[start][0], {})
    return Control(label, options, start, slider)


def _short(value) -> str:
    return UNKNOWN if pd.isna(value) else f"{value:.3g}"


def _points(scale, value, key) -> list[tuple[str, dict, float]]:
    """Half points over the scale, and the value itself: words, change, place."""
    low, high = scale
    points = {round(float(point), 2) for point in np.arange(low, high + 0.25, 0.5)}
    if not pd.isna(value):
        points = {each for each in points if not _same(each, value)} | {float(value)}
    return [(_short(point), {key: point}, point) for point in sorted(points)]


def _share(label, key, value) -> Control:
    points = sorted({*(round(i / 20, 2) for i in range(21)), float(value)})
    options = [(f"{point:g}", {key: point}) for point in points]
    return _control(label, options, points.index(float(value)))


def _place(options, key, value) -> int:
    return next((i for i, each in enumerate(options) if _same(each[1].get(key), value)), 0)


def _same(a, b) -> bool:
    numbers = all(isinstance(each, int | float | np.number) for each in (a, b))
    return bool(np.isclose(a, b)) if numbers else a is b or (isinstance(a, str) and a == b)


# What is looked at: the headline and the figure, and the numbers in them


def focus_gaps(page) -> pd.DataFrame:
    """The gap table, with the intervals of the segment that is looked at."""
    case = page.case
    focus = page.focus if page.focus in case.estimates else "all"
    only = {name: each for name, each in case.estimates.items() if name == focus}
    return experience_expectation.gaps_with_intervals(case, only)


def _shown(page, headline, figures, *tables) -> Markup:
    """The headline, and the first of the figures that has something to show."""
    drawn = (page.figure_html(name, *tables) for name in figures)
    return Markup(page.headline_html(headline, *tables)) + next(filter(None, drawn), "")


def _of_dimensions(page, gaps, column, kind="signed2") -> dict:
    """{dimension: a number of the focus segment}, through the gate."""
    rows = focus_rows(page.gate(gaps), page)
    return {
        page.label("dimension", row["dimension"]): page.write(row[column], kind)
        for _, row in rows.iterrows()
        if not pd.isna(row[column])
    }


def key_words(page, gaps) -> str:
    """The key experience of the focus segment, by name."""
    rows = focus_rows(page.gate(gaps), page)
    keys = rows[rows["key_experience"].eq(True)]["dimension"]
    return page.language.join(page.label("dimension", each) for each in keys) or page.say(NONE)


NONE = N_("none")
KEY = N_("Key experience")
LOST, SHARE, CHOSEN = N_("Lost a year"), N_("Share of revenue lost"), N_("Chosen initiatives")
COST, PEOPLE = N_("Cost of the chosen"), N_("People who answered")


def look_at_gap(page):
    gaps = focus_gaps(page)
    facts = _of_dimensions(page, gaps, "gap")
    return _shown(page, "gap", ["gap_chart"], gaps), facts


def look_at_key(page):
    gaps = focus_gaps(page)
    facts = {page.say(KEY): key_words(page, gaps)}
    facts |= _of_dimensions(page, gaps, "weighted_satisfaction")
    return _shown(page, "key_experience", ["importance_performance_map", "gap_chart"], gaps), facts


def look_at_experience(page):
    gaps = focus_gaps(page)
    html, facts = (
        _shown(page, "experience", ["satisfaction", "gap_chart"], gaps),
        _of_dimensions(page, gaps, "experience", "score2"),
    )
    seen = roles.role_view(page.case)
    return html + ("" if seen is None else table_html(page.gate(seen), page)), facts


def look_at_brief(page):
    bases = page.gate(client_brief.bases(page.case))
    if bases.empty:
        return "", {}
    html = Markup(page.headline_html("brief")) + table_html(bases, page)
    return html, {page.say(PEOPLE): page.write(bases["n"].iloc[0], "count")}


def look_at_choice(page, life=None):
    reasons, targets = brand_value.reasons(page.case), brand_value.target_customers(page.case)
    html = Markup(page.headline_html("target_customers", targets)) if targets is not None else ""
    html += Markup(page.headline_html("brand_value", reasons)) if reasons is not None else ""
    html += page.figure_html("brand_values", reasons) if reasons is not None else ""
    tiers = None if life is None else brand_value.value_tiers(page.case, life)
    html += "" if tiers is None else page.figure_html("value_tiers", tiers)
    rows = [] if targets is None else page.gate(targets).dropna(subset=["share"]).to_dict("records")
    return html, {
        page.label("segment", r["segment"]): page.write(r["share"], "share") for r in rows
    }


def look_at_requirements(page):
    kano = requirements.requirement_classes(page.case)
    if kano is None:
        return "", {}
    rows = page.gate(kano).dropna(subset=["class"])
    facts = {
        page.label("item", row["item"]): page.code(row["class"], KANO) for _, row in rows.iterrows()
    }
    return _shown(page, "requirements", ["kano_plane"], kano), facts


def look_at_strategy(page):
    plan = strategy_capability.plan(page.case)
    if plan is None:
        return "", {}
    return _shown(page, "strategy", ["portfolio"], plan), plan_facts(page, plan)


def plan_facts(page, plan) -> dict:
    """What was chosen, and what it costs."""
    chosen = plan[plan["chosen"].eq(True)]
    names = page.language.join(
        page.say(N_("“{words}”"), words=page.label("initiative", each))
        for each in chosen["initiative"]
    )
    cost = page.language.money(chosen["cost"].sum(), 3)
    return {page.say(CHOSEN): names or page.say(NONE), page.say(COST): cost}


def look_at_results(page):
    waves, gaps = feedback_loop.waves(page.case), focus_gaps(page)
    facts = _of_dimensions(page, gaps, "experience", "score2")
    html = Markup(page.headline_html("next_cycle", gaps, feedback_loop.evidence(page.case)))
    return html + ("" if waves is None else page.figure_html("waves", waves)), facts


def look_at_cost(page):
    cost = churn_cost.cost_of_bad_experience(page.case)
    if cost is None:
        return "", {}
    return _shown(page, "churn_cost", ["churn_tree"], cost), cost_facts(page, cost)


def cost_facts(page, cost, interval=False) -> dict:
    """What is lost a year, gross, and the share of revenue that it is."""
    rows = page.gate(cost)
    row = rows[rows["view"].eq("gross") & rows["branch"].eq("lost")].iloc[0]
    lost, language = page.language.money(row["amount"]), page.language
    if interval and not pd.isna(row["amount_low"]):
        ends = language.money_range(row["amount_low"], row["amount_high"])
        lost = page.say(N_("{amount} ({range})"), amount=lost, range=ends)
    return {page.say(LOST): lost, page.say(SHARE): language.share(row["share"], 1)}


@dataclass(frozen=True)
class Board:
    """What one step lets a person try: controls, and what they move."""

    controls: tuple
    look: object  # page → the headline and the figure, and {what: the number in them}


BOARDS = {
    "brief": Board((wave, weighting), look_at_brief),
    "choice": Board((target_segment, wave, weighting, value_weights), look_at_choice),
    "experience": Board((target_segment, wave, weighting, role_weights), look_at_experience),
    "importance": Board((importances, target_segment, wave, weighting), look_at_key),
    "ideal": Board((ideals, target_segment, wave, weighting), look_at_gap),
    "requirements": Board((kano_rule, wave, weighting), look_at_requirements),
    "strategy": Board((budget, fit_weights), look_at_strategy),
    "results": Board((target_segment, wave, weighting), look_at_results),
    "cost": Board((shares,), look_at_cost),
}


def explore(page, name: str):
    """The board of one step as a widget; None where the client has nothing to try there."""
    if name not in BOARDS:
        raise KeyError(f"No board is called {name!r}. There are: {', '.join(BOARDS)}.")
    board = BOARDS[name]
    controls = [control for each in board.controls for control in each(page)]
    look = board.look
    if look is look_at_choice:  # lifetimes are slow to fit, and no decision moves them
        look = partial(look_at_choice, life=brand_value.lifetimes(page.case))
    html, facts = look(page) if controls else ("", {})
    return Desk(page, controls, look, html, facts).widget if html else None


class Desk:
    """Controls over what they move; undo, reset, and two ways to keep what was tried."""

    def __init__(self, page, controls: list[Control], look, html, facts):
        import ipywidgets as widgets

        self.page, self.controls, self.look = page, controls, look
        self.past, self.quiet = [], False
        self.shown, self.said = widgets.HTML(), widgets.HTML()
        self.boxes = [self.box(control) for control in controls]
        self.undo = self.button(N_("Undo"), self.undone)
        self.back = self.button(BACK, self.reset)
        self.shown.value, self.saved = str(html), facts
        self.tell("")
        for box in self.boxes:
            box.observe(self.moved, names="value")
        buttons = widgets.HBox([self.undo, self.back])
        self.keeping = self.keep_box()
        self.widget = widgets.VBox([*self.boxes, buttons, self.said, self.shown, self.keeping])
        self.widget.add_class("cx-desk")

    def box(self, control: Control):
        import ipywidgets as widgets

        names = [words for words, _ in control.options]
        kind = widgets.SelectionSlider if control.slider else widgets.Dropdown
        box = kind(
            options=list(zip(names, range(len(names)), strict=True)),
            value=control.start,
            description=control.label,
            style={"description_width": "20em"},
            layout={"width": "46em", "max_width": "100%"},
        )
        if control.slider:
            box.continuous_update = False
        return box

    def button(self, words: str, act):
        import ipywidgets as widgets

        made = widgets.Button(description=self.page.say(words), layout={"width": "auto"})
        made.on_click(lambda _: act())
        return made

    @property
    def places(self) -> tuple:
        return tuple(box.value for box in self.boxes)

    @property
    def changes(self) -> dict:
        """{dotted key of client.yml: value} of every control that was moved."""
        chosen = zip(self.controls, self.places, strict=True)
        made = (control.options[place][1] for control, place in chosen)
        return {key: value for one in made for key, value in one.items()}

    def moved(self, change):
        """A control was moved by hand."""
        if self.quiet:
            return
        at = self.boxes.index(change["owner"])
        self.past.append((*self.places[:at], change["old"], *self.places[at + 1 :]))
        self.redraw()

    def undone(self):
        if self.past:
            self.put(self.past.pop())

    def reset(self):
        if self.changes:
            self.past.append(self.places)
            self.put(tuple(control.start for control in self.controls))

    def put(self, places):
        """All controls at these places, and one drawing of it."""
        self.quiet = True
        for box, place in zip(self.boxes, places, strict=True):
            box.value = place
        self.quiet = False
        self.redraw()

    def redraw(self):
        from cxlib.page.page import Page

        try:
            page = Page(self.page.case.what_if(self.changes), self.page.reports_dir)
        except ClientError as error:
            self.said.value = paragraph("problem", str(error))
            return
        html, facts = self.look(page)
        self.shown.value = str(html)
        self.tell(changed(self.page, self.saved, facts))

    def tell(self, words: str):
        """The line that says what changed, read out where a screen is read out."""
        same = N_("As saved.") if not self.changes else N_("None of these numbers changes.")
        self.said.value = paragraph("change", words or self.page.say(same))
        self.undo.disabled, self.back.disabled = not self.past, not self.changes

    # Keeping what was tried

    def keep_box(self):
        import ipywidgets as widgets

        words = {
            "name": N_("Name of the scenario"),
            "note": N_("Note: why"),
            "author": N_("Author"),
        }
        self.about = {
            name: widgets.Text(
                description=self.page.say(text),
                style={"description_width": "20em"},
                layout={"width": "46em", "max_width": "100%"},
            )
            for name, text in words.items()
        }
        self.kept = widgets.HTML(paragraph("kept", ""))
        save = self.button(N_("Save as a scenario"), self.save)
        write = self.button(N_("Write into client.yml"), self.write)
        parts = [*self.about.values(), widgets.HBox([save, write]), self.kept]
        title = self.page.say(N_("Keep what you tried"))
        return widgets.VBox([widgets.HTML(paragraph("keep", title)), *parts])

    def save(self):
        about = {name: box.value.strip() for name, box in self.about.items()}
        everything = {**self.page.case.changes, **self.changes}
        try:
            path = save_scenario(
                self.page.case.folder, settings=everything if self.changes else {}, **about
            )
        except ClientError as error:
            self.kept.value = paragraph("problem", str(error))
            return
        words = N_("Saved: {path}. Report it: cx run {client} --set scenario={name}")
        self.confirm(words, path=path, client=self.page.case.client, name=about["name"])

    def write(self):
        path, everything = (
            self.page.case.folder / "client.yml",
            {**self.page.case.changes, **self.changes},
        )
        if not self.changes:
            self.confirm(N_("Nothing was changed: there is nothing to write."))
            return
        write_settings(path, everything)
        words = N_("Written into {path}: {keys}. Run the notebook again to start from there.")
        self.confirm(words, path=path, keys=self.page.language.join(everything))

    def confirm(self, words: str, **values):
        self.kept.value = paragraph("kept", self.page.say(words, **values))


def changed(page, before: dict, after: dict) -> str:
    """'Service −1.2 → −0.8; …': the numbers that are not what they were."""
    pairs = [
        page.say(
            N_("{what} {before} → {after}"),
            what=what,
            before=before.get(what, UNKNOWN),
            after=after.get(what, UNKNOWN),
        )
        for what in dict.fromkeys([*before, *after])
        if before.get(what) != after.get(what)
    ]
    more = len(pairs) - MOST_CHANGES
    last = [page.say(N_("{count} more"), count=more)] if more > 0 else []
    return page.say(N_("; ")).join(pairs[:MOST_CHANGES] + last)


def paragraph(style: str, words: str) -> str:
    live = Markup(' role="status"') if style in ("change", "kept", "problem") else ""
    lines = Markup("<br>").join(words.split("\n"))
    return str(Markup('<p class="{}"{}>{}</p>').format(style, live, lines))
