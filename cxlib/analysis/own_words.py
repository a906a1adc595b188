"""Step 2, in their own words: the themes of open answers, who says them, and two or three quotes.

Everything here is worked out from masked texts (`client/masked.py`).
"""

import pandas as pd

from cxlib.analysis import asking
from cxlib.analysis.experience_expectation import gaps_shown
from cxlib.analysis.feedback_loop import DETRACTOR, promoter_answers
from cxlib.client.case import Case
from cxlib.client.masked import masked
from cxlib.client.rated import answers_to, outcome_scale, rated, rated_on_one_scale
from cxlib.sums.compare import compare_groups, compare_waves
from cxlib.sums.estimate import estimate_means
from cxlib.sums.interval import mean_interval, share_interval
from cxlib.sums.themes import quotes, telling_words, themes_of
from cxlib.sums.weights import part_of

FEWEST = 5  # people behind a theme or a word, where client.yml protects nobody's answers
IN_A_NAME, TOLD = 3, 8  # words
LOW = "low_scorers"  # of the key experience, or who recommend least
NAMING = ("customer", "case", "respondent")  # columns that name somebody
WHO = "grouping group theme n n_rest share share_rest p q different"


def fewest(case: Case) -> int:
    """People without whom nothing is a theme."""
    return max(int(case.settings.disclosure), FEWEST)


def asked(case: Case) -> bool:
    """Whether a survey asked for open answers; else they are texts of complaints."""
    return case.survey is not None and len(case.survey.verbatims) > 0


def open_answers(case: Case) -> pd.DataFrame | None:
    """One row per person who said something: text, all that was said in one, and wave.

    Answers of the survey (`verbatim`); where there are none, the texts of complaints, together for
    each customer, without a wave. None without either.
    """
    if asked(case):
        said = case.survey.verbatims.groupby("person")["text"].agg("\n".join).to_frame()
        return said.assign(wave=case.survey.wave.reindex(said.index))
    cases = asking.table_of(case, "complaints")
    if not asking.known(cases, "text"):
        return None
    who = cases.get("customer", cases["case"]).fillna(cases["case"])
    said = cases["text"].dropna().astype(str).groupby(who).agg("\n".join)
    return said.rename_axis("person").to_frame("text")


@asking.remembered
def answers_by_theme(case: Case) -> pd.DataFrame | None:
    """The same with the text masked and its theme by name; blank where it has none.

    A theme is called by its most telling words, or as `themes` in client.yml calls the theme that
    a word tells: one name for several joins them, no name leaves a theme out.
    """
    said = asking.needed(open_answers(case))
    names = {word.casefold(): name for word, name in case.settings.themes.items()}
    tables = [*case.tables.values(), *([case.survey.people] if case.survey is not None else [])]
    who = [table[name] for table in tables for name in NAMING if name in table]
    own = set().union(*(set(each.dropna().astype(str)) for each in who))
    said["text"] = masked(said["text"], own, fewest(case))
    number = themes_of(said["text"], fewest(case))
    called = {}
    for theme, words in telling_words(said["text"], number, fewest(case)).groupby("theme")["word"]:
        given = [case.spoken(names[word]) for word in words.head(TOLD) if word in names]
        called[theme] = [*given, ", ".join(words.head(IN_A_NAME))][0]
    found = said.assign(theme=number.map(called).replace("", None))
    return found if found["theme"].notna().any() else None


def telling(case: Case, found: pd.DataFrame) -> pd.DataFrame:
    """The telling words of the themes as they are named."""
    return telling_words(found["text"], found["theme"], fewest(case))


def today(case: Case, found: pd.DataFrame) -> tuple:
    """(the answers of today, 1 for the theme of each and 0 for the others, weights)."""
    weight = None
    if asked(case):
        found = found[found.index.isin(case.latest.people.index)]
        weight = part_of(case.latest.weight, found.index)
    return found, spoken(found["theme"]), weight


def spoken(theme: pd.Series) -> pd.DataFrame:
    """1 for the theme of each person and 0 for the others; one column per theme."""
    return pd.get_dummies(theme).astype(float).rename_axis(columns="theme")


