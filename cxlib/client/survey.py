"""A raw survey file, read through its codebook: from what people wrote to what they meant.

An answer that cannot be used is left out with a line in `rejected`; nothing else about the person
is lost with it. A person who answered none of the codebook's questions is left out as a whole.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from cxlib.client import cells
from cxlib.client.codebook import (
    Plan,
    found_headers,
    missing_codes,
    options,
    parse_codes,
    plain,
    read_plan,
    understood,
)
from cxlib.client.contract import Table
from cxlib.client.exports import Export, read_export
from cxlib.client.files import Raw, read_file
from cxlib.client.problems import ClientError, Problem, did_you_mean, first_few, nearest
from cxlib.client.sampling import DRAWN, asked_together, check_drawn, check_weights, weights_of
from cxlib.client.settings import Settings
from cxlib.client.tables import Findings, blank_rows
from cxlib.client.waves import check_waves, waves_in_time, with_waves
from cxlib.sums.weights import Raking, Sampling, Weight, part_of

PERSON = ("respondent", "weight", "wave", "segment", "role", "collected_by", "date", *DRAWN)
ITEM_COLUMNS = ["label", "dimension", "stage", "channel", "quality", "low", "high"]
COUNTS = ["answered", "understood", "left_out", "missing", "blank"]
NO_FAULT = ("", "blank", "missing")
SURVEY = Table("survey", "respondent", ())


@dataclass(frozen=True, eq=False)  # one survey is itself: steps remember what they found for it
class Survey:
    """People and what they answered.

    answers   one row per person, columns (measure, item), floats, blank = no answer. Outcomes
              stand under their measure (overall, recommend …); without an item in the codebook,
              the item is the dimension, else the measure's own name
    people    same index: row (in the file), respondent, weight, wave, segment, role,
              collected_by, date (of the answer), cluster, stratum, and a column per group; text but for row, weight
              and date; blank = not known;
              seconds: how long answering took, where the survey tool says so
    items     one row per item: label, dimension, stage, channel, quality, low, high
    columns   one row per column of the file: measure and item ("" where the codebook leaves the
              column out), label, low, high, and the number of cells answered, understood,
              left_out, missing (a code for no answer) and blank
    mentions  one row per person and reason: person (index of people), item, reason
    verbatims one row per person and text: person, item, text
    weight    one per person, mean 1 after raking; with clusters, strata or raking a Sampling; None
              where everyone counts 1
    raking    what raking did; None without
    groups    names of the grouping columns of people
    waves     the waves, first to last
    together  whom a person may have been asked together with, where client.yml names no cluster
    """

    answers: pd.DataFrame = field(repr=False)
    people: pd.DataFrame = field(repr=False)
    items: pd.DataFrame = field(repr=False)
    columns: pd.DataFrame = field(repr=False)
    mentions: pd.DataFrame = field(repr=False)
    verbatims: pd.DataFrame = field(repr=False)
    weight: Weight = field(repr=False)
    raking: Raking | None = field(repr=False)
    groups: list
    waves: list
    together: pd.Series | None = field(default=None, repr=False)

    @property
    def wave(self) -> pd.Series:
        """Each person's wave, as categories in the order of time."""
        return pd.Series(pd.Categorical(self.people["wave"], self.waves), self.people.index)

    @property
    def segments(self) -> list[str]:
        """The segments that occur."""
        return sorted(self.people["segment"].dropna().unique())

    def scale(self, measures) -> tuple[np.ndarray, np.ndarray]:
        """(lowest, highest) answer of each of these measures, by its columns; blank = not known."""
        by = self.columns.groupby("measure")[["low", "high"]].agg({"low": "min", "high": "max"})
        return tuple(by.astype(float).reindex(list(measures)).to_numpy().T)

    def among(self, who: pd.Series) -> "Survey":
        """The same survey of some of its people only; `who` is true for those."""
        there = self.people.index[who]
        return replace(
            self,
            answers=self.answers.loc[there],
            people=self.people.loc[there],
            mentions=self.mentions[self.mentions["person"].isin(there)],
            verbatims=self.verbatims[self.verbatims["person"].isin(there)],
            weight=part_of(self.weight, there),
            together=part_of(self.together, there),
        )


