"""Step 2, in their own words: the themes of open answers, who says them, and two or three quotes.

Everything here is worked out from masked texts (`client/masked.py`).
"""

import pandas as pd

from cxlib.analysis.asking import BLANK, among_shown, known, remembered, table_of, with_few_blanks
from cxlib.analysis.experience_expectation import gaps_shown
from cxlib.client.case import Case
from cxlib.client.groupings import groupings
from cxlib.client.masked import masked
from cxlib.client.rated import rated, rated_on_one_scale
from cxlib.sums.compare import compare_groups, compare_waves
from cxlib.sums.estimate import estimate_means
from cxlib.sums.interval import mean_interval, share_interval
from cxlib.sums.themes import quotes, telling_words, themes_of
from cxlib.sums.weights import part_of

FEWEST = 5  # people behind a theme or a word, where client.yml protects nobody's answers
IN_A_NAME, TOLD = 3, 8  # words
LOW = "low_scorers"  # of the key experience


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
    survey, cases = case.survey, table_of(case, "complaints")
    if asked(case):
        said = survey.verbatims.groupby("person")["text"].agg("\n".join).to_frame()
        return said.assign(wave=survey.wave.reindex(said.index))
    if not known(cases, "text"):
        return None
    who = cases["customer"].fillna(cases["case"]) if "customer" in cases else cases["case"]
    said = cases["text"].dropna().astype(str)
    return said.groupby(who).agg("\n".join).rename_axis("person").to_frame("text").assign(wave=None)


@remembered
def answers_by_theme(case: Case) -> pd.DataFrame | None:
    """The same with the text masked and its theme by name; blank where it has none.

    A theme is called by its most telling words, or as `themes` in client.yml calls the theme that
    a word tells: one name for several joins them, no name leaves a theme out.
    """
    said = open_answers(case)
    if said is None:
        return None
    names = [case.tables[table][column] for table, column in
             (("customers", "customer"), ("complaints", "customer"), ("complaints", "case"))
             if table_of(case, table) is not None and column in case.tables[table]]  # fmt: skip
    names += [case.survey.people["respondent"]] if case.survey is not None else []
    names = set().union(*(set(each.dropna().astype(str)) for each in names))
    said["text"] = masked(said["text"], names, fewest(case))
    number = themes_of(said["text"], fewest(case))
    called = {}
    for theme, own in telling_words(said["text"], number, fewest(case)).groupby("theme"):
        own_name = [
            case.settings.themes[w] for w in own["word"].head(TOLD) if w in case.settings.themes
        ]
        called[theme] = (
            case.spoken(own_name[0]) if own_name else ", ".join(own["word"].head(IN_A_NAME))
        )
    found = said.assign(theme=number.map(called).replace("", None))
    return found if found["theme"].notna().any() else None


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


