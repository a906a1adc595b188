"""The boards of the steps: controls over what they move, with undo and two ways to keep what was tried."""

import json
from functools import partial

import ipywidgets as widgets
import pandas as pd
from markupsafe import Markup

from cxlib.analysis import brand_value
from cxlib.analysis.verdict import verdict
from cxlib.client.case import read_client
from cxlib.client.client_yml import write_settings
from cxlib.client.problems import ClientError
from cxlib.client.scenario import KEY as SCENARIO
from cxlib.client.scenario import read_scenario, save_scenario, scenario_names
from cxlib.lab import controls, looked
from cxlib.lab.controls import FIELD, Control, paragraph, show_in
from cxlib.lab.looked import focus_gaps
from cxlib.page.language import N_, UNKNOWN, parts
from cxlib.page.screen import scenario_words, tiles_of, words_of
from cxlib.page.tables import table_html
from cxlib.page.whatif import BACK

MOST_CHANGES = 6  # named in the line that says what changed


BOARDS = {  # what one step lets a person try: what it moves, and the controls by name
    "brief": (looked.look_at_brief, "wave weighting"),
    "choice": (looked.look_at_choice, "target_segment wave weighting value_weights"),
    "experience": (looked.look_at_experience, "target_segment wave weighting role_weights"),
    "importance": (looked.look_at_key, "importances target_segment wave weighting"),
    "ideal": (looked.look_at_gap, "ideals target_segment wave weighting"),
    "requirements": (looked.look_at_requirements, "kano_rule wave weighting"),
    "strategy": (looked.look_at_strategy, "budget fit_weights"),
    "results": (looked.look_at_results, "target_segment wave weighting"),
    "cost": (looked.look_at_cost, "shares"),
}


def explore(page, name: str):
    """In JupyterLab: the board of one step as a widget; None where the client has nothing to try
    there, and nothing in a batch run.

    >>> cx.explore(page, "ideal")  # in JupyterLab
    """
    if not page.interactive:
        return None
    if name not in BOARDS:
        raise KeyError(f"No board is called {name!r}. There are: {', '.join(BOARDS)}.")
    look, names = BOARDS[name]
    offered = [control for each in names.split() for control in getattr(controls, each)(page)]
    if look is looked.look_at_choice:  # lifetimes are slow to fit, and no decision moves them
        look = partial(looked.look_at_choice, life=brand_value.lifetimes(page.case))
    html, facts = look(page) if offered else ("", {})
    return Desk(page, offered, look, html, facts).widget if html else None


class Desk:
    """Controls over what they move; undo, reset, and two ways to keep what was tried."""

    def __init__(self, page, controls: list[Control], look, html, facts):
        self.page, self.controls, self.look = page, controls, look
        self.past, self.quiet = [], False
        self.shown, self.said = widgets.HTML(), widgets.HTML()
        self.boxes = [self.box(control) for control in controls]
        self.undo = self.button(N_("Undo"), self.undone)
        self.back = self.button(BACK, self.reset)
        self.shown.value = self.drawn = str(html)
        self.saved = facts
        self.tell("")
        for box in self.boxes:
            box.observe(self.moved, names="value")
        buttons = widgets.HBox([self.undo, self.back])
        self.keeping = self.keep_box()
        self.widget = widgets.VBox([*self.boxes, buttons, self.said, self.shown, self.keeping])
        self.widget.add_class("cx-desk")

    def box(self, control: Control):
        kind = widgets.SelectionSlider if control.slider else widgets.Dropdown
        options = [(words, place) for place, (words, _) in enumerate(control.options)]
        box = kind(options=options, value=control.start, description=control.label, **FIELD)
        if control.slider:
            box.continuous_update = False
        return box

    def button(self, words: str, act):
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
        wanted = page.settings.target_segments
        if wanted and not page.case.scores["segment"].isin(wanted).any():
            self.shown.value, names = "", (page.label("segment", each) for each in wanted)
            words = N_("Nobody of {names} answered in this wave: choose another.")
            self.tell(page.say(words, names=page.language.join(names)))
            return
        html, facts = self.look(page)
        self.shown.value = str(html)
        words = changed(self.page, self.saved, facts)
        if not words and self.changes and self.shown.value != self.drawn:
            words = self.page.say(N_("None of the numbers named here changes; what is drawn does."))
        self.tell(words)

    def tell(self, words: str):
        """The line that says what changed, read out where a screen is read out."""
        same = N_("As saved.") if not self.changes else N_("None of these numbers changes.")
        self.said.value = paragraph("change", words or self.page.say(same))
        self.undo.disabled, self.back.disabled = not self.past, not self.changes

    # Keeping what was tried

    def keep_box(self):
        words = {name: self.page.say(text) for name, text in parts()["scenario_fields"].items()}
        self.about = {name: widgets.Text(description=text, **FIELD) for name, text in words.items()}
        self.kept = widgets.HTML(paragraph("kept", ""))
        save = self.button(N_("Save as a scenario"), self.save)
        write = self.button(N_("Write into client.yml"), self.write)
        inside = [*self.about.values(), widgets.HBox([save, write]), self.kept]
        title = self.page.say(N_("Keep what you tried"))
        return widgets.VBox([widgets.HTML(paragraph("keep", title)), *inside])

    def save(self):
        about = {name: box.value.strip() for name, box in self.about.items()}
        kept = {**self.page.case.changes, **self.changes} if self.changes else {}
        facts = {"client": self.page.case.client, "name": about["name"]}

        def saved():
            path = save_scenario(self.page.case.folder, settings=kept, **about)
            words = N_("Saved: {path}. Report it: cx run {client} --set scenario={name}")
            return paragraph("kept", self.page.say(words, path=path, **facts))

        show_in(self.kept, saved)

    def write(self):
        path = self.page.case.folder / "client.yml"
        everything = {**self.page.case.changes, **self.changes}
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
    words, pairs = N_("{what} {before} → {after}"), []
    for what in dict.fromkeys([*before, *after]):
        was, now = before.get(what, UNKNOWN), after.get(what, UNKNOWN)
        if was != now:
            pairs.append(page.say(words, what=what, before=was, after=now))
    more = len(pairs) - MOST_CHANGES
    last = [page.say(N_("{count} more"), count=more)] if more > 0 else []
    return page.listed(pairs[:MOST_CHANGES] + last)


