"""The first findings of a report: one headline, one figure, one line of evidence, one proof each."""

from markupsafe import Markup

from cxlib.page.language import N_

# What may be found, in the order a board asks: (table, headline, figure, step that proves it).
ORDER = [
    ("gaps", "key_experience", "gap_chart", "03_key_experience"),
    ("drivers", "drivers", "drivers", "03_key_experience"),
    ("kano", "requirements", "kano_plane", "05_requirements"),
    ("segments", "segments", "segments", "02_experience_expectation"),
    ("waves", "waves", "waves", "07_feedback_loop"),
    ("items", "experience", "gap_chart", "04_gap_analysis"),
    ("reasons", "brand_value", "brand_values", "01_brand_value"),
]


def findings_html(page, tables: dict, most: int) -> str:
    """The first `most` findings that the tables carry; says so where there are fewer."""
    found = []
    for name, headline, figure, proof in ORDER:
        table = tables.get(name)
        if len(found) == most or table is None or table.empty:
            continue
        extra = [tables.get("gaps")] if name == "drivers" else []
        drawn = page.figure_html(figure, table, *extra)
        if drawn:
            found.append(_finding(page, headline, [table, *extra], drawn, proof))
    if len(found) < most:
        words = N_("The data carry no more findings than these: {count} of {most}.")
        count = page.language.count
        said = page.say(words, count=count(len(found)), most=count(most))
        found.append(Markup('<p class="note">{}</p>').format(said))
    return Markup("").join(found)


def _finding(page, headline, tables, drawn, proof) -> str:
    said = page.headline_html(headline, *tables, tag="h3")
    evidence = page.sentence("evidence", tables[0])
    link = Markup(' <a href="{}.html">{}</a>').format(proof, page.say(N_("See the proof")))
    foot = Markup('<p class="evidence">{}{}</p>').format(evidence, link)
    return Markup('<div class="one">{}{}{}</div>').format(said, drawn, foot)