class Reading:
    """One reading of a survey file: what it was given, and what it finds."""

    def __init__(self, folder: Path, settings: Settings):
        self.folder, self.settings, self.asked = folder, settings, settings.survey
        self.client_yml = str(folder / "client.yml")
        self.found = Findings(Raw(str(folder / self.asked.file), pd.DataFrame()), SURVEY)

    def wrong_key(self, key: str, rule: str, remedy: str, value: str = "") -> None:
        """A problem with what client.yml says of the survey."""
        problem = Problem(self.client_yml, rule, remedy, f"survey.{key}", value=value)
        self.found.problems.append(problem)


def read_survey(folder: Path, settings: Settings, codebook, unsure, shown_codebook: str):
    """(Survey or None, Findings) of a client's survey file."""
    reading = Reading(folder, settings)
    asked, found = reading.asked, reading.found
    if codebook is None:
        rule = "cannot be read without the table codebook"
        found.problem(rule, "Send codebook.csv: one row per column of the survey file.")
        return None, found
    options_given = ("sheet", "encoding", "delimiter", "decimal")
    try:
        given = [getattr(asked, name) or "" for name in options_given]
        named = asked.respondent or ""
        export = read_export(
            folder / asked.file, asked.tool or "", *given, named, tuple(asked.long)
        )
        raw = found.raw = export.raw
        kept = kept_rows(raw, reading) & left_in(export, found)
    except ClientError as error:
        found.problems += error.problems
        return None, found
    plan = read_plan(codebook, raw, settings, unsure, shown_codebook)
    found.problems += plan.problems
    found.warnings += plan.warnings
    names = person_columns(plan, raw, reading)
    if not kept.any():
        why = ": " + export.left_out if export.left_out else ""
        rule = f"every row is left out{why}" if len(kept) else "there is a header and no row"
        found.problem(f"holds no answer: {rule}", "Send the survey with its answers.")
    survey = None if found.problems else survey_of(raw.frame.loc[kept], plan, names, reading)
    if found.problems:
        return None, found
    survey.people["seconds"] = survey.people["row"].map(export.seconds)
    return survey, found


def left_in(export: Export, found: Findings) -> pd.Series:
    """Rows that the survey tool does not itself mark as none; the others get a line."""
    for (column, reason), lines in export.rejected.groupby(["column", "reason"], sort=False):
        found.leave_out(lines["row"].to_numpy(), column, lines["value"].to_numpy(), reason)
    for warning in export.warnings:
        found.problem(warning, "Compare its last rows with the survey tool.", warning=True)
    rows = export.raw.frame.index
    return pd.Series(~rows.isin(export.rejected["row"]), index=rows)


def kept_rows(raw: Raw, reading: Reading) -> pd.Series:
    """Rows of the file that client.yml wants; the others get a line."""
    keep, found, rows = reading.asked.keep, reading.found, raw.frame.index
    blank = blank_rows(raw.frame)
    found.leave_out(rows[blank], "", "", "the row is blank")
    if keep is None:
        return ~blank
    chosen = read_file(reading.folder / keep.file).frame
    if keep.column not in chosen:
        hint = did_you_mean(keep.column, chosen.columns)
        reading.wrong_key("keep", f"names a column that is not in {keep.file}", hint, keep.column)
        return ~blank
    if len(chosen) != len(rows):
        rule = f"names {keep.file}, which has {len(chosen):,} rows to the survey's {len(rows):,}"
        reading.wrong_key("keep", rule, "It needs a row for each row of the survey, in its order.")
        return ~blank
    words = cells.texts(chosen[keep.column])[0].fillna("").set_axis(rows)
    left = words.ne(keep.value) & ~blank
    reason = f"not kept: {keep.column} in {keep.file} is not {keep.value}"
    found.leave_out(rows[left], keep.column, words[left].to_numpy(), reason)
    return ~blank & ~left


def person_columns(plan: Plan, raw: Raw, reading: Reading) -> dict:
    """{name in people: header of the file, or item of a group}: what client.yml says of columns."""
    asked, groups = reading.asked, set(plan["item"][plan["measure"] == "group"])
    wanted = {name: ("groups", name) for name in asked.groups}
    wanted |= {name: ("raking", name) for name in asked.raking}
    wanted |= {
        name: (name, given) for name in PERSON if (given := getattr(asked, name)) is not None
    }
    names = {}
    for name, (key, given) in wanted.items():
        header = given if given in groups else found_headers([given], raw.frame.columns)[0]
        if header is None:
            hint = did_you_mean(given, [*groups, *raw.frame.columns])
            reading.wrong_key(key, f"names a column that is not in {asked.file}", hint, given)
        names[name] = header
    return names