# Scenarios: two of them side by side


def decided(page) -> dict:
    """{what: words}: what a client's verdict says, for setting two beside each other."""
    said, words = words_of(page, verdict(page.case)), N_("{amount} ({range})")
    found = {page.say(N_("Answer")): said["answer"]}
    for head, figure, told in tiles_of(said):
        found[head] = page.say(words, amount=figure, range=told)
    return found | {page.say(N_("Worst gap")): worst_gap(page, focus_gaps(page))}


def worst_gap(page, gaps) -> str:
    """The worst gap of the focus segment with its interval: 'Service −1.2 (−1.5 to −0.9)'."""
    rows = page.focus_rows(page.gate(gaps)).dropna(subset=["gap"])
    if rows.empty:
        return UNKNOWN
    row = rows.loc[rows["gap"].idxmin()]
    number = page.within(row, "gap", "signed2")
    return f"{page.label('dimension', row['dimension'])} {number}"


def scenario_page(page, name: str):
    """The client's page under one of its scenarios; "" for as client.yml stands."""
    asked = json.dumps({SCENARIO: name}, ensure_ascii=False) if name else ""
    case = page.case
    return type(page)(read_client(case.client, case.folder.parent, case.language, asked))


def comparison_html(page, left: str, right: str) -> Markup:
    """Two scenarios ("" for as saved) side by side: a sentence, and a table."""
    titles = [name or page.say(N_("As saved")) for name in (left, right)]
    found = [decided(each) for each in [scenario_page(page, name) for name in (left, right)]]
    rows = pd.DataFrame({"what": list(dict.fromkeys([*found[0], *found[1]]))})
    for side, facts in zip(("first", "second"), found, strict=True):
        rows[side] = [facts.get(what, UNKNOWN) for what in rows["what"]]
    different = changed(page, *found)
    same = N_("“{left}” and “{right}” come to the same.")
    words = N_("From “{left}” to “{right}”: {changes}.") if different else same
    said = page.say(words, left=titles[0], right=titles[1], changes=different)
    heads = {"what": page.say(N_("What")), "first": titles[0], "second": titles[1]}
    headline = paragraph("headline", said)
    read = (read_scenario(page.case.folder, name)[0] for name in (left, right) if name)
    notes = Markup("").join(paragraph("note", scenario_words(page, each)) for each in read)
    return headline + table_html(rows, page, heads) + notes


def compare_scenarios(page):
    """In JupyterLab: two scenarios to choose, and what they come to side by side; None without any,
    and nothing in a batch run.

    >>> cx.compare_scenarios(page)  # in JupyterLab
    """
    if not page.interactive:
        return None
    names = ["", *scenario_names(page.case.folder)]
    if len(names) < 2:
        return None
    words = [(name or page.say(N_("As saved")), name) for name in names]
    left, right = (
        widgets.Dropdown(options=words, value=value, description=page.say(text), **FIELD)
        for text, value in ((N_("Compare"), ""), (N_("with"), names[1]))
    )
    shown = widgets.HTML()

    def draw(_=None):
        show_in(shown, comparison_html, page, left.value, right.value)

    left.observe(draw, names="value")
    right.observe(draw, names="value")
    draw()
    return widgets.VBox([left, right, shown])
