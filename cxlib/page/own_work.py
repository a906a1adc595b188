"""What a consultant adds to a client's notebooks: prose, figures and tables of her own.

It stands on the step's page, and in the report where its cell is tagged: `report` (at the end of the
step's section), `finding` (after the report's own), `appendix` (at the end). What the page showed
passed the gate and bears its mark; all else is cleaned, and what cannot be shown is said.
"""

import json
import re
from base64 import b64encode
from pathlib import Path

import nbformat
from markupsafe import Markup, escape
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from cxlib.client.problems import nearest
from cxlib.page.cleaned import cleaned, markdown_html
from cxlib.page.language import N_, Language, parts
from cxlib.page.terms import COLUMNS

REPORT = "09"  # the step that is the report: what is tagged there stands where it was written
TAGS = ("report", "finding", "appendix")
MARK = {"cxlib": True}  # metadata of what the page itself has shown
ALT = re.compile(r"^\s*#\s*alt:\s*(.+)$", re.M)
NEW_COLUMN = re.compile(r"""["'](\w+)["']\]\s*=(?!=)""")  # table["name"] = …
PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")
PLAIN = ("text/plain", "text/latex")
MOST = 100_000  # characters of text; a page is read, and mailed
LARGEST = 3_000_000  # of a figure or a table
NOTHING_SAID = N_("A figure of the consultant's own, without a description.")
# What the consultant must know; each is said beneath its cell, and among the warnings.
ODD = parts()["odd_cells"]
ADDED = N_("Added by the consultant.")
ADDED_UNCHECKED = N_("Added by the consultant; not checked for small groups.")


def settle(notebook, name: str, language: Language, shared=()) -> list[str]:
    """Puts what the consultant's cells show into the form of the page, in place; the warnings.

    name : of the step; shared : the cells' texts in the notebook that all clients share
    """
    warnings, known = [], {text.strip() for text in shared}
    notebook.metadata["cx_step"] = name
    stored = [c for c in notebook.cells if "injected-parameters" not in c.metadata.get("tags", [])]
    for number, cell in enumerate(stored, 1):
        tagged = tag_of(cell) and not name.startswith(REPORT)  # there our own cells have tags too
        cell.metadata["cx_own"] = cell.source.strip() not in known or bool(tagged)
        line = next((each.strip() for each in cell.source.splitlines() if each.strip()), "")[:70]
        settled = _settled_prose if cell.cell_type == "markdown" else _settled_code
        odd = settled(cell, language)
        for kind, facts in odd:
            said = Language().say(ODD[kind], **facts)
            warnings.append(f"{name}, cell {number} ({line}): {said}")
    return list(dict.fromkeys(warnings))


def tag_of(cell) -> str:
    """Which of `TAGS` a cell has; "" for none."""
    return next((tag for tag in cell["metadata"].get("tags", []) if tag in TAGS), "")


def _settled_prose(cell, language) -> list[tuple]:
    """What of a cell of Markdown cannot be shown is said beneath it."""
    html = markdown_html(cell.source.replace("](attachment:", "](data:image/"))
    pictures = re.findall(r'<img [^>]*alt="([^"]*)"', html)
    odd = [(kind, {}) for kind in cleaned(html)[1]]
    odd += [("described", {})] * ("" in pictures) + _tags_odd(cell)
    cell["source"] += "".join(f"\n\n{_note(each, language)}" for each in odd)
    return odd


def _misspelt(cell, kind: str, names, known, alike: float) -> list[tuple]:
    """Names in a cell of her own that somebody may have meant for one of ours."""
    new = [name for name in dict.fromkeys(names) if cell.metadata["cx_own"] and name not in known]
    near = {name: nearest(name, known, alike) for name in new}
    return [(kind, {"kind": name, "near": ours}) for name, ours in near.items() if ours]


def _tags_odd(cell) -> list[tuple]:
    return _misspelt(cell, "tag", cell.metadata.get("tags", []), TAGS, 0.7)


def _note(odd: tuple, language) -> str:
    """What only the consultant is told: (what is odd, its facts)."""
    kind, facts = odd
    return Markup('<p class="note own">{}</p>').format(language.say(ODD[kind], **facts))


# What a cell has shown


