"""What the consultant added, on slides: her tagged cells, and her comments where nothing else shows them."""

import re
from base64 import b64decode
from io import BytesIO

from bs4 import BeautifulSoup
from PIL import Image, UnidentifiedImageError

from cxlib.page.cleaned import cleaned, markdown_html
from cxlib.page.commentary import prose_html
from cxlib.page.language import N_, sentences_of
from cxlib.page.own_work import ADDED, ADDED_UNCHECKED, NOTHING_SAID, tag_of
from cxlib.page.slides import Slide

MOST_ROWS, MOST_COLUMNS = 9, 6  # of a table that is read from a chair
SAID = sentences_of("page")
COMMENTS = N_("What the consultant adds")
IMAGE = re.compile("<img[^>]*>")
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
            html = _pictured(cell) if prose else ""
            words += _lines(html)
            shown += [{"data": {"text/html": each}, "metadata": {}} for each in IMAGE.findall(html)]
            shown += [] if prose else cell["outputs"]
        slides += _slides(page, words, shown)
    return slides


def _pictured(cell) -> str:
    """A cell's prose as HTML, with the pictures that were pasted into it, and none from elsewhere."""
    source = cell["source"]
    for name, data in cell.get("attachments", {}).items():
        for kind, dots in data.items():
            source = source.replace(f"](attachment:{name})", f"](data:{kind};base64,{dots})")
    return cleaned(markdown_html(source))[0]


def _slides(page, words, outputs) -> list[Slide]:
    """The prose and what stands beside it: one slide for each table or figure, one at least."""
    parts = [part for output in outputs for part in _parts(page, output)]
    parts = parts or ([Slide("", grounds=page.say(ADDED))] if words else [])
    for part in parts[:1]:
        part.notes = [*words, *part.notes]
        said = part.title
        part.title, *more = words or ["", ""]
        title, *rest = SENTENCE.split(part.title, maxsplit=1)
        part.title, part.points = title, [*filter(None, [*rest, *more]), *part.points]
        part.points += [said] if said and words else []
        part.title = part.title or said
    for part in parts:
        described = part.alt.replace(page.say(NOTHING_SAID), "")
        part.title = part.title or described or page.say(COMMENTS)
    return parts


def _parts(page, output) -> list[Slide]:
    """What one output shows, each a slide of its own; a table's title is its caption."""
    soup = BeautifulSoup("".join(output["data"].get("text/html", "")), "html.parser")
    own = output["metadata"].get("cxlib") == "own"
    grounds, found = page.say(ADDED_UNCHECKED if own else ADDED), []
    for thing in soup.find_all(["table", "img"]):
        if thing.name == "table":
            found.append(_table(page, thing, grounds))
            continue
        drawn = _picture(thing["src"], output["data"])
        points, alt = [] if drawn else [page.say(SAID.no_picture)], thing.get("alt", "")
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
    cut = [page.say(SAID.cut, **facts)] if len(rows) > len(kept) or wide > MOST_COLUMNS else []
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
    """Paragraphs and list items as lines of text, without the notes for the consultant."""
    soup = BeautifulSoup(html, "html.parser")
    for note in soup.select(".own.note"):
        note.extract()
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
