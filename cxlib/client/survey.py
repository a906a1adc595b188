"""A raw survey file, read through its codebook: from what people wrote to what they meant.

An answer that cannot be used is left out with a line in `rejected`; nothing else about the person
is lost with it. A person who answered none of the codebook's questions is left out as a whole.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from cxlib.client import cells, sampling
from cxlib.client.codebook import Plan, found_headers, read_plan
from cxlib.client.contract import Table
from cxlib.client.exports import Export, read_export
from cxlib.client.files import Raw, read_file
from cxlib.client.findings import Findings
from cxlib.client.meant import COUNTS, number_answers, word_answers
from cxlib.client.problems import ClientError, did_you_mean, first_few, problem
from cxlib.client.settings import Settings
from cxlib.client.tables import blank_rows
from cxlib.sums.weights import Raking, Sampling, Weight, part_of

PERSON = (
    *["respondent", "weight", "wave", "segment", "role", "collected_by", "date"],
    *sampling.DRAWN,
)
ITEM_COLUMNS = ["label", "dimension", "stage", "channel", "quality", "set_by", "low", "high"]
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
    items     one row per item: label, dimension, stage, channel, quality, set_by, low, high
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

    @property
    def groupings(self) -> dict[str, pd.Series]:
        """{grouping: group of each person}: segment, role, who collected, and the client's own."""
        apart = ["row", "respondent", "weight", "wave", "date", "seconds", *sampling.DRAWN]
        found: dict[str, pd.Series] = {}
        for name, values in self.people.drop(columns=apart, errors="ignore").items():
            # A grouping may be listed under its own name and serve as the segment as well.
            if values.notna().any() and not any(values.equals(each) for each in found.values()):
                found[name] = values
        return found

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

    def tell(self, key: str, name: str, /, value="", warning=False, **facts) -> None:
        """A problem with what client.yml says of the survey."""
        where = self.found.warnings if warning else self.found.problems
        where.append(problem(self.client_yml, name, key, value=value, **facts))


def read_survey(folder: Path, settings: Settings, codebook, unsure, shown_codebook: str):
    """(Survey or None, Findings) of a client's survey file."""
    reading = Reading(folder, settings)
    asked, found = reading.asked, reading.found
    if codebook is None:
        found.tell("no_codebook")
        return None, found
    given = ("tool", "sheet", "encoding", "delimiter", "decimal", "respondent", "long")
    given = {name: getattr(asked, name) or "" for name in given}
    try:
        export = read_export(folder / asked.file, **given)
        raw = found.raw = export.raw
        kept = kept_rows(raw, reading) & left_in(export, found)
    except ClientError as error:
        found.problems += error.problems
        return None, found
    plan = read_plan(codebook, raw, settings, unsure, shown_codebook)
    found.add(plan)
    names = person_columns(plan, raw, reading)
    if not kept.any():
        why = ": " + export.left_out if export.left_out else ""
        why = f"every row is left out{why}" if len(kept) else "there is a header and no row"
        found.tell("no_answer_left", why=why)
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
        found.tell("last_rows", warning=True, told=warning)
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
        reading.tell("survey.keep", "not_in_file", keep.column, file=keep.file, hint=hint)
        return ~blank
    if len(chosen) != len(rows):
        about = {"file": keep.file, "rows": len(chosen), "all": len(rows)}
        reading.tell("survey.keep", "keep_rows", **about)
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
    told = {name: getattr(asked, name) for name in PERSON}
    wanted |= {name: (name, given) for name, given in told.items() if given is not None}
    names = {}
    for name, (key, given) in wanted.items():
        header = given if given in groups else found_headers([given], raw.frame.columns)[0]
        if header is None:
            hint = did_you_mean(given, [*groups, *raw.frame.columns])
            reading.tell(f"survey.{key}", "not_in_file", given, file=asked.file, hint=hint)
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
    people = spelt_once(sampling.with_waves(people, names, reading.asked.by, found), names, found)
    if people.empty:
        found.tell("nobody_counted")
        return None
    answers, frame = answers.loc[people.index], frame.loc[people.index]
    check_people(people, frame, names, reading)
    people = people.reset_index(drop=True)
    weight, raking = sampling.weights_of(people, reading)
    together = sampling.asked_together(frame, [*names.values(), *plan.rows["header"]], reading)
    own = weight.weight if isinstance(weight, Sampling) else weight
    people["weight"] = 1.0 if own is None else own
    return Survey(
        answers=answers.reset_index(drop=True),
        people=people,
        items=items_of(plan), columns=columns_of(found.raw, plan, counts),
        mentions=words_of(words, people, "reason"),
        verbatims=words_of(words, people, "verbatim").rename(columns={"reason": "text"}),
        weight=weight, raking=raking,
        groups=list(reading.asked.groups or groups.columns),
        waves=sampling.waves_in_time(people["wave"], reading.settings),
        together=None if together is None else together.reset_index(drop=True),
    )  # fmt: skip