@asking.remembered
def themes(case: Case) -> pd.DataFrame | None:
    """The contract's table `themes`: one row per theme and segment, the most frequent first.

    n (people of today who speak of it), share of n_of (those who said anything), trend (points of
    share since the wave before), score (mean of all they rated, score points), each with its interval;
    words (that tell it), and dimension: what they rate lowest against the others, beyond chance.

    >>> found = cx.themes(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['theme', 'words', 'segment', 'n']
    """
    found = asking.needed(answers_by_theme(case))
    confidence, (now, said, weight) = case.settings.confidence, today(case, found)
    segments = {"all": now.index}
    if asked(case) and case.latest.people["segment"].nunique() > 1:
        of = case.latest.people["segment"].reindex(now.index).astype(object)
        segments |= {name: rows.index for name, rows in now.groupby(of)}
    parts = []
    for segment, who in segments.items():
        part = share_interval(estimate_means(said.loc[who], part_of(weight, who)), confidence)
        part = part.assign(segment=segment, n=said.loc[who].sum().astype(int), n_of=len(who))
        parts.append(part.join(scores(case, said.loc[who])).rename_axis("theme").reset_index())
    table = pd.concat(parts, ignore_index=True).drop(columns=["n_eff", "reliable"])
    words = telling(case, found).groupby("theme")["word"].agg(lambda own: ", ".join(own.head(TOLD)))
    table.insert(1, "words", table["theme"].map(words))
    table = table.assign(dimension=table["theme"].map(dimensions(case, now)))
    table = table.merge(trends(case, found), how="left", on=["theme", "segment"])
    first, often = ["theme", "words", "segment", "n"], table["theme"].map(said.sum())
    table = table.loc[often.sort_values(ascending=False, kind="stable").index]
    return table[[*first, *table.columns.drop(first)]].reset_index(drop=True)


def names_of_no_theme(case: Case, table: pd.DataFrame) -> list[str]:
    """The words of `themes` in client.yml that name none of the themes in a table."""
    told = {word for words in table["words"].dropna() for word in words.split(", ")}
    named = [word for word, name in case.settings.themes.items() if name]  # the others are left out
    return [word for word in named if word.casefold() not in told]


def ratings(case: Case) -> tuple | None:
    """(what today's people rated, one column per dimension, and its scale); None without."""
    return rated_on_one_scale(case) if asked(case) and rated(case) is not None else None


def scores(case: Case, said: pd.DataFrame) -> pd.DataFrame:
    """score, score_low, score_high: the mean of all that those who speak of a theme rated."""
    if ratings(case) is None:
        return pd.DataFrame(index=said.columns)
    parts, scale = ratings(case)
    mean = parts.mean(axis=1).reindex(said.index)
    own = said.apply(lambda spoken: mean.where(spoken > 0))
    estimates = estimate_means(own, part_of(case.latest.weight, own.index))
    return mean_interval(estimates, case.settings.confidence, scale, "score").filter(like="score")


def dimensions(case: Case, now: pd.DataFrame) -> dict:
    """{theme: the dimension that those who speak of it rate lowest against all others who said
    anything}, where that is beyond chance."""
    if ratings(case) is None:
        return {}
    answers = rated(case).loc[now.index].rename_axis(columns="dimension")
    theme, weight = now["theme"].fillna("").rename("theme"), part_of(case.latest.weight, now.index)
    found = asking.among_shown(case, compare_groups(answers, theme, weight, case.settings.confidence))  # fmt: skip
    lower = found[found["different"].eq(True) & (found["difference"] < 0) & found["theme"].ne("")]
    return lower.sort_values("difference").groupby("theme")["dimension"].first().to_dict()


def trends(case: Case, found: pd.DataFrame) -> pd.DataFrame:
    """trend, trend_low, trend_high of each theme: its share of today less that of the wave before."""
    waves = found["wave"].cat.remove_unused_categories() if asked(case) else None
    if waves is None or waves.nunique() < 2:
        return pd.DataFrame(columns=["theme", "segment"])
    said, weight = spoken(found["theme"]), part_of(case.survey.weight, found.index)
    table = compare_waves(said, waves, weight, case.settings.confidence)
    table = table[table["wave"] == case.latest.wave.iloc[0]].set_index("theme")
    last = table.filter(like="difference")
    last.columns = last.columns.str.replace("difference", "trend")
    return last.reset_index().assign(segment="all")