def survey_of(frame: pd.DataFrame, plan: Plan, names: dict, reading: Reading) -> Survey | None:
    """The survey of the rows that are kept; None where nobody is left."""
    found, counts = reading.found, {}
    answers = number_answers(frame, plan, counts, found)
    groups, words = word_answers(frame, plan, counts, found)
    said_something = answers.notna().any(axis=1) | frame.index.isin(words["row"])
    silent = frame.index[~said_something]
    check_silent(len(silent), len(frame), plan, found)
    if len(silent) == len(frame):
        return None
    found.leave_out(silent, "", "", "no answer to any question of the codebook")
    frame = frame.loc[said_something]
    people = people_of(frame, names, groups.loc[said_something], found.raw.labels)
    people = with_waves(people, names, reading.asked.by, found)
    if people.empty:
        rule = "holds nobody who can be counted: every row is left out"
        found.problem(rule, "See why in the lines above, and correct client.yml or the file.")
        return None
    answers, frame = answers.loc[people.index], frame.loc[people.index]
    check_people(people, frame, names, reading)
    people = people.reset_index(drop=True)
    weight, raking = weights_of(people, reading)
    together = asked_together(frame, [*names.values(), *plan.rows["header"]], reading)
    own = weight.weight if isinstance(weight, Sampling) else weight
    people["weight"] = 1.0 if own is None else own
    return Survey(
        answers=answers.reset_index(drop=True),
        people=people,
        items=items_of(plan),
        columns=columns_of(found.raw, plan, counts),
        mentions=words_of(words, people, "reason"),
        verbatims=words_of(words, people, "verbatim").rename(columns={"reason": "text"}),
        weight=weight,
        raking=raking,
        groups=list(reading.asked.groups or groups.columns),
        waves=waves_in_time(people["wave"], reading.settings),
        together=None if together is None else together.reset_index(drop=True),
    )


def check_silent(silent: int, of: int, plan: Plan, found: Findings) -> None:
    """A codebook by which nobody said anything is refused; one by which few did is looked at."""
    named = f"It names {first_few(plan['column'])}."
    remedy = f"{named} Name the questions that people rate, or answer in words."
    if plan["measure"].eq("group").all():
        rule = f"names no question that people rate or answer in words: nobody is left of {of:,}"
        found.problems.append(Problem(plan.shown, rule, remedy))
    elif silent == of:
        rule = "holds no answer: nobody answered a question of the codebook"
        found.problem(rule, f"{named} Send the survey with its answers, or correct the codebook.")
    elif silent > of / 2:
        rule = f"keeps {of - silent:,} of {of:,} people: the others answered none of its questions"
        found.warnings.append(Problem(plan.shown, rule, remedy))


def number_answers(frame, plan: Plan, counts: dict, found: Findings) -> pd.DataFrame:
    """One row per person, columns (measure, item); what is left out gets a line."""
    decimal = found.raw.decimal or answers_decimal(frame, plan, found)
    answers = {}
    for _, row in plan.numeric.iterrows():
        values, counts[row["header"]] = column_answers(frame[row["header"]], row, decimal, found)
        answers[row["measure"], row["item"]] = values
    labels = [[label[level] for label in answers] for level in (0, 1)]
    table = pd.DataFrame(dict(enumerate(answers.values())), index=frame.index, dtype=float)
    return table.set_axis(pd.MultiIndex.from_arrays(labels, names=["measure", "item"]), axis=1)


def answers_decimal(frame, plan: Plan, found: Findings) -> str:
    """The decimal mark of the answers; answers that leave it open are a problem."""
    headers = plan.numeric.loc[plan.numeric["codes"].isna(), "header"]
    mark, doubtful = cells.decimal_mark([frame[each] for each in headers], found.raw.delimiter)
    if not mark:
        rule = "leaves open whether the comma is a decimal mark or separates thousands"
        remedy = 'Name the mark in client.yml: `survey: {decimal: ","}`.'
        found.problem(rule, remedy, value=first_few(doubtful))
    return mark


