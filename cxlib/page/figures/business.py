"""Bars of anything, the reasons customers come, and business results."""

from cxlib.page.figures import figure
from cxlib.page.language import N_
from cxlib.page.looks import LIGHT
from cxlib.page.terms import COLUMNS


@figure
def bars(sheet, page, table, value, label="", highlight=1, kind="", unit=""):
    """A bar per row, as ordered in the table; the first `highlight` rows are talked about."""
    rows = table.dropna(subset=[value]).reset_index(drop=True)
    if rows.empty:
        return None
    label = label or rows.columns[0]
    kind = kind or COLUMNS.get(value, ("", "number"))[1]
    names = [page.write(name, COLUMNS.get(label, ("", "text"))[1]) for name in rows[label]]
    ax = sheet.rows(names, right=90, footer=14 if not unit else 44)
    low, high = f"{value}_low", f"{value}_high"
    has_interval = low in rows and rows[low].notna().any()
    most = max(rows[value].max(), rows[high].max() if has_interval else 0, 0)
    least = min(rows[value].min(), rows[low].min() if has_interval else 0, 0)
    ax.set_xlim(least * 1.05, most * 1.05 or 1)
    for i, row in rows.iterrows():
        colour = LIGHT["experience"] if i < highlight else LIGHT["other"]
        ax.plot([0, row[value]], [ax.row(i)] * 2, color=colour, linewidth=14)
        if has_interval:
            ax.plot([row[low], row[high]], [ax.row(i)] * 2, color=LIGHT["ink"], linewidth=1.3)
        bold = "bold" if i < highlight else "normal"
        sheet.beside(ax, i, page.write(row[value], kind, value), weight=bold)
    ax.axvline(0, color=LIGHT["expectation"], linewidth=1)
    if unit:
        sheet.unit(ax, page.say(unit))
    else:
        ax.xaxis.set_visible(False)
        ax.spines["bottom"].set_visible(False)
    pairs = [
        f"{name} {page.write(number, kind, value)}"
        for name, number in zip(names, rows[value], strict=True)
    ]
    return page.say(N_("Bars. {rows}."), rows=page.say(N_("; ")).join(pairs))


@figure
def brand_values(sheet, page, reasons):
    """Why customers come, most often named first."""
    value = "share" if "share" in reasons and reasons["share"].notna().any() else "mentions"
    rows = reasons.sort_values(value, ascending=False, kind="stable")
    return bars(sheet, page, rows, value, "reason")
