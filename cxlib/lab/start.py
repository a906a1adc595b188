"""The start page of the workbook in JupyterLab: choose a client, see its state, open a step, run it.

A client's own copies of the ten notebooks, with its name in their parameters, lie in notebooks/NAME.
They are made when the client is chosen, so that a step opens; a run takes those that somebody worked in.
"""

import json
import os
import re
from functools import wraps
from pathlib import Path
from threading import RLock

import ipywidgets as widgets
from IPython.display import HTML, display
from markupsafe import Markup

from cxlib.client.case import check_client
from cxlib.client.onlooker import looks_on
from cxlib.client.problems import ClientError
from cxlib.client.scenario import read_scenario, scenario_names
from cxlib.lab.controls import paragraph
from cxlib.lab.forms import Form
from cxlib.page.language import N_, Language, parts
from cxlib.page.looks import notebook_head
from cxlib.page.render import translate_markdown
from cxlib.page.tables import made
from cxlib.run import changes, cli, folder, index
from cxlib.run.worker import run_client

LANGUAGES = {"English": "en", "简体中文": "zh-Hans", "繁體中文": "zh-Hant"}
WIDE = {"style": {"description_width": "10em"}, "layout": {"width": "32em", "max_width": "100%"}}
MADE = parts()["files_made"]
STATUS = parts()["run_status"]


def start_page(data_dir="../data", reports_dir="../reports", language="", client=""):
    """The page that `make lab` opens; nothing where nobody looks on.

    >>> start_page("data", "reports")
    """
    if looks_on():
        places = (Path(each) for each in (data_dir, reports_dir, "."))
        Start(*places, language or "en", client).show()


# A client's own notebooks


def own_notebooks(
    client: str, data_dir: Path, reports_dir: Path, notebooks_dir: Path, language: str = ""
) -> list[Path]:
    """Make, or bring up to date, a client's copies of the steps; those older than their step that
    somebody has changed.

    A copy that was changed by hand is left as it is, as is one that is up to date. `language` as in the notebooks' parameters.
    """
    place, kept = notebooks_dir / client, []
    place.mkdir(exist_ok=True)
    folders = {"data_dir": data_dir, "reports_dir": reports_dir}
    given = {name: os.path.relpath(there, place) for name, there in folders.items()}
    given |= {"client": client, "language": language}
    for name in changes.notebooks(str(notebooks_dir)):
        step = notebooks_dir / f"{name}.ipynb"
        copy = changes.own_copy(notebooks_dir, client, step.name)
        newer = copy.exists() and copy.stat().st_mtime >= step.stat().st_mtime
        if changes.is_own_work(copy):
            kept += [copy] * (not newer)
            continue
        if newer and language == folder.read_json(copy)["metadata"]["cxlib"]["language"]:
            continue  # it may be open, with what it has shown
        book = json.loads(step.read_text(encoding="utf-8"))
        for cell in book["cells"]:
            if "parameters" in cell["metadata"].get("tags", []):
                cell["source"] = with_parameters("".join(cell["source"]), given)
            elif cell["cell_type"] == "markdown":
                source = "".join(cell["source"])
                cell["source"] = translate_markdown(source, Language(language or "en"))
        book["metadata"]["cxlib"] = {"made": changes.fingerprint(book), "language": language}
        folder.write_whole(copy, json.dumps(book, indent=1, ensure_ascii=False) + "\n")
    return kept


def with_parameters(source: str, given: dict) -> str:
    """A parameters cell with these values in place of its own."""
    for name, value in given.items():
        source = re.sub(rf'(?m)^({name}\b[^=]*= *)"[^"]*"', rf'\g<1>"{value}"', source)
    return source