def column_answers(column: pd.Series, row, decimal: str, found: Findings):
    """(numbers, counts) of one column of answers; those left out get a line."""
    codes, missing = parse_codes(row["codes"]), missing_codes(row["missing"])
    place, given = pd.factorize(column)  # people give few different answers
    text = np.array([*map(cells.as_text, given), ""], dtype=object)  # the last one is the blank
    read = [understood(answer, codes, missing, decimal, row) for answer in text]
    values = np.array([value for value, _ in read])[place]
    reasons = np.array([reason for _, reason in read], dtype=object)
    # An empty cell has place -1: the last text, the blank.
    tally = np.bincount(np.where(place < 0, len(given), place), minlength=len(text))
    fault = ~np.isin(reasons, NO_FAULT)
    counts = {
        "answered": int(tally[fault | (reasons == "")].sum()),
        "understood": int(tally[reasons == ""].sum()),
        "left_out": int(tally[fault].sum()),
        "missing": int(tally[reasons == "missing"].sum()),
        "blank": int(tally[reasons == "blank"].sum()),
    }
    if counts["left_out"]:
        lines = pd.DataFrame({"value": text[place], "reason": reasons[place]}, index=column.index)
        known = bool(counts["understood"])
        report_answers(lines[fault[place]], known, codes, str(row["header"]), found)
    return pd.Series(values, index=column.index), counts


def report_answers(lines, some_known: bool, codes: dict, name: str, found: Findings) -> None:
    """Lines for the answers left out, and a warning; a problem where nothing was understood.

    `lines`: one row per answer left out, columns value and reason; index = row in the file.
    """
    worst, why = lines["value"].value_counts(), lines["reason"].unique()
    judge_answers(worst, why, some_known, codes, name, lines.index, found)
    if some_known:
        found.leave_out(lines.index, name, lines["value"].to_numpy(), lines["reason"].to_numpy())


def judge_answers(worst, reasons, some_known: bool, codes: dict, name: str, rows, found) -> None:
    """The warning, or the problem; `worst`: how often each answer was left out, most often first."""
    value = first_few(f"{answer} ({count:,})" for answer, count in worst.items())
    if not some_known:
        remedy = "State what they stand for in the codebook: `codes`, `missing`, `low`, `high`."
        found.problem("has no answer that can be understood", remedy, name, rows, value)
        return
    near = nearest(plain(worst.index[0]), codes) if codes else ""
    hint = f"Did you mean '{near}' for '{worst.index[0]}' in `codes`? " if near else ""
    rule = f"has answers that cannot be used ({first_few(reasons)}) and are left out"
    where = "rejected.csv counts them" if rows is None else "each has a line in rejected.csv"
    remedy = f"{hint}Correct the codebook, or leave them out: {where}."
    found.problem(rule, remedy, name, rows, value, warning=True)


def word_answers(frame, plan: Plan, counts: dict, found: Findings):
    """(a column per group, one row per reason or text: row, measure, item, text)."""
    groups, words = {}, [pd.DataFrame(columns=["row", "measure", "item", "text"])]
    for _, row in plan.words.iterrows():
        header, measure = row["header"], row["measure"]
        said, counts[header] = column_words(frame[header], row, found.raw.labels.get(header))
        if measure == "group":
            groups[row["item"]] = said
            continue
        said = said.dropna().astype("str")  # of a blank column, numbers
        said = said.str.split(";").explode() if measure == "reason" else said
        about = {
            "row": said.index,
            "measure": measure,
            "item": row["item"],
            "text": said.to_numpy(),
        }
        words.append(pd.DataFrame(about))
    return pd.DataFrame(groups, index=frame.index), pd.concat(words, ignore_index=True)


def column_words(column: pd.Series, row, labels: dict | None):
    """(words, counts) of a column of groups, reasons or texts, named as `codes` names them."""
    codes, missing = parse_codes(row["codes"]), missing_codes(row["missing"])
    if not codes:
        column = with_labels(column, labels)
    text = cells.texts(column)[0]
    given = text.dropna().unique()
    if row["measure"] == "reason":
        named = {answer: options(answer, codes) for answer in given}
    else:
        named = {answer: codes.get(plain(answer), answer) for answer in given}
    absent = text.isin([answer for answer in given if plain(answer) in missing])
    said = int((text.notna() & ~absent).sum())
    blank = int(text.isna().sum())
    counts = dict(zip(COUNTS, [said, said, 0, int(absent.sum()), blank], strict=True))
    return text.map(named).mask(absent), counts


