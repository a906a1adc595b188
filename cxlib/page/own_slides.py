"""What the consultant added, on slides: her tagged cells, and her comments where nothing else shows them."""

import re
from base64 import b64decode
from io import BytesIO

from bs4 import BeautifulSoup
from PIL import Image, UnidentifiedImageError

from cxlib.page.cleaned import markdown_html
from cxlib.page.commentary import prose_html
from cxlib.page.language import N_
from cxlib.page.own_work import ADDED, ADDED_UNCHECKED, tag_of
from cxlib.page.slides import Slide

MOST_ROWS, MOST_COLUMNS = 9, 6  # of a table that is read from a chair
CUT = N_(
    "The first {rows} of {of} rows and {columns} of {of_columns} columns; all are in the report."
)
NO_PICTURE = N_("A figure that slides cannot hold: it is in the report.")
COMMENTS = N_("What the consultant adds")
SENTENCE = re.compile(r"(?<=[。！？])|(?<=[.!?])\s+")


def own_slides(page, steps, tag: str) -> list[Slide]:
    """A slide for each thing that a cell with this tag shows, titled by the prose beside the cell.

    steps : {step: what `own_work.keep` wrote of it}
    """
    slides = []
    for told in steps.values():
        words, shown = [], []
        for cell in [each for each in told["cells"] if tag_of(each) == tag]:
            prose = cell["cell_type"] == "markdown"
            if words if prose else shown:
                slides += _slides(page, words, shown)
                words, shown = [], []
            words += _lines(markdown_html(cell["source"])) if prose else []
            shown += [] if prose else cell["outputs"]
        slides += _slides(page, words, shown)
    return slides


def _slides(page, words, outputs) -> list[Slide]:
    """The prose and what stands beside it: one slide for each table or figure, one at least."""
    parts = [part for output in outputs for part in _parts(page, output)]
    parts = parts or ([Slide("", grounds=page.say(ADDED))] if words else [])
    for part in parts[:1]:
        part.notes = [*words, *part.notes]
        said = [part.title, part.alt]
        part.title, *more = words or ["", ""]
        title, *rest = SENTENCE.split(part.title, maxsplit=1)
        part.title, part.points = title, [*filter(None, [*rest, *more]), *part.points]
        part.points += [each for each in said[:1] if each and words]
        part.title = part.title or next(filter(None, said), "")
    for part in parts:
        part.title = part.title or part.alt or page.say(COMMENTS)
    return parts


def _parts(page, output) -> list[Slide]:
    """What one output shows, each a slide of its own; a table's title is its caption."""
    soup = BeautifulSoup("".join(output["data"].get("text/html", "")), "html.parser")
    own = output["metadata"].get("cxlib") == "own"
    grounds, found = page.say(ADDED_UNCHECKED if own else ADDED), []
    for note in soup.select(".own.note"):
        note.extract()
    for thing in soup.find_all(["table", "img"]):
        if thing.name == "table":
            found.append(_table(page, thing, grounds))
            continue
        drawn = _picture(thing["src"], output["data"])
        points, alt = [] if drawn else [page.say(NO_PICTURE)], thing.get("alt", "")
        found.append(Slide("", points, picture=drawn, alt=alt, grounds=grounds))
    for taken in soup.select("table, :is(div, figure):is(.table, .own, .light)"):
        taken.extract()
    if said := _lines(str(soup)):
        found = found or [Slide("", grounds=grounds)]
        found[0].points = [*said, *found[0].points]
    return found


def _table(page, table, grounds) -> Slide:
    cells = (row.find_all(["th", "td"]) for row in table.find_all("tr"))
    rows = [[cell.get_text(" ", strip=True) for cell in row] for row in cells]
    caption, wide = table.caption, max(map(len, rows), default=0)
    kept = [row[:MOST_COLUMNS] for row in rows[: MOST_ROWS + 1]]
    facts = {"rows": len(kept) - 1, "of": len(rows) - 1, "columns": min(wide, MOST_COLUMNS), "of_columns": wide}  # fmt: skip
    cut = [page.say(CUT, **facts)] if len(rows) > len(kept) or wide > MOST_COLUMNS else []
    title = caption.get_text(" ", strip=True) if caption else ""
    return Slide(title, cut, table=kept, grounds=grounds, notes=[" | ".join(row) for row in rows])


def _picture(source: str, data) -> bytes | None:
    """A picture as PowerPoint has it; of a drawing the dots that the notebook kept beside it."""
    if source.startswith("data:image/svg"):
        source = data.get("image/png", "")
    try:
        content = b64decode(source.partition("base64,")[2] or source)
        Image.open(BytesIO(content)).verify()
        return content
    except (ValueError, UnidentifiedImageError):
        return None


def _lines(html: str) -> list[str]:
    """Paragraphs and list items as lines of text."""
    soup = BeautifulSoup(html, "html.parser")
    blocks = soup.find_all(["h1", "h2", "h3", "h4", "p", "li", "pre"]) or [soup]
    said = (" ".join(each.get_text().replace("¶", "").split()) for each in blocks)
    return [each for each in said if each]


def comments(page, about, done: set) -> list[str]:
    """The comments on these results, headlines or steps, each with whose it is; `done` grows by them."""
    there = [name for name in page.commentary if name in about and name not in done]
    done.update(there)
    found = [each for name in there for each in page.commentary[name]]
    words = (" ".join(_lines(str(prose_html(page.case.spoken(each.text))))) for each in found)
    return [f"{text} – {each.name}" for text, each in zip(words, found, strict=True)]
