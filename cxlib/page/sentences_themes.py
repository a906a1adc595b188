"""What customers say in their own words, as sentences."""

from cxlib.page.language import sentences_of
from cxlib.page.sentences import on_enough, said_of, some

SAID = sentences_of("themes")

NAMED = 3  # themes in one sentence


@said_of()
def themes(page, table=None, groups=None):
    """What those with a bad key experience say more than others; what most say; what is heard more
    or less than before; and names in client.yml that name nothing."""
    rows = table[table["segment"].eq("all")].dropna(subset=["share"])
    said = [_low_scorers(page, groups), _most(page, rows), _moved(page, on_enough(rows))]
    told = {word for words in table["words"].dropna() for word in words.split(", ")}
    if unknown := [word for word in page.settings.themes if word not in told]:
        said.append(page.say(SAID.no_theme, words=page.language.join(map(page.quoted, unknown))))
    return [part for part in said if part]


def _most(page, rows) -> str:
    if rows.empty:
        return ""
    told = [page.say(SAID.theme, row) for _, row in rows.head(NAMED).iterrows()]
    return page.say(SAID.most_speak, rows.iloc[0], themes=page.language.join(told))


def _moved(page, rows) -> str:
    """The theme whose share moved most, beyond chance, since the wave before."""
    if "trend" not in rows:
        return ""
    sure = rows[(rows["trend_low"].astype(float) > 0) | (rows["trend_high"].astype(float) < 0)]
    if sure.empty:
        return ""
    row = sure.loc[sure["trend"].abs().idxmax()]
    words = SAID.less_heard if row["trend"] < 0 else SAID.more_heard
    return page.say(words, row, points=page.language.count(100 * abs(row["trend"])))


def _low_scorers(page, groups) -> str:
    """What those with a bad key experience speak of more than the others do."""
    rows = groups[groups["grouping"].eq("low_scorers")] if some(groups) else None
    if not some(rows) or not some(rows := rows.dropna(subset=["share"])):
        return ""
    more = rows[rows["different"].eq(True) & (rows["share"] > rows["share_rest"])]
    if more.empty:
        return page.say(SAID.no_other_words, rows.iloc[0])
    return page.say(SAID.other_words, more.loc[more["share"].idxmax()])
