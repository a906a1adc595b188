"""Whose answers? The same table for everyone and for each group, of which the reader chooses one.

Every table is there, as released, and `choice.js` shows one; without it, and in print, everyone's.
"""

from markupsafe import Markup

from cxlib.page.language import N_
from cxlib.page.tables import table_html, template

GROUP = N_("{grouping}: {group}")


def choice_html(page, everyone, groups, columns: list, caption: str) -> str:
    """The table of everyone, and a choice of those groups of which anything may be shown; "" where
    there is none to choose.

    everyone, groups : rows of the table `gap`, the second with grouping and group
    """
    shown = None if groups is None else page.gate(groups)
    parts = [] if shown is None else list(shown.groupby(["grouping", "group"], sort=False))
    parts = [(key, rows) for key, rows in parts if rows["n"].notna().any()]
    if not parts:
        return ""
    names = [page.say(N_("Everyone"))]
    names += [
        page.say(GROUP, grouping=page.label("grouping", kind), group=page.label(kind, group))
        for (kind, group), _ in parts
    ]
    tables = [page.gate(everyone), *(rows for _, rows in parts)]
    board = template("choice.html.j2").render(
        label=page.say(N_("Whose answers?")),
        names=names,
        tables=[
            table_html(rows, page, columns, page.say(N_("{caption} {name}."), caption=caption, name=name))
            for rows, name in zip(tables, names, strict=True)
        ],
    )  # fmt: skip
    return Markup(board)