def _settled_code(cell, language) -> list[tuple]:
    """One output in place of each that is not the page's; what is odd about them."""
    given = cell.metadata.get("alt") or ALT.findall(cell.source)
    alts, odd = [given] if isinstance(given, str) else list(given), _tags_odd(cell)
    empty = tag_of(cell) and not cell.outputs and "page." not in cell.source  # a step may be silent
    odd += [("nothing", {"kind": tag_of(cell)})] * bool(empty)
    odd += _misspelt(cell, "column", NEW_COLUMN.findall(cell.source), COLUMNS, 0.87)
    outputs = [_own("", odd, language)] if odd else []
    for output in cell.outputs:
        kind = _kind_of(output)
        if kind in ("page", "error"):
            outputs.append(output)
            continue
        if output.get("name") == "stderr" and not cell.metadata["cx_own"]:
            continue  # what a library mutters in a cell of ours
        html, found = _html_of(output, kind, cell)
        if "<img" in html:
            found += [] if alts else [("alt", {})]
            words = escape(alts.pop(0) if alts else language.say(NOTHING_SAID))
            html = html.replace(' alt=""', f' alt="{words}"')
        outputs.append(_own(html, [("unchecked", {})] * bool(html) + found, language))
        if kind == "figure" and (dots := output.get("data", {}).get("image/png")):
            outputs[-1]["data"]["image/png"] = dots  # slides hold no drawing
        odd += found
    cell["outputs"] = outputs
    return odd


def _own(html: str, odd, language) -> NotebookNode:
    """An output of the consultant's own, what must be known of it beneath; of mere notes, "note"."""
    kind = "own" if html else "note"
    html += "".join(_note(each, language) for each in odd)
    return new_output("display_data", {"text/html": html}, metadata={"cxlib": kind})


def _kind_of(output) -> str:
    """page (its mark is on it), figure (drawn in the house's style), stream, error or other."""
    if output.output_type in ("stream", "error"):
        return output.output_type
    about = output.get("metadata", {})
    return "page" if about.get("cxlib") else about.get("text/html", {}).get("cxlib", "other")


def _html_of(output, kind: str, cell) -> tuple[str, list[tuple]]:
    """(an output as the page can show it, what is odd about it)."""
    if kind == "stream":
        return _pre(output.text)
    data, odd = output.get("data", {}), []
    known = ("text/html", "text/markdown", *PICTURES)
    sizes = {mime: len(data[mime]) for mime in known if mime in data}
    shown = {mime: data[mime] for mime, size in sizes.items() if size <= LARGEST}
    if kind == "figure" and "text/html" in shown:
        return shown["text/html"], []
    for mime, make in (("text/html", str), ("text/markdown", markdown_html)):
        if mime in shown and kind != "figure":
            html, found = cleaned(make(shown[mime]), cell.get("id", ""))
            odd += [(each, {}) for each in found]
            if html:
                return html, odd
    if pictures := [mime for mime in PICTURES if mime in shown]:
        return _picture(pictures[0], shown[pictures[0]]), []
    if len(shown) < len(sizes):
        return "", [("large", {"count": f"{max(sizes.values()):,}"})]
    if data and set(data) <= set(PLAIN):
        return _pre(data.get("text/plain") or data["text/latex"])
    told = ", ".join(sorted(set(data) - set(PLAIN))) or "?"
    return "", odd or [("unknown", {"kind": told})]


def _pre(text: str) -> tuple[str, list[tuple]]:
    odd = [("cut", {"count": f"{MOST:,}"})] if len(text) > MOST else []
    text = re.sub(r"\x1b\[[0-9;]*m", "", text[:MOST])
    return str(Markup("<pre>{}</pre>").format(text)), odd


def _picture(mime: str, data: str) -> str:
    """A picture as part of the page; it was drawn for white paper."""
    if mime == "image/svg+xml":
        data = b64encode(data.encode()).decode()
    source = f"data:{mime};base64,{''.join(data.split())}"
    return str(Markup('<figure class="light"><img src="{}" alt=""></figure>').format(source))


# In the report


def keep(notebook, name: str, folder: Path, warnings) -> None:
    """Writes what the report takes from a step, and what is odd about it, where the report's own
    step finds it, in this run or in a later one that begins there."""
    tagged = [c for c in notebook.cells if tag_of(c) and not name.startswith(REPORT)]
    kept = [{**c, "metadata": {"tags": [tag_of(c)]}, "source": _prose(c)} for c in tagged]
    about = commented(notebook.cells)
    if kept or warnings or about:
        folder.mkdir(mode=0o700, exist_ok=True)
        text = json.dumps({"cells": kept, "warnings": warnings, "about": about})
        (folder / f"own_{name}.json").write_text(text, encoding="utf-8")


