"""The form of the start page: what client.yml and the initiatives say, to be typed over.

Made from the settings' own types and words, so that a key of client.yml needs nothing here. What was
typed is tried on a copy, refused by the checks of `cx check` or shown with what it changes, and written
only by its button.
"""

from dataclasses import replace
from itertools import groupby, product

from markupsafe import Markup

from cxlib.client import edited
from cxlib.client.case import check_client, read_client
from cxlib.client.client_yml import about_key, form_of, read_settings, settings_tree
from cxlib.client.problems import ClientError
from cxlib.client.settings import KEYS
from cxlib.lab.boards import changed
from cxlib.lab.controls import paragraph, show_in
from cxlib.lab.scenarios import decided
from cxlib.page.language import N_, UNKNOWN
from cxlib.page.page import Page
from cxlib.page.terms import COLUMNS

NAMED = ("ideal", "importance", "role_weights")  # mappings whose keys are the client's own names


class Form:
    """Fields over one client's files; `start` is the page it stands on."""

    def __init__(self, start):
        import ipywidgets as widgets

        self.start, self.folder = start, start.data_dir / start.client.value
        self.fields = {}  # {(dotted key) or (row, column): (its box, as saved)}
        self.said = widgets.HTML()
        self.settings, _ = read_settings(self.folder / "client.yml")
        tree, _ = settings_tree(self.folder / "client.yml", {})
        dimensions = list(self.settings.dimensions)
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

    def field(self, at, text: str, about: str, words=(), **looks):
        """One field; words that it could hold are offered, and whatever is typed is judged."""
        from ipywidgets import Combobox

        made = Combobox(value=text, options=words, tooltip=about, continuous_update=False, **looks)
        self.fields[at] = made, text
        return made

    def box(self, keys, tree):
        """A line for each mapping, a field for each of its keys."""
        import ipywidgets as widgets

        rows = []
        for parent, of in groupby(keys, lambda key: key.rpartition(".")[0]):
            fields = []
            for key in of:
                value, name = edited.value_of(tree, key), key.rpartition(".")[2]
                about = self.start.say(about_key(parent if parent in NAMED else key)["about"])
                text = "" if value is None else str(value).replace("'", "")
                looks = {"description": name, "style": {"description_width": "initial"}}
                looks["layout"] = {"width": "17em"}
                words = about_key(key).get("one_of", ())
                fields.append(self.field(key, text, about, words, **looks))
            head = widgets.HTML(str(Markup("<b>{}</b>").format(parent)))
            rows += [head, widgets.HBox(fields, layout={"flex_flow": "row wrap"})]
        return widgets.VBox(rows)

    def grid(self, frame):
        """The initiatives as they stand in their file, and a blank line for one more."""
        import ipywidgets as widgets

        cells = [widgets.HTML(str(Markup("<b>{}</b>").format(name))) for name in frame]
        more = frame.reindex([*frame.index, max(frame.index, default=1) + 1], fill_value="")
        for row, column in product(more.index, more):
            bare = column.rpartition("_")[0]  # label_zh-Hans
            of = COLUMNS.get(column) or COLUMNS.get(bare)
            own = self.settings.labels.get("capacity", {}).get(column, column)
            own = own.get(self.start.language.tag, column) if isinstance(own, dict) else own
            about = f"{row} · {self.start.say(of[0]) if of else own}"
            looks = {"layout": {"width": "8.5em"}}
            cells.append(self.field((row, column), more.loc[row, column], about, **looks))
        columns = f"repeat({len(frame.columns)}, 9em)"
        return widgets.GridBox(cells, layout={"grid_template_columns": columns})

    def typed(self) -> tuple[dict, dict]:
        """({dotted key: value}, {(row, column): text}) of all that is not as saved."""
        now = {at: made.value.strip() for at, (made, _) in self.fields.items()}
        new = {at: text for at, text in now.items() if text != self.fields[at][1]}
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
