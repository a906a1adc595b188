"""What was read and is used for nothing, replaced, or cannot belong together: warnings, none in silence.

Run over everything a client sent, once it has been read; see `case.gathered`.
"""

import tomllib
from pathlib import Path

import pandas as pd

from cxlib.client.contract import TABLES, Table
from cxlib.client.problems import Problem, first_few, nearest, problem
from cxlib.client.settings import LANGUAGES, Settings, churn_inputs, churn_key, stated_or_counted

ALIKE = 0.8  # how near an unknown column's name must be to be taken for a slip
OF_THE_DRAFT = ("sure", "why", "answered", "coverage")  # columns of a codebook that was drafted
# Revenue that the tables add up to, of client.yml's: beyond these two they are not about the same.
FAR_APART = (0.1, 1.1)
YEAR = pd.Timedelta(days=365)
NEEDS = tomllib.loads(Path(__file__).with_name("needs.toml").read_text(encoding="utf-8"))
NAMED_BESIDE, BEARS_ON = NEEDS.pop("named_beside"), NEEDS.pop("key_bears_on")
LOST = 0.1  # share of a column's cells, from which those left out are no accident


def overlooked(case) -> list[Problem]:
    """What a client sent that nothing uses, or that something else replaced, as warnings."""
    yml = str(case.folder / "client.yml")
    found = [
        each for name, table in case.tables.items() for each in says_nothing(case, name, table)
    ]
    for look in (too_few_to_show, source_not_said, unused_measures, named_nowhere, mostly_lost):
        found += look(case)
    for look in (without_table, replaced_shares, amounts_apart):
        found += look(case, yml)
    return found


def without_table(case, yml: str) -> list[Problem]:
    """Keys that client.yml sets, and none of the tables that they bear on is there."""
    there = {*case.tables} | ({"survey"} if case.survey is not None else set())
    unset = Settings(name="-")  # a template writes keys too
    bare = [(key, tables) for key, tables in BEARS_ON.items() if not there & set(tables)
            and getattr(case.settings, key) != getattr(unset, key)]  # fmt: skip
    return [problem(yml, "key_without_table", key, table=" or ".join(of)) for key, of in bare]


def own_numbers(table: str, settings: Settings) -> dict[str, str]:
    """{column of the client's own, of numbers: the key of client.yml that reckons with it}."""
    of_value = {name: f"value_indicators.{part}" for part, columns in settings.value_indicators
                for name in columns}  # fmt: skip
    limits = dict.fromkeys(settings.strategy.capacity, "strategy.capacity")
    return {"customers": of_value, "initiatives": limits}.get(table, {})


def unused_columns(names, table: Table, settings: Settings) -> list[str]:
    """Columns of a table that nothing reads."""
    read = {*table.by_name, *own_numbers(table.name, settings), "label", "written"}
    read |= set(OF_THE_DRAFT) if table.name == "codebook" else set()
    suffixes = tuple(f"_{language}" for language in LANGUAGES)
    return [name for name in names if name not in read and not name.endswith(suffixes)]


def meant(name: str, table: str, spare: list) -> str:
    """The column of the contract that a header stands for in the field's words: Revenue 2025, Left."""
    from cxlib.client.draft_map import bare, headers_known

    words = " ".join(word for word in bare(name).split() if not word.isdecimal())
    known = headers_known()[0].get(table, {})
    for column in spare:
        entries = [each.strip("!?").partition("*")[0] for each in known.get(column, [])]
        if words and words in map(bare, entries):
            return column
    return nearest(name, spare, ALIKE)


def says_nothing(case, name: str, table: pd.DataFrame) -> list[Problem]:
    """A table of which only the names of its rows were understood, or a column only of blanks."""
    rules = TABLES[name]
    naming = {*rules.key, *(column.name for column in rules.columns if column.required)}
    telling = [each for each in rules.by_name if each not in naming]
    known = [each for each in telling if each in table and table[each].notna().any()]
    blank = [each for each in telling if each in table and each not in known]
    if known or not telling or (naming - set(rules.key)) & set(table):
        return []
    value = f"blank: {first_few(blank)}" if blank else ""
    about = {"thing": rules.row, "columns": first_few(telling, 12)}
    return [problem(case.folder / name, "says_nothing", value=value, **about)]


def too_few_to_show(case) -> list[Problem]:
    """A survey or a table of customers with fewer people than may be shown: nothing will be."""
    least, folder = case.settings.disclosure, case.folder
    asked = {str(folder / "customers"): case.tables.get("customers")}
    if case.survey is not None:
        asked[str(folder / case.settings.survey.file)] = case.survey.people
    return [
        problem(shown, "too_few", value=f"{len(people):,}", least=least)
        for shown, people in asked.items()
        if people is not None and len(people) < least
    ]


def source_not_said(case) -> list[Problem]:
    """Scores that were stated without saying by whom: they are taken as assumed."""
    scores = case.tables.get("scores", pd.DataFrame()).reindex(columns=["from"])
    silent = {"count": scores["from"].isna().sum(), "of": len(scores)}
    found = problem(case.folder / "scores", "source_not_said", "from", **silent)
    return [found] if silent["count"] else []


