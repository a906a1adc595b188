"""The form of the start page: what client.yml and the initiatives say, to be typed over.

Made from the settings' own types and words, so that a key of client.yml needs nothing here. What was
typed is tried on a copy, refused by the checks of `cx check` or shown with what it changes, and written
only by its button.
"""

import re
from dataclasses import replace
from itertools import groupby, product

import ipywidgets as widgets
from markupsafe import Markup, escape

from cxlib.client import edited
from cxlib.client.case import check_client, read_client
from cxlib.client.client_yml import about_key, form_of, read_settings, settings_tree
from cxlib.client.problems import ClientError
from cxlib.client.settings import KEYS, keys_within
from cxlib.lab.boards import changed, decided
from cxlib.lab.controls import paragraph, show_in
from cxlib.page.language import N_, UNKNOWN
from cxlib.page.page import Page
from cxlib.page.terms import COLUMNS

SHORT = re.compile(r"[:：;；,，(（]|[.。]$")  # where what is told of a key is no longer its name
MARKS = re.compile(r"(\[|\]|\s*[,，、;；]\s*)")  # between the codes of a list
# Fields that hold codes, and whose.
LISTED = {"target_segments": "segment", "dimension": "dimension"}
# Read aloud, and not seen.
UNSEEN = Markup('<span style="position:absolute;clip-path:inset(50%);white-space:nowrap">{}</span>')


def swapped(text: str, words: dict) -> str:
    """A text with each part of it, as marks part them, put into these words."""
    return "".join(words.get(each, each) for each in MARKS.split(text))