def heading(notebook: Path) -> str:
    """The first heading of a notebook, without its mark."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return "".join(cells[0]["source"]).splitlines()[0].lstrip("# ")


def as_read(names) -> list[str]:
    """The steps in the order of reading: what bad experience costs stands before the plan.

    >>> as_read(["05_requirements", "06_strategy_capability", "08_churn_cost", "09_executive_report"])
    ['05_requirements', '08_churn_cost', '06_strategy_capability', '09_executive_report']
    """
    return sorted(names, key=lambda name: "05_then" if name == "08_churn_cost" else name)


def one_at_a_time(act):
    """JupyterLab runs what a button calls in a thread beside the cells: it waits for the others."""

    @wraps(act)
    def waiting(self, *given):
        with self.lock:
            return act(self, *given)

    return waiting


class Start:
    """The page: what was chosen, and the widgets that show it."""

    def __init__(
        self, data_dir: Path, reports_dir: Path, notebooks_dir: Path, language: str, client: str
    ):
        self.data_dir, self.reports_dir, self.notebooks_dir = data_dir, reports_dir, notebooks_dir
        self.language, self.links, self.lock = Language(language), None, RLock()
        names = index.client_names(data_dir)
        first = client if client in names else next(iter(names), None)
        self.tongue = widgets.Dropdown(options=LANGUAGES, value=language, **WIDE)
        self.client = widgets.Dropdown(options=names, value=first, **WIDE)
        self.scenario = widgets.Dropdown(**WIDE)
        self.state, self.title, self.said = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.form = widgets.VBox()
        self.again = widgets.Button(layout={"width": "auto"})
        self.run = widgets.Button(layout={"width": "auto"}, button_style="primary")
        self.slides = widgets.Button(layout={"width": "auto"})
        steps = len(changes.notebooks(str(notebooks_dir)))
        self.bar = widgets.IntProgress(max=steps, layout={"width": "32em"})
        self.tongue.observe(self.spoken, names="value")
        self.client.observe(self.chosen, names="value")
        self.again.on_click(self.chosen)
        self.run.on_click(self.ran)
        self.slides.on_click(self.ran)

    @property
    def spoken_in(self) -> str:
        """The language of the steps: that of the page; as client.yml says where it is English."""
        return "" if self.language.tag == "en" else self.language.tag

    def say(self, sentence: str, /, **values) -> str:
        return self.language.say(sentence, **values)

    @one_at_a_time
    def show(self):
        """Shows the page: what is chosen, the steps as links, and the report."""
        display(HTML(notebook_head()))
        choice = widgets.HBox([self.client, self.again])
        display(widgets.VBox([self.tongue, choice, self.state]))
        self.links = display(HTML(""), display_id=True)
        run = widgets.HBox([self.run, self.slides])
        report = [self.form, self.title, self.scenario, run, self.bar, self.said]
        display(widgets.VBox(report, layout={"align_items": "flex-start"}))
        self.spoken()

    @one_at_a_time
    def spoken(self, _=None):
        """Everything in the language that was chosen."""
        self.language = Language(self.tongue.value)
        for name, words in parts()["start_page"].items():
            getattr(self, name).description = self.say(words)
        self.title.value = f"<h3>{self.say(N_('Report'))}</h3>"
        self.chosen()

    @one_at_a_time
    def chosen(self, _=None):
        """The state, the steps and the scenarios of the client that was chosen."""
        self.said.value, self.bar.layout.visibility = "", "hidden"
        names, now = index.client_names(self.data_dir), self.client.value
        if list(self.client.options) != names:  # a new one; what was chosen stays chosen
            self.client.unobserve(self.chosen, names="value")
            self.client.options = names
            self.client.value = now if now in names else next(iter(names), None)
            self.client.observe(self.chosen, names="value")
        if not self.client.value:
            words = N_("There is no client yet. `cx new NAME` makes the folder of one.")
            self.state.value = paragraph("problem", self.say(words))
            return
        self.state.value = paragraph("note", self.say(N_("Checking …")))
        names = scenario_names(self.data_dir / self.client.value)
        self.scenario.options = [(self.say(N_("As saved")), ""), *((each, each) for each in names)]
        self.scenario.value = ""
        said = self.made() + self.checked() + self.last_run() + self.scenarios(names)
        self.show_links()
        self.form.children = self.forms()
        self.state.value = str(said)  # the last to come: whoever reads it finds the rest in place

    def made(self) -> Markup:
        """The client's own notebooks, made or brought up to date; which of them were left as they are."""
        places = (self.data_dir, self.reports_dir, self.notebooks_dir)
        kept = own_notebooks(self.client.value, *places, self.spoken_in)
        words = N_("You have changed these, so they are left as they are: {names}.")
        names = self.language.join(path.name for path in kept)
        return paragraph("kept", self.say(words, names=names)) if kept else Markup("")

    def forms(self) -> list:
        """What client.yml and the initiatives say, to be typed over; [] where they cannot be read."""
        try:
            return [Form(self).widget]
        except ClientError:
            return []  # why stands above

    def checked(self) -> Markup:
        """Whether the client's files can be used, and every reason why not."""
        try:
            problems = check_client(self.client.value, self.data_dir)
        except OSError as error:
            problems = [error]
        if not problems:
            words = N_("Checked: every file of {client} can be used.")
            return paragraph("note", self.say(words, client=self.client.value))
        words = self.say(N_("Problems to put right first: {count}"), count=len(problems))
        said = (paragraph("problem", str(each)) for each in problems)
        return paragraph("headline", words) + Markup("").join(said)

    def last_run(self) -> Markup:
        """When the report was last made, of what, and whether that went well."""
        last = folder.read_json(self.reports_dir / self.client.value / "run.json")
        failure = folder.failure(self.reports_dir, self.client.value)
        said = [self.say(N_("No report has been made yet."))]
        if last:
            name = last.get("settings", {}).get("scenario", "")
            words = N_("Last report: {date}, {seconds} seconds, {scenario}.")
            facts = {"date": last["started"][:16].replace("T", " ")}
            facts["seconds"] = self.language.count(last["seconds"])
            said = [self.say(words, scenario=name or self.say(N_("As saved")), **facts)]
        if failure:
            said.append(self.say(N_("The last run failed: {reason}"), reason=failure["reason"]))
        return Markup("").join(paragraph("note", words) for words in said)

    def scenarios(self, names: list[str]) -> Markup:
        """One line per scenario: name, author, date, note."""
        found = (read_scenario(self.data_dir / self.client.value, name)[0] for name in names)
        told = ([each.name, each.author, each.date, each.note] for each in found if each)
        lines = made("lines", [" · ".join(filter(None, each)) for each in told])
        return Markup("<p>{}</p>{}").format(self.say(N_("Scenarios")), lines) if lines else lines

    def show_links(self):
        """The steps and the report as links; JupyterLab opens what a link in an output names."""
        client, steps = self.client.value, []
        for name in as_read(changes.notebooks(str(self.notebooks_dir))):
            there = changes.own_copy(self.notebooks_dir, client, f"{name}.ipynb")
            words = self.say(heading(self.notebooks_dir / f"{name}.ipynb"))
            steps.append((os.path.relpath(there), words))
        note = N_("In the order in which they are read: the cost (8) before the plan (6).")
        places = {self.reports_dir / client / name: words for name, words in MADE.items()}
        files = [(os.path.relpath(there), self.say(words)) for there, words in places.items()
                 if there.exists()]  # fmt: skip
        html = made("steps", self.say(N_("Steps")), self.say(note), steps, files)
        self.links.update(HTML(str(html)))

    @one_at_a_time
    def ran(self, button):
        """The report is made, as `cx run` makes it; slides and workbook with it, where asked for."""
        client, name = self.client.value, self.scenario.value
        words = ["run", client, "--data", str(self.data_dir), "--reports", str(self.reports_dir)]
        words += ["--notebooks", str(self.notebooks_dir), *["--deck"] * (button is self.slides)]
        asked = cli.parsed([*words, *(["--set", f"scenario={name}"] if name else [])])
        self.run.disabled = self.slides.disabled = True
        self.bar.value, self.bar.layout.visibility = 0, "visible"
        self.said.value = paragraph("change", self.say(N_("Starting …")))
        try:
            result = run_client(cli.job_for(asked, client), self.told)
            index.write_index(asked.reports, asked.data, [result])
        finally:
            self.run.disabled = self.slides.disabled = False
        self.chosen()
        self.scenario.value = name
        reason = f"\n{result}" if result.status == "failed" else ""
        style = "problem" if reason else "change"
        self.said.value = paragraph(style, self.say(STATUS[result.status], client=client) + reason)

    def told(self, client, what, detail=""):
        """How far the run is."""
        if what == "notebook":
            self.said.value = paragraph("change", f"{client}: {detail}")
        elif what == "ran":
            self.bar.value += 1