def low_scorers_of_the_key(case: Case) -> tuple[str, pd.Series] | None:
    """(the key experience, its name for who had a bad one, `others`, and blank where it
    was not rated); where none falls short, `recommend` and who gave 0 to 6, else `overall` and who is
    unhappy on the whole; None without any."""
    gaps, found = gaps_shown(case), ratings(case)
    key = next(iter(gaps.loc[gaps["key_experience"], "dimension"]), None)
    if found is not None and key in found[0]:
        score, scale = found[0][key], found[1]
    elif (score := promoter_answers(case)) is not None:
        key, scale = "recommend", None
    elif (whole := answers_to(case, "overall")) is not None:
        key, score, scale = "overall", whole.iloc[:, 0], outcome_scale(case, "overall")
    else:
        return None
    low = score <= DETRACTOR if scale is None else score < case.unhappy_below(scale)
    return key, low.map({True: key, False: "others"}).where(score.notna())


@asking.remembered
def who_says_it(case: Case) -> pd.DataFrame | None:
    """One row per group and theme: share of the group who speak of it beside share_rest, of all
    others who said anything; q over all that may be shown. `low_scorers` is a grouping too: who had a
    bad key experience (`group` names it), or gave 0 to 6 (`recommend`), against who had not.

    >>> cx.who_says_it(cx.read_client("vendor", "data"))["grouping"].iloc[0]
    'low_scorers'
    """
    found, _ = asking.needed(answers_by_theme(case), asked(case))
    now, said, weight = today(case, found)
    low, by = low_scorers_of_the_key(case), case.latest.groupings
    by = by if low is None else {LOW: low[1], **by}
    there = {name: values.reindex(now.index) for name, values in by.items()}
    table = asking.of_each_grouping(case, there, lambda _: (said, weight))
    table = table.rename(columns={"mean": "share", "mean_rest": "share_rest"})
    table = table[table["group"] != "others"].reset_index(drop=True)
    table = asking.among_shown(case, table).assign(others=table["grouping"].ne(LOW))
    return table.sort_values(["others", "q"], kind="stable").reset_index(drop=True)[WHO.split()]


@asking.remembered
def low_scorers_words(case: Case) -> pd.DataFrame | None:
    """The rows of `who_says_it` that are of low scorers.

    >>> cx.low_scorers_words(cx.read_client("vendor", "data"))["grouping"].unique().tolist()
    ['low_scorers']
    """
    found = asking.needed(who_says_it(case))
    return asking.needed(found[found["grouping"].eq(LOW)])


@asking.remembered
def quoted(case: Case) -> pd.DataFrame | None:
    """What today's customers say, theme by theme: dimension, theme, n (who speak of it), quote.

    Where those with a bad key experience speak of something more than others do, the first rows are
    theirs, and `dimension` names it; blank elsewhere. The gate lets no quote of too few through, and
    none with `quotes: none`.

    >>> list(cx.quoted(cx.read_client("vendor", "data")))
    ['dimension', 'theme', 'n', 'quote']
    """
    found = asking.needed(answers_by_theme(case))
    now, said, _ = today(case, found)
    asked_for = [("", theme, now, 2) for theme in said.sum().nlargest(TOLD).index]
    by, low = who_says_it(case), low_scorers_of_the_key(case)
    if by is not None and low is not None:
        more = by[by["grouping"].eq(LOW) & by["different"].eq(True)]
        more = more[more["share"] > more["share_rest"]].nlargest(1, "share")
        theirs = now[low[1].reindex(now.index).eq(low[0])]
        asked_for = [(low[0], theme, theirs, 3) for theme in more["theme"]] + asked_for
    rows, words = [], telling(case, found)
    for dimension, theme, who, most in asked_for:
        texts = who.loc[who["theme"] == theme, "text"]
        own = words["theme"] == theme
        keyness, rest = (words[of].groupby("word")["keyness"].max() for of in (own, ~own))
        told = [said for *_, said in rows]  # each is quoted once, though it proves two things
        fresh = [said for said in quotes(texts, keyness, most + len(told), rest) if said not in told]  # fmt: skip
        rows += [(dimension, theme, len(texts), said) for said in fresh[:most]]
    found = pd.DataFrame(rows, columns=["dimension", "theme", "n", "quote"])
    return found.assign(dimension=found["dimension"].replace("", None))