def unused_measures(case) -> list[Problem]:
    """Measures of the codebook that nothing is made of, given what else was asked."""
    if case.survey is None:
        return []
    columns = case.survey.columns
    there = set(columns["measure"])
    found = []
    for measure in sorted(there & set(NEEDS)):
        needs, why = NEEDS[measure]["beside"], NEEDS[measure]["why"]
        lacking = [" or ".join(one_of) for one_of in needs if not there & set(one_of)]
        if lacking or not needs:
            first, *rest = columns.loc[columns["measure"] == measure, "column"]
            hint = f"It needs {' and '.join(lacking)} beside it." if lacking else ""
            shown, value = case.folder / case.settings.survey.file, first_few(rest)
            about = {"measure": measure, "why": why, "hint": hint}
            found.append(problem(shown, "measure_unused", str(first), value=value, **about))
    return found


def named_nowhere(case) -> list[Problem]:
    """Stages, channels, items and reasons of a table that none of the tables knows beside which it is
    set. Cases may stand alone, and where client.yml has a word for one of theirs it is meant."""
    found = []
    for where, others in NAMED_BESIDE.items():
        (name, column), nothing = where.split("."), pd.DataFrame()
        places = [each.split(".") for each in (where, *others)]
        cells = [case.tables.get(table, nothing).get(of, nothing) for table, of in places]
        given, *known = ([*dict.fromkeys(map(str, each.dropna()))] for each in cells)
        known = sorted(set().union(*known))
        alone = name == "complaints"
        named = [*known, *case.settings.labels.get(column, {})] if alone else known
        strange = [each for each in given if each not in named]
        if strange and (known or not alone):
            hint = f"They know {first_few(known, 20)}." if known else "They know none."
            about = {"value": first_few(strange), "thing": column, "hint": hint}
            found.append(problem(case.folder / name, "named_nowhere", column, **about))
    return found


def mostly_lost(case) -> list[Problem]:
    """Columns of the tables of which more than a few cells were left out, a line each: what is told
    of the others may not be true of all."""
    lines = case.rejected
    lines = lines[lines["table"].isin(list(case.tables)) & lines["column"].fillna("").ne("")]
    found = []
    for (name, column, why), of in lines.groupby(["table", "column", "reason"], sort=False):
        table = case.tables[name]  # rows that were left out whole are not in it
        rows = len(table) + (~pd.to_numeric(of["row"]).isin(table.index)).sum()
        if len(of) > LOST * rows:
            value = first_few(of["value"].astype(str).unique())
            about = {"n": len(of), "rows": rows, "why": why}
            place = case.folder / name
            found.append(problem(place, "mostly_lost", str(column), value=value, **about))
    return found


def shares_replaced(case) -> list[tuple]:
    """(key, stated, used, where that comes from) of the shares in whose place what the table customers
    counts is used, or what that leaves over."""
    stated, used = churn_inputs(case.settings), case.churn_inputs
    if stated is None:
        return []
    parts = [*map(stated_or_counted, (stated, used)), used.set_index("input")["from"]]
    both = pd.concat(parts, axis=1, keys=["stated", "used", "source"]).dropna()
    other = both[both["stated"].sub(both["used"]).abs() > 1e-12]
    return [(churn_key(row.Index), *row[1:]) for row in other.itertuples()]


def replaced_shares(case, yml: str) -> list[Problem]:
    """Shares of client.yml in whose place what the table customers counts is used."""
    if not (other := shares_replaced(case)):
        return []
    said = (f"{name}: {stated:.4g} → {used:.4g}" for name, stated, used, _ in other)
    return [problem(yml, "shares_replaced", "churn_cost", value=first_few(said, len(other)))]


def amounts_apart(case, yml: str) -> list[Problem]:
    """A company's revenue that its customers, or its invoices of a year, cannot add up to; and
    reasons of which everybody names one, whose shares are not a whole."""
    revenue, found = case.settings.revenue, []
    for name, total in yearly_sums(case).items():
        if revenue and not FAR_APART[0] * revenue <= total <= FAR_APART[1] * revenue:
            value = f"{revenue:,.0f} and {total:,.0f}"
            found.append(problem(yml, "revenue_apart", "revenue", value=value, table=name))
    return found + shares_of_mentions(case)


def yearly_sums(case) -> dict[str, float]:
    """{table: what a year's sales in it add up to}, currency."""
    sums, tables = {}, case.tables
    if case.knows_of_customers("revenue"):
        sums["customers"] = float(tables["customers"]["revenue"].sum())
    if "transactions" in tables:
        lines = tables["transactions"]
        last, first = lines["date"].max(), lines["date"].min()
        if last - first >= YEAR:
            sums["transactions"] = float(lines.loc[lines["date"] > last - YEAR, "amount"].sum())
    return sums


def shares_of_mentions(case) -> list[Problem]:
    """Reasons with a share and a number of mentions that say two things of one reason."""
    table = case.tables.get("brand_values", pd.DataFrame())
    known = table.reindex(columns=["share", "mentions"]).dropna()
    if len(known) < 2:
        return []
    asked = known["mentions"] / known["share"].where(known["share"] > 0)  # how many people, by each
    if asked.max() <= 1.2 * asked.min():
        return []
    value = first_few(f"{row.mentions:g} are {row.share:.0%}" for row in known.itertuples())
    return [problem(case.folder / "brand_values", "mentions_apart", "share", value=value)]