@remembered
def themes(case: Case) -> pd.DataFrame | None:
    """The contract's table `themes`: one row per theme and segment, the most frequent first.

    n (people of today who speak of it), share of n_of (those who said anything), trend (points of share
    since the wave before), score (mean of all they rated, score points), each with its interval;
    words (that tell it), and dimension: what they rate lowest against the others, beyond chance.

    >>> found = cx.themes(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['theme', 'words', 'segment', 'n']
    """
    found = answers_by_theme(case)
    if found is None:
        return None
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
    telling = telling_words(found["text"], found["theme"], fewest(case)).groupby("theme")["word"]
    words = telling.agg(lambda own: ", ".join(own.head(TOLD)))
    table.insert(1, "words", table["theme"].map(words))
    table = table.assign(dimension=table["theme"].map(dimensions(case, now)))
    table = table.merge(trends(case, found), how="left", on=["theme", "segment"])
    at = table["theme"].map(said.sum())
    first = ["theme", "words", "segment", "n"]
    table = table[[*first, *table.columns.drop(first)]]
    return table.loc[at.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def scores(case: Case, said: pd.DataFrame) -> pd.DataFrame:
    """score, score_low, score_high: the mean of all that those who speak of a theme rated."""
    parts = rated_on_one_scale(case) if asked(case) and rated(case) is not None else None
    if parts is None:
        return pd.DataFrame(index=said.columns)
    mean = parts[0].mean(axis=1).reindex(said.index)
    own = said.apply(lambda spoken: mean.where(spoken > 0))
    found = mean_interval(
        estimate_means(own, part_of(case.latest.weight, own.index)),
        case.settings.confidence,
        parts[1],
    )
    return found[["mean", "mean_low", "mean_high"]].rename(
        columns=lambda name: name.replace("mean", "score")
    )


def dimensions(case: Case, now: pd.DataFrame) -> dict:
    """{theme: the dimension that those who speak of it rate lowest against all others who said
    anything}, where that is beyond chance."""
    if not asked(case) or rated(case) is None:
        return {}
    answers = rated(case).loc[now.index].rename_axis(columns="dimension")
    theme = now["theme"].fillna("").rename("theme")
    found = compare_groups(
        answers, theme, part_of(case.latest.weight, now.index), case.settings.confidence
    )
    found = among_shown(case, found)
    lower = found[found["different"].eq(True) & (found["difference"] < 0) & found["theme"].ne("")]
    lower = lower.sort_values("difference").drop_duplicates("theme")
    return dict(zip(lower["theme"], lower["dimension"], strict=True))


def trends(case: Case, found: pd.DataFrame) -> pd.DataFrame:
    """trend, trend_low, trend_high of each theme: its share of today less that of the wave before."""
    columns = {
        "difference": "trend",
        "difference_low": "trend_low",
        "difference_high": "trend_high",
    }
    waves = found["wave"].cat.remove_unused_categories() if asked(case) else None
    if waves is None or waves.nunique() < 2:
        return pd.DataFrame(columns=["theme", "segment", *columns.values()])
    said, weight = spoken(found["theme"]), part_of(case.survey.weight, found.index)
    table = compare_waves(said, waves, weight, case.settings.confidence)
    last = table[table["wave"] == case.latest.wave.iloc[0]].rename(columns=columns)
    return last[["theme", *columns.values()]].assign(segment="all")


def low_scorers_of_the_key(case: Case) -> tuple[str, pd.Series] | None:
    """(the key experience of everyone, who had a bad one: blank where not rated); None without."""
    gaps = gaps_shown(case)
    key = gaps.loc[gaps["key_experience"], "dimension"]
    if key.empty or not asked(case) or rated(case) is None or key.iloc[0] not in rated(case):
        return None
    parts, scale = rated_on_one_scale(case)
    score = parts[key.iloc[0]]
    low = (score < case.unhappy_below(scale)).map({True: "low", False: "others"})
    return key.iloc[0], low.where(score.notna())


@remembered
def who_says_it(case: Case) -> pd.DataFrame | None:
    """One row per group and theme: share of the group who speak of it beside share_rest, of all
    others who said anything; q over all that may be shown. `low_scorers` is a grouping too: who had a
    bad key experience (`group` names it), against who had not.

    >>> cx.who_says_it(cx.read_client("vendor", "data"))["grouping"].iloc[0]
    'low_scorers'
    """
    found = answers_by_theme(case)
    if found is None or not asked(case):
        return None
    now, said, weight = today(case, found)
    by = {name: with_few_blanks(case, values) for name, values in groupings(case).items()}
    if (low := low_scorers_of_the_key(case)) is not None:
        by = {LOW: low[1].replace("low", low[0]), **by}
    parts = [
        compare_groups(said, values.reindex(now.index).rename("group"), weight, case.settings.confidence)
        .assign(grouping=name)
        for name, values in by.items()
        if values.reindex(now.index).nunique() > 1
    ]  # fmt: skip
    if not parts:
        return None
    table = pd.concat(parts).rename(columns={"mean": "share", "mean_rest": "share_rest"})
    table = table[~table["group"].isin([BLANK, "others"])].reset_index(drop=True)
    kept = [
        "grouping",
        "group",
        "theme",
        "n",
        "n_rest",
        "share",
        "share_rest",
        "p",
        "q",
        "different",
    ]
    table = among_shown(case, table)[kept]
    first = table.assign(others=table["grouping"].ne(LOW)).sort_values(
        ["others", "q"], kind="stable"
    )
    return first[kept].reset_index(drop=True)


@remembered
def quoted(case: Case) -> pd.DataFrame | None:
    """What today's customers say, theme by theme: dimension, theme, n (who speak of it), quote.

    Where those with a bad key experience speak of something more than others do, the first rows are
    theirs, and `dimension` names it; blank elsewhere. The gate lets no quote of too few through, and
    none with `quotes: none`.

    >>> list(cx.quoted(cx.read_client("vendor", "data")))
    ['dimension', 'theme', 'n', 'quote']
    """
    found = answers_by_theme(case)
    if found is None:
        return None
    now, said, _ = today(case, found)
    asked_for = [("", theme, now) for theme in said.sum().nlargest(TOLD).index]
    by, low = who_says_it(case), low_scorers_of_the_key(case)
    if by is not None and low is not None:
        theirs = now[low[1].reindex(now.index).eq("low")]
        more = by[
            by["grouping"].eq(LOW) & by["different"].eq(True) & (by["share"] > by["share_rest"])
        ]
        asked_for = [
            (low[0], theme, theirs) for theme in more.nlargest(1, "share")["theme"]
        ] + asked_for
    keyness = telling_words(found["text"], found["theme"], fewest(case)).set_index(
        ["theme", "word"]
    )["keyness"]
    rows = []
    for dimension, theme, who in asked_for:
        texts, most = who.loc[who["theme"] == theme, "text"], 3 if dimension else 2
        rows += [
            (dimension, theme, len(texts), quote) for quote in quotes(texts, keyness[theme], most)
        ]
    return pd.DataFrame(rows, columns=["dimension", "theme", "n", "quote"])
