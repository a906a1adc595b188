"""What customers say in their own words, as sentences."""

from cxlib.page.language import N_
from cxlib.page.sentences import on_enough, sentence, some, within

NAMED = 3  # themes in one sentence


@sentence
def themes(page, table=None, groups=None):
    """What those with a bad key experience say more than others; what most say; what is heard more
    or less than before; and names in client.yml that name nothing."""
    if not some(table):
        return ""
    rows = table[table["segment"].eq("all")].dropna(subset=["share"])
    said = [_low_scorers(page, groups), _most(page, rows), _moved(page, on_enough(rows))]
    told = {word for words in table["words"].dropna() for word in words.split(", ")}
    if unknown := [word for word in page.settings.themes if word not in told]:
        words = N_("No theme is told by {words}, which client.yml names.")
        said.append(page.say(words, words=page.language.join(map(page.quoted, unknown))))
    return [part for part in said if part]


def _most(page, rows) -> str:
    if rows.empty:
        return ""
    told = [
        page.say(N_("{theme}: {share}"), theme=page.quoted(row["theme"]),
                 share=within(page, row, "share", page.language.share))
        for _, row in rows.head(NAMED).iterrows()
    ]  # fmt: skip
    words = N_("Of {count} who said something in their own words, most speak of {themes}.")
    count = page.language.count(rows["n_of"].iloc[0])
    return page.say(words, count=count, themes=page.language.join(told))


def _moved(page, rows) -> str:
    """The theme whose share moved most, beyond chance, since the wave before."""
    if "trend" not in rows:
        return ""
    sure = rows[(rows["trend_low"].astype(float) > 0) | (rows["trend_high"].astype(float) < 0)]
    if sure.empty:
        return ""
    row = sure.loc[sure["trend"].abs().idxmax()]
    words = N_("{theme} is heard more than in the wave before, by {points} points of share.")
    if row["trend"] < 0:
        words = N_("{theme} is heard less than in the wave before, by {points} points of share.")
    points = page.language.count(100 * abs(row["trend"]))
    return page.say(words, theme=page.quoted(row["theme"]), points=points)


def _low_scorers(page, groups) -> str:
    """What those with a bad key experience speak of more than the others do."""
    rows = groups[groups["grouping"].eq("low_scorers")] if some(groups) else None
    if not some(rows) or not some(rows := rows.dropna(subset=["share"])):
        return ""
    name = page.label("dimension", rows["group"].iloc[0])
    more = rows[rows["different"].eq(True) & (rows["share"] > rows["share_rest"])]
    if more.empty:
        words = N_(
            "What those with a bad score of {dimension} say differs from what others say no more than by chance."
        )
        return page.say(words, dimension=name)
    row, share = more.loc[more["share"].idxmax()], page.language.share
    words = N_(
        "Those with a bad score of {dimension} speak of {theme} more than others: {share}, against {rest}."
    )
    facts = {"dimension": name, "theme": page.quoted(row["theme"])}
    return page.say(words, **facts, share=share(row["share"]), rest=share(row["share_rest"]))