def with_labels(column: pd.Series, labels: dict | None) -> pd.Series:
    """Codes by the value labels that the file itself carries (SPSS)."""
    return column.map(lambda code: labels.get(code, code)) if labels else column


def people_of(frame, names: dict, groups: pd.DataFrame, labels: dict) -> pd.DataFrame:
    """One row per person: row, what client.yml names, and the groups."""
    people = {"row": pd.Series(frame.index, frame.index)}
    for name in dict.fromkeys([*PERSON, *names]):
        given = names.get(name)
        if given is None or name == "weight":
            people[name] = pd.Series(index=frame.index, dtype="str")
        elif given in groups:
            people[name] = groups[given]
        else:
            people[name] = cells.texts(with_labels(frame[given], labels.get(given)))[0]
    weight = people["weight"] if names.get("weight") is None else frame[names["weight"]]
    people["weight"] = cells.numbers(weight, cells.decimal_mark([weight])[0])[0]
    return pd.DataFrame(people).assign(**groups.drop(columns=list(people), errors="ignore"))


def check_people(people, frame, names: dict, reading: Reading) -> None:
    """Weights, waves, roles and respondents that cannot be taken as they are."""
    asked, found = reading.asked, reading.found
    if asked.wave or asked.by:
        check_waves(people, names.get("wave", names.get("date")), reading)
    if asked.weight:
        check_weights(people, frame[names["weight"]], asked, found)
    check_drawn(people, names, reading)
    if asked.role and reading.settings.role_weights:
        check_roles(people["role"], reading)
    twice = people.duplicated(["respondent", "wave"], keep=False) & people["respondent"].notna()
    if twice.any():
        value = first_few(people["respondent"][twice].unique())
        rows, name = people.index[twice], names["respondent"]
        remedy = "Both are used; correct the file if they are the same person."
        found.problem("stands more than once", remedy, name, rows, value, warning=True)


def check_roles(roles: pd.Series, reading: Reading) -> None:
    """`role_weights` and the survey speak of the same roles."""
    weights, there = reading.settings.role_weights, set(roles.dropna())
    if strange := [role for role in weights if role not in there]:
        rule, hint = "names roles that nobody in the survey has", did_you_mean(strange[0], there)
        problem = Problem(reading.client_yml, rule, hint, "role_weights", value=first_few(strange))
        reading.found.problems.append(problem)
    if silent := sorted(there - set(weights)):
        rule, remedy = (
            "has no weight for roles of the survey",
            "They do not count in the weighted view.",
        )
        about = {"column": "role_weights", "value": first_few(silent)}
        reading.found.warnings.append(Problem(reading.client_yml, rule, remedy, **about))


def words_of(words: pd.DataFrame, people: pd.DataFrame, measure: str) -> pd.DataFrame:
    """One row per person and reason (or text): person, item, reason."""
    mine = words[(words["measure"] == measure) & words["row"].isin(people["row"])]
    person = pd.Index(people["row"]).get_indexer(mine["row"])
    table = pd.DataFrame({"person": person, "item": mine["item"], "reason": mine["text"]})
    return table.reset_index(drop=True)


def items_of(plan: Plan) -> pd.DataFrame:
    """One row per item, in the order of the codebook; experience speaks before other measures."""
    rows = plan.numeric
    first = rows.assign(other=rows["measure"] != "experience").sort_values("other", kind="stable")
    table = first.groupby("item", sort=False)[ITEM_COLUMNS].first()
    return table.loc[rows["item"].drop_duplicates()].rename_axis("item")


def columns_of(raw: Raw, plan: Plan, counts: dict) -> pd.DataFrame:
    """One row per column of the file: what it is used for, and how much of it was understood."""
    table = pd.DataFrame({"column": list(raw.frame.columns)})
    used = plan.rows[["header", "measure", "item", "label", "low", "high"]]
    used = used.rename(columns={"header": "column"})
    number = pd.DataFrame.from_dict(counts, orient="index", columns=COUNTS).rename_axis("column")
    table = table.merge(used, on="column", how="left", validate="one_to_one")
    table[["measure", "item"]] = table[["measure", "item"]].fillna("")
    return table.merge(number.reset_index(), on="column", how="left", validate="one_to_one")
