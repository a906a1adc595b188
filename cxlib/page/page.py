"""The page a notebook writes on: tables, figures, sentences, and the files behind them.

Every table, figure and file passes one gate, `Page.gate`, last.
"""

from dataclasses import dataclass, field
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from cxlib.analysis.asking import STEPS, designed_for, follow
from cxlib.client.onlooker import looks_on, watch
from cxlib.client.release import Released, released, share_unit
from cxlib.page import findings, screen, sentences, verdict, whatif, workbook
from cxlib.page.commentary import comment_html, read_commentary
from cxlib.page.drawing import picture
from cxlib.page.figures import FIGURES
from cxlib.page.language import N_, Language
from cxlib.page.looks import notebook_head
from cxlib.page.own_figures import in_house
from cxlib.page.own_work import MARK
from cxlib.page.sentences_churn import published_loss
from cxlib.page.tables import table_html, tells, worked_line
from cxlib.page.terms import CAPTIONS, OWN, RESULTS, refuse_unknown
from cxlib.page.whatif import choice_html
from cxlib.page.worded import Worded

for each in sorted(Path(__file__).parent.glob("sentences_*.py")):
    import_module(f"cxlib.page.{each.stem}")  # which registers its sentences
PASSED = 4  # tables that the gate has let through last
told = partial(field, default_factory=list, repr=False, compare=False)  # of what a page has done
OF_SEGMENTS = ("gap", "items")  # results of every segment, of which a table shows the focus


def open_page(case, reports_dir: str = "") -> "Page":
    """The page of a client, in the language of the case.

    >>> page = open_page(cx.read_client("meisu", "data"))
    >>> page.language.tag
    'en'
    """
    page = Page(case, reports_dir)
    in_house(page)
    _ = page.commentary  # whatever is wrong with it is said before anything is shown
    if page.interactive:
        page._put(notebook_head(), "")
    watch(page.say(N_("Working")))
    return page