class Form:
    """Fields over one client's files; `start` is the page it stands on."""

    def __init__(self, start):
        self.start, self.folder = start, start.data_dir / start.client.value
        self.fields = {}  # {(dotted key) or (row, column): (its box, as saved)}
        self.codes = {}  # {the same: {what the client calls it: code}}
        self.said = widgets.HTML()
        self.settings, _ = read_settings(self.folder / "client.yml")
        tree, _ = settings_tree(self.folder / "client.yml", {})
        self.names, dimensions = self.own_words(), list(self.settings.dimensions)
        names = {"ideal": ["default", *dimensions], "importance": dimensions}
        keys = list(edited.keys_of(tree, names))
        titles = list(dict.fromkeys(told["form"] for told in KEYS.values() if "form" in told))
        parts = [self.box([each for each in keys if form_of(each) == of], tree) for of in titles]
        parts.append(self.grid(edited.initiatives(self.folder, self.settings)[2]))
        titles.append(N_("Initiatives"))
        acts = {N_("Try it"): (self.judged, False), N_("Write it"): (self.judged, True),
                N_("Take back what was written last"): (self.taken_back,)}  # fmt: skip
        buttons = [widgets.Button(description=start.say(words), layout={"width": "auto"}) for words in acts]  # fmt: skip
        for button, act in zip(buttons, acts.values(), strict=True):
            button.on_click(lambda _, act=act: self.act(*act))
        form = widgets.Accordion(parts, titles=[start.say(words) for words in titles])
        self.widget = widgets.VBox([form, widgets.HBox(buttons), self.said])

    def own_words(self) -> dict[str, dict]:
        """{kind of code: {code: what the client calls it in the language of the page}}."""
        asked, of = self.settings.survey, dict(self.settings.labels)
        of["segment"] = {**of.get(asked.segment if asked else "", {}), **of.get("segment", {})}
        of["dimension"], tag = self.settings.dimensions, self.start.language.tag
        return {kind: {code: str(each.get(tag, each.get("en", code)) if isinstance(each, dict) else each)
                       for code, each in labels.items()} for kind, labels in of.items()}  # fmt: skip

    def called(self, key: str) -> str:
        """What a dotted key is called: the client's own word for its name, or how its remark begins."""
        parent, _, name = key.rpartition(".")
        if name in keys_within(parent):
            return SHORT.split(self.start.say(about_key(key)["about"]))[0].strip()
        own = self.names.get("role" if parent == "role_weights" else "dimension", {})
        return {"default": self.start.say(N_("Other")), **own}.get(name) or self.heading(name)

    def field(self, at, text: str, name, about: str, words=(), **looks):
        """One field with the name by which it is read aloud; words that it could hold are offered, the
        client's own in place of codes, and whatever is typed is judged."""
        own = self.names.get(LISTED.get(at if isinstance(at, str) else at[1]), {})
        own = {code: word for code, word in own.items() if not MARKS.search(word)}
        text, self.codes[at] = swapped(text, own), {word: code for code, word in own.items()}
        made = widgets.Combobox(value=text, options=[*words, *own.values()], tooltip=about, continuous_update=False,
                        description=str(name), description_allow_html=True, **looks)  # fmt: skip
        self.fields[at] = made, text
        return made

    def box(self, keys, tree):
        """A line for each mapping, a field for each of its keys."""
        rows = []
        for parent, of in groupby(keys, lambda key: key.rpartition(".")[0]):
            fields, heading = [], self.called(parent) if parent else ""
            for key in of:
                value, about = edited.value_of(tree, key), self.start.say(about_key(key)["about"])
                text = "" if value is None else str(value).replace("'", "")
                name = (UNSEEN.format(f"{heading} · ") if parent else "") + escape(self.called(key))
                looks = {"style": {"description_width": "initial"}, "layout": {"width": "auto"}}
                words = about_key(key).get("one_of", ())
                fields.append(self.field(key, text, name, f"{about} ({key})", words, **looks))
            head = widgets.HTML(str(Markup("<b>{}</b>").format(heading)))
            rows += [head, widgets.HBox(fields, layout={"flex_flow": "row wrap"})]
        return widgets.VBox(rows)

    def grid(self, frame):
        """The initiatives as they stand in their file, and a blank line for one more."""
        cells = [widgets.HTML(str(Markup("<b>{}</b>").format(self.heading(name)))) for name in frame]  # fmt: skip
        more = frame.reindex([*frame.index, max(frame.index, default=1) + 1], fill_value="")
        for row, column in product(more.index, more):
            about = f"{self.row_name(more, row)} · {self.heading(column)}"
            looks = {"layout": {"width": "8.5em"}, "style": {"description_width": "0"}}
            at, name = (row, column), UNSEEN.format(about)
            cells.append(self.field(at, more.loc[row, column], name, f"{about} ({column})", **looks))  # fmt: skip
        columns = f"repeat({len(frame.columns)}, 9em)"
        return widgets.GridBox(cells, layout={"grid_template_columns": columns})

    def heading(self, column: str) -> str:
        """What a column of the initiatives is called."""
        bare, _, tongue = column.rpartition("_")  # label_zh-Hans
        if column not in COLUMNS and bare in COLUMNS:
            return f"{self.heading(bare)} ({tongue})"
        own = {**self.names.get("capacity", {}), **self.names.get("made_of", {})}
        return own.get(column) or (self.start.say(COLUMNS[column][0]) if column in COLUMNS else column)  # fmt: skip

    def row_name(self, frame, row) -> str:
        """What an initiative is called in the language of the page; the next one by the number of its row."""
        names = [f"label_{self.start.language.tag}", "label", "initiative"]
        return next((each for name in names if (each := frame.get(name, {}).get(row))), str(row))

    def typed(self) -> tuple[dict, dict]:
        """({dotted key: value}, {(row, column): text}) of all that is not as saved."""
        now = {at: made.value.strip() for at, (made, _) in self.fields.items()}
        new = {at: text for at, text in now.items() if text != self.fields[at][1]}
        new = {at: swapped(text, self.codes[at]) for at, text in new.items()}
        kinds = {at: about_key(at).get("type", "") for at in new if isinstance(at, str)}
        keys = {at: edited.typed(new[at], kind) for at, kind in kinds.items()}
        return keys, {at: text for at, text in new.items() if at not in keys}

    def judged(self, write: bool) -> str:
        """What is typed and what it changes, in words, and written if asked. Raises ClientError."""
        say, (keys, cells) = self.start.say, self.typed()
        data, client, tongue = self.folder.parent, self.folder.name, self.start.language.tag
        if not keys and not cells:
            nothing = N_("Nothing was changed: there is nothing to write.")
            return say(nothing if write else N_("As saved."))
        with edited.candidate(self.folder, keys, cells, self.settings) as place:
            if problems := check_client(client, place):
                files = [each.file.replace(str(place), str(data)) for each in problems]
                found = zip(problems, files, strict=True)
                raise ClientError([replace(each, file=file) for each, file in found])
            after = decided(Page(read_client(client, place, tongue)))
        pairs = [
            say(N_("{what} {before} → {after}"), what=at if at in keys else "{1} {0}".format(*at),
                before=self.fields[at][1] or UNKNOWN, after=self.fields[at][0].value or UNKNOWN)
            for at in (*keys, *cells)
        ]  # fmt: skip
        if not check_client(client, data):  # else there is nothing to set it against
            page = Page(read_client(client, data, tongue))
            moved = changed(page, decided(page), after)
            pairs.append(moved or say(N_("No number of the verdict changes.")))
        if write:
            edited.write(self.folder, keys, cells, self.settings)
            self.fields = {at: (made, made.value.strip()) for at, (made, _) in self.fields.items()}
            pairs.append(say(N_("Written into the files of {client}."), client=client))
        return "\n".join(pairs)

    def taken_back(self) -> str:
        keys = edited.take_back(self.folder, self.settings)
        self.start.chosen()
        if not keys:
            return self.start.say(N_("Nothing was written that could be taken back."))
        return self.start.say(N_("Taken back: {keys}."), keys=self.start.language.join(keys))

    def act(self, work, *given):
        """Whatever a button does, one at a time, and what came of it."""
        with self.start.lock:
            self.said.value = paragraph("note", self.start.say(N_("Checking …")))
            show_in(self.said, lambda: paragraph("change", work(*given)))