def commented(cells) -> list[str]:
    """What the comments are about that these cells show."""
    return re.findall(r'<aside class="comment" data-about="(\w+)"', "".join(map(html_of, cells)))


def html_of(cell) -> str:
    """What a cell shows."""
    outputs = cell.get("outputs", [])
    return "".join("".join(output.get("data", {}).get("text/html", "")) for output in outputs)


def with_comments(nb, html: dict, steps=None) -> NotebookNode:
    """The notebook with the comments {what about: HTML} that no cell shows.

    On a step's own page that on the step, beneath its title. In the report, where `steps` is what the
    others left (see `kept`), all: each in the section of its step, or of the step that shows it.
    """
    cells, here = list(nb.cells), nb.metadata.get("cx_step", "")
    if steps is None:
        there = [_shown(words, f"comment-{here}") for about, words in html.items() if about == here]
        return NotebookNode({**nb, "cells": [*cells[:1], *there, *cells[1:]]})
    for about in [each for each in html if each not in commented(cells)]:
        of = (step for step, told in steps.items() if about in told["about"])
        place = _place(cells, "report", about if re.match(r"\d\d_", about) else next(of, ""))
        place = len(cells) if place is None else place
        section = (cells[place - 1].metadata.get("tags") or ["step"])[0]
        cells.insert(place, _shown(html[about], f"comment-{about}", section))
    return NotebookNode({**nb, "cells": cells})


def _shown(html: str, name: str, section: str = "") -> NotebookNode:
    """A cell of no code that has shown this, as a part of the section."""
    said = new_output("display_data", {"text/html": html}, metadata=MARK)
    tags = {"tags": [section] if section else [], "cx_own": True}
    return new_code_cell(outputs=[said], metadata=tags, id=name[:60])


def _prose(cell) -> str:
    """A cell's text; headings of prose stand beneath those of the report."""
    prose = cell.cell_type == "markdown"
    return re.sub(r"^#{1,2} ", "### ", cell.source, flags=re.M) if prose else ""


def kept(folder: Path) -> dict[str, dict]:
    """{step: what `keep` wrote of it}, in the order of the steps."""
    paths = sorted(Path(folder).glob("own_*.json"))
    return {path.stem.removeprefix("own_"): json.loads(path.read_text("utf-8")) for path in paths}


def with_own_work(nb, steps: dict, language: Language) -> NotebookNode:
    """The report's notebook with what the consultant has tagged in the steps before it.

    A step's section is the one whose heading is tagged with its number ("step-02"); what has no
    place there, as after a heading was taken away, stands at the end.
    """
    cells, at_the_end = list(nb.cells), []
    for step, told in steps.items():
        for tag in TAGS:
            added = [nbformat.from_dict(cell) for cell in told["cells"]]
            added = [cell for cell in added if tag_of(cell) == tag]
            place = _place(cells, tag, step)
            if place is None:
                at_the_end += _as_added(added, "proof", language)
            else:
                section = (cells[place - 1].metadata.get("tags") or ["step"])[0]
                cells[place:place] = _as_added(added, section, language)
    return NotebookNode({**nb, "cells": cells + at_the_end})


def _place(cells, tag: str, step: str) -> int | None:
    """Where in the report what a step adds belongs; None where nothing says so."""
    tags = [cell.metadata.get("tags", []) for cell in cells]
    if tag == "finding":
        there = [i for i, each in enumerate(tags) if tag in each]
        return there[-1] + 1 if there else None
    start = next((i for i, each in enumerate(tags) if f"step-{step[:2]}" in each), None)
    if tag == "appendix" or start is None:
        return None
    later = range(start + 1, len(cells))
    heads = (i for i in later if cells[i].cell_type == "markdown" and cells[i].source[:3] == "## ")
    return next(heads, len(cells))


def _as_added(cells, section: str, language) -> list:
    """The cells under a line that says whose they are, as a part of the section."""
    if not cells:
        return []
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    unchecked = any(output.metadata.get("cxlib") == "own" for output in outputs)
    words = language.say(ADDED_UNCHECKED if unchecked else ADDED)
    line = str(Markup('<p class="evidence added">{}</p>').format(words))
    for cell in cells:
        tags = list(dict.fromkeys([section, tag_of(cell)]))
        cell["metadata"] = NotebookNode(tags=tags, cx_own=True)
    return [_shown(line, f"added-{cells[0]['id']}", section), *cells]