@dataclass(frozen=True)
class Page(Worded):
    """What a notebook writes on. See the package's docstring for the names it knows."""

    case: object
    reports_dir: str = ""
    leading: list = told()  # name, table, anchor
    pointed: list = told()  # anchors
    commented: list = told()  # what about
    passed: list = told()  # (table, as released)

    @cached_property
    def language(self) -> Language:
        """How numbers, dates and sentences are written."""
        return Language(self.case.language, self.settings.currency)

    @cached_property
    def commentary(self) -> dict:
        """The consultant's comments, by what they are about; see `commentary`."""
        return read_commentary(self.case.folder)

    @property
    def settings(self):
        """client.yml, for this run."""
        return self.case.settings

    @property
    def colour(self) -> str:
        """The client's own colour; blank without one."""
        return self.settings.colour or ""

    @property
    def interactive(self) -> bool:
        """Whether somebody is looking on in JupyterLab; a batch run shows static results only."""
        return looks_on()

    # The gate

    def gate(self, table: pd.DataFrame) -> Released:
        """The table as it may be shown: small bases flagged, smaller ones withheld, all rounded.

        >>> groups = pd.DataFrame({"group": [*"abc"], "n": [50, 4, 8], "mean": [5.0, 1.0, 2.0]})
        >>> page.gate(groups)["flag"].tolist()
        ['', 'withheld', 'withheld']
        """
        for given, shown in self.passed:  # a headline, a figure and a table of the same rows
            if given.equals(table) and given.attrs == table.attrs:
                return shown.copy()
        shown = released(self.case, table)
        self.passed[:] = [*self.passed[1 - PASSED :], (table.copy(), shown)]
        return shown.copy()

    @property
    def focus(self) -> str:
        """The segment that the design is for."""
        return "target" if self.settings.target_segments else "all"

    # What a notebook shows

    def show(self, result, table, columns=None, caption=None, figure="", headline=None, **options):
        """Shows a result in one call: its headline, its figure and its table; and publishes it.

        columns : of the table; [] for none
        caption : of the table (as in `words/results.csv` unless told), or of the figure alone
        figure, headline : a name, or a name and further tables that it asks for; the headline is that
            of the result's own name unless told
        options : of the figure

        >>> page.show("gap", cx.gaps(case), ["dimension", "gap"], figure="gap_chart")
        """
        table = self.publish(result, table)
        if caption is None:
            caption = "" if columns == [] else CAPTIONS.get(result, "")
        options |= {"caption": caption} if columns == [] else {}
        if headline is None and result in sentences.SENTENCES:
            headline = result
        for name, draw in ((headline, self.headline), (figure, partial(self.figure, **options))):
            name, *beside = [name] if isinstance(name, str) else name or [""]
            if name:
                draw(name, table, *beside)
        if columns != []:
            self.table(designed_for(table) if result in OF_SEGMENTS else table, columns, caption)
        if table is not None:
            self._put(self.comment_html(result), result)

    def worked(self, table, formula: str) -> None:
        """Shows one line of arithmetic with the client's own numbers: "Security: 6.7 × −1.7 = −11.4".

        >>> page.worked(cx.gaps(case), "importance × satisfaction = weighted_satisfaction")
        """
        self._paragraph(worked_line(self, table, formula), "worked")

    def table(self, table, columns=None, caption: str = "") -> None:
        """Shows the rows as a table; nothing where there are none.

        >>> page.table(cx.gaps(case), ["dimension", "gap"], caption="How far from the ideal?")
        """
        table = None if table is None else self.gate(table)  # which may let no row through
        if table is not None and len(table) and tells(table, columns):
            # Where the consultant works the table can be taken along; a report stays light.
            book = workbook.book_of(self, table, columns, caption) if self.interactive else ""
            words = self.say(caption) if caption else ""
            self._put(table_html(table, self, columns, words, book), caption)

    def choose(self, table, groups, columns, caption: str = "") -> None:
        """Shows the table for those the design is for, and for whom else the reader chooses in the page.

        >>> page.choose(cx.gaps(case), cx.gaps_by_group(case), ["dimension", "gap"])
        """
        self._put(choice_html(self, table, groups, columns, self.say(caption)), caption)

    def figure(self, name: str, *tables, caption: str = "", **options) -> None:
        """Shows the named figure of these tables; nothing where there is nothing to draw.

        What stands among the leading findings already is not drawn a second time.

        >>> page.figure("gap_chart", cx.gaps(case), caption="Where do we fall short?")
        """
        if anchor := self.leads(name, *tables):
            return self._point_to(anchor, name)
        return self._put(self.figure_html(name, *tables, caption=caption, **options), name)

    def _point_to(self, anchor, name) -> None:
        """A link to the finding that says or draws it, once."""
        if anchor in self.pointed:
            return
        self.pointed.append(anchor)
        words = self.say(N_("This stands among the findings above."))
        link = Markup('<p class="evidence pointer"><a href="#{}">{}</a></p>').format(anchor, words)
        self._put(link, name)

    def leads(self, name, *tables) -> str:
        """Where the same figure, or headline, of the same rows is among the findings, or ""."""
        first = tables[0] if tables else None
        return next((anchor for figure, table, anchor in self.leading
                     if figure == name and table is not None and table.equals(first)), "")  # fmt: skip

    def figure_html(self, name: str, *tables, caption: str = "", brief=False, **options) -> str:
        caption = self.say(caption) if caption else ""
        draw = self.drawing(name, *tables, **options)
        return picture(draw, self.language, caption, name, not self.interactive, brief)

    def drawing(self, name: str, *tables, **options):
        """What draws the named figure of these tables, gated, on a sheet that it is given."""
        if name not in FIGURES:
            raise KeyError(f"No figure is called {name!r}. There are: {', '.join(FIGURES)}.")
        tables = [*map(self.gated, tables)]
        empty = not tables or tables[0] is None or tables[0].empty

        def draw(sheet):
            return None if empty else FIGURES[name](sheet, self, *tables, **options)

        return draw

    def headline(self, name: str, *tables, **facts) -> None:
        """Shows a computed sentence as the headline of what follows, its rest in plain type.

        What is said among the leading findings already is not said a second time; its rest is, where
        a report is short enough to tell it, without the base that the finding names.

        >>> page.headline("key_experience", cx.gaps(case))
        """
        if anchor := self.leads(name, *tables):
            self._point_to(anchor, name)
            rest = self.sentences(name, *tables, **facts)[1:]
            more = anchor == "content" and len(rest) > 1  # a base alone tells nothing there
            known = "" if more else self.sentence("evidence", tables[0])
            return self._put(self.paragraphs(each for each in rest if each[:-1] not in known), name)
        html = self.headline_html(name, *tables, **facts)
        return self._put(html + self.comment_html(name) if html else "", name)

    def comment_html(self, about: str) -> str:
        """What the consultant says of a result or a headline, once on a page; "" where nothing."""
        if about not in self.commentary or about in self.commented:
            return ""
        self.commented.append(about)
        return comment_html(self, about, self.commentary[about])

    def headline_html(self, name: str, *tables, **facts) -> str:
        first, *rest = self.sentences(name, *tables, **facts) or [""]
        if not first:
            return ""
        thin = " thin" if isinstance(first, sentences.Nothing) else ""
        return Markup('<p class="headline{}">{}</p>').format(thin, first) + self.paragraphs(rest)

    def screen(self, found, leading=()) -> None:
        """Shows the first screen of a report from its verdict, with the chart that proves it, and
        writes results/verdict.json in a batch run.

        >>> page.screen(cx.verdict(case), cx.leading_findings(cx.gaps(case)))
        """
        figure = findings.screen_figure(self, found, leading)
        self._put(screen.screen_html(self, found, figure), verdict.answer(self, found))
        if not self.interactive and self.reports_dir:
            workbook.write_verdict(self, found)

    def learn(self, found) -> None:
        """Shows the one measurement that would change the verdict on a plan; nothing without one.

        >>> page.learn(cx.verdict(case))
        """
        self._paragraph(verdict.changes(self, found), "headline")

    def finding(self, found, number: int) -> None:
        """Shows one of `leading_findings`, from 0.

        >>> page.finding(cx.leading_findings(gaps=cx.gaps(case)), 0)
        """
        self._put(findings.finding_html(self, found, number), f"finding {number + 1}")

    def cautions(self, own: bool = True) -> None:
        """Shows what a reader must keep in mind; `own`: the client's own words of it as well.

        >>> page.cautions()
        """
        self._put(findings.cautions_html(self, own), "\n".join(findings.cautions(self, own)))

    def wishes(self, missing) -> None:
        """Shows what more would tell us, at most three things; the rest is folded away.

        >>> page.wishes(cx.unlocks(case))
        """
        self._put(findings.wishes_html(self, missing), "what more would tell us")

    def method(self) -> None:
        """Shows how it was done, with which versions.

        >>> page.method()
        """
        self._put(findings.method_html(self), "method")

    def evidence(self, *tables, **facts) -> None:
        """Shows the base, the interval and the source that a finding rests on, in one line.

        >>> page.evidence(cx.gaps(case))
        """
        self._paragraph(self.sentence("evidence", *tables, **facts), "evidence")

    def note(self, sentence: str, **values) -> None:
        """Shows a remark; `sentence` is an English msgid with {named} places.

        >>> page.note("{count} shops were asked.", count=4)
        """
        self._paragraph(self.say(sentence, **values), "note")

    def meaning(self, of: str, gaps) -> None:
        """Shows what satisfaction, the key experience (key) or the ideal is, where it is known.

        >>> page.meaning("key", cx.gaps(case))
        """
        self._paragraph(self.sentence("meaning", gaps, of=of), "meaning")

    def _paragraph(self, words: str, style: str) -> None:
        if words:
            self._put(Markup('<p class="{}">{}</p>').format(style, words), words)

    def _put(self, html: str, text: str) -> None:
        """One output: the same in every engine."""
        if html:
            from IPython.display import display

            display({"text/html": str(html), "text/plain": str(text)}, raw=True, metadata=MARK)

    # What if?

    def whatif_churn(self, inputs=None, revenue=None, ask=None) -> None:
        """Shows sliders for the shares of the tree, that work in the report itself.

        inputs : the shares that they start from, one row per input
        revenue : a year's, of which the shares are; as client.yml says unless told
        ask : the decision asked, of the verdict; its payback is worked out anew as they move

        >>> page.whatif_churn(case.churn_inputs)
        """
        if inputs is not None and not self.interactive:
            refuse_unknown("column of these shares", whatif.NEEDED, inputs)
            revenue = self.settings.revenue if revenue is None else revenue
            unit, told = share_unit(self.case), published_loss(self)
            self._put(whatif.whatif_churn(self, inputs, revenue, unit, ask, told), "what if")

    def whatif_gap(self, gaps, segment: str = "") -> None:
        """Shows sliders that raise an experience, and what becomes the key experience then.

        >>> page.whatif_gap(cx.gaps(case))
        """
        if gaps is not None and not self.interactive:
            self._put(whatif.whatif_gap(self, self.gate(gaps), segment), "what if")

    # Saved when somebody asks for it

    save_figure, save_table = workbook.save_figure, workbook.save_table

    # The files behind the figures

    def publish(self, name: str, table: pd.DataFrame) -> pd.DataFrame:
        """Writes results/NAME.csv in a batch run: gated, UTF-8, a point for decimals.

        Where the table is not as the step works it out, what comes after goes by this one, and the
        page says which columns were changed. Returns the table that they go by.

        >>> page.publish("gap", cx.gaps(case))["dimension"].nunique()  # in a batch: results/gap.csv
        6
        """
        if not name.startswith(OWN):
            refuse_unknown("result", [name], RESULTS, f" A table of your own is {OWN}NAME.")
        if not isinstance(table, pd.DataFrame | None):
            of = type(table).__name__
            raise TypeError(f"{name!r} is shown of a table (a DataFrame), not of a {of}.")
        step = RESULTS.get(name, "")
        if step and table is not None and (columns := follow(self.case, step, table)):
            self._paragraph(self.changed_words(columns), "note")
            table = STEPS[step](self.case)
        if not self.interactive and self.reports_dir and table is not None:
            workbook.write_results(self, name, table)
        return table