def check_silent(silent: int, of: int, plan: Plan, found: Findings) -> None:
    """A codebook by which nobody said anything is refused; one by which few did is looked at."""
    about = {"all": of, "kept": of - silent, "columns": first_few(plan["column"])}
    if plan["measure"].eq("group").all():
        found.problems.append(problem(plan.shown, "no_question", **about))
    elif silent == of:
        found.tell("all_silent", **about)
    elif silent > of / 2:
        found.warnings.append(problem(plan.shown, "most_silent", **about))


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
            people[name] = cells.texts(cells.with_labels(frame[given], labels.get(given)))[0]
    weight = people["weight"] if names.get("weight") is None else frame[names["weight"]]
    people["weight"] = cells.numbers(weight, cells.decimal_mark([weight])[0])[0]
    return pd.DataFrame(people).assign(**groups.drop(columns=list(people), errors="ignore"))


def spelt_once(people, names: dict, found: Findings) -> pd.DataFrame:
    """Groups that differ by capitals or blanks alone are one, as most write it; and that is told."""
    apart = ["row", "respondent", "weight", "wave", "date", *sampling.DRAWN]
    told = set()
    for name in people.columns.difference(apart):
        values = people[name].astype(object)
        plain = values.dropna().map(lambda word: " ".join(str(word).casefold().split()))
        usual = values.groupby(plain).agg(lambda alike: alike.value_counts().index[0])
        joined = plain.map(usual).reindex(values.index)
        other = values.notna() & joined.ne(values)
        if other.any() and (column := names.get(name, name)) not in told:
            about = {"column": column, "value": first_few(values[other].unique())}
            about |= {"rows": people.index[other], "usual": first_few(joined[other].unique())}
            found.tell("spelt_otherwise", **about, warning=True)
            told.add(column)
        people[name] = joined.astype(people[name].dtype)
    return people


def check_people(people, frame, names: dict, reading: Reading) -> None:
    """Weights, waves, roles and respondents that cannot be taken as they are."""
    asked, found = reading.asked, reading.found
    if asked.wave or asked.by:
        sampling.check_waves(people, names.get("wave", names.get("date")), reading)
    if asked.weight:
        sampling.check_weights(people, frame[names["weight"]], asked, found)
    sampling.check_drawn(people, names, reading)
    if reading.settings.role_weights:  # used for nothing where no column says who is what
        check_roles(people["role"], reading)
    twice = people.duplicated(["respondent", "wave"], keep=False) & people["respondent"].notna()
    value, respondent = first_few(people["respondent"][twice].unique()), names.get("respondent")
    found.tell("person_twice", respondent, people.index[twice], value, warning=True)


def check_roles(roles: pd.Series, reading: Reading) -> None:
    """`role_weights` and the survey speak of the same roles."""
    weights, there = reading.settings.role_weights, set(roles.dropna())
    if strange := [role for role in weights if role not in there]:
        hint = did_you_mean(strange[0], there)
        reading.tell("role_weights", "roles_nobody_has", first_few(strange), hint=hint)
    if silent := sorted(there - set(weights)):
        reading.tell("role_weights", "roles_without_weight", first_few(silent), warning=True)


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
    used = plan.rows.set_index("header")[["measure", "item", "label", "low", "high"]]
    number = pd.DataFrame.from_dict(counts, orient="index", columns=COUNTS)
    for of_column in (used, number):
        table = table.join(of_column, on="column", validate="one_to_one")
    return table.fillna({"measure": "", "item": ""})
