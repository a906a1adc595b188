"""A raw survey file, read through its codebook: from what people wrote to what they meant.

An answer that cannot be used is left out with a line in `rejected`; nothing else about the person
is lost with it. A person who answered none of the codebook's questions is left out as a whole.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from cxlib.client import cells
from cxlib.client.contract import EXPECTATION_DRIVERS, MEASURES, Table
from cxlib.client.files import Raw, read_file
from cxlib.client.problems import ClientError, Problem, did_you_mean, first_few, nearest
from cxlib.client.settings import Settings, SurveySettings
from cxlib.client.tables import Findings, blank_rows
from cxlib.sums.weights import Raking, rake

KANO_SCALE = (1.0, 5.0)
RECOMMEND_SCALE = (0.0, 10.0)  # the net promoter question, unless the codebook says otherwise
YES_NO_SCALE = (0.0, 1.0)
ITEM_MEASURES = ("experience", "expectation", "importance", "satisfaction")
KANO_MEASURES = ("functional", "dysfunctional")
WORD_MEASURES = ("reason", "verbatim", "group")  # the others are numbers
MANY_COLUMNS = ("reason", "verbatim")  # may be asked in several columns
PERSON = ("respondent", "weight", "wave", "segment", "role", "collected_by")
ITEM_COLUMNS = ["label", "dimension", "stage", "channel", "quality", "low", "high"]
BETWEEN = ",;|┋"  # what tools put between the options ticked in one cell
SURVEY = Table("survey", "respondent", ())


@dataclass(frozen=True)
class Survey:
    """People and what they answered.

    answers   one row per person, columns (measure, item), floats, blank = no answer. Outcomes
              stand under their measure (overall, recommend …); without an item in the codebook,
              the item is the dimension, else the measure's own name
    people    same index: row (in the file), respondent, weight, wave, segment, role,
              collected_by, and a column per group; text but for row and weight; blank = not known
    items     one row per item: label, dimension, stage, channel, quality, low, high
    columns   one row per column of the file: measure and item ("" where the codebook leaves the
              column out), label, low, high, and the number of cells answered, understood,
              left_out, missing (a code for no answer) and blank
    mentions  one row per person and reason: person (index of people), item, reason
    verbatims one row per person and text: person, item, text
    weight    one per person, mean 1 after raking; None where everyone counts 1
    raking    what raking did; None without
    groups    names of the grouping columns of people
    """

    answers: pd.DataFrame = field(repr=False)
    people: pd.DataFrame = field(repr=False)
    items: pd.DataFrame = field(repr=False)
    columns: pd.DataFrame = field(repr=False)
    mentions: pd.DataFrame = field(repr=False)
    verbatims: pd.DataFrame = field(repr=False)
    weight: pd.Series | None = field(repr=False)
    raking: Raking | None = field(repr=False)
    groups: list


def read_survey(folder: Path, settings: Settings, codebook, unsure, shown_codebook: str):
    """(Survey or None, Findings) of a client's survey file."""
    asked = settings.survey
    found = Findings(Raw(str(folder / asked.file), pd.DataFrame()), SURVEY)
    if codebook is None:
        rule = "cannot be read without the table codebook"
        found.problem(rule, "Send codebook.csv: one row per column of the survey file.")
        return None, found
    try:
        raw = read_file(
            folder / asked.file,
            asked.sheet or "",
            asked.encoding or "",
            asked.delimiter or "",
            asked.decimal or "",
        )
        found.raw = raw
        kept = kept_rows(folder, asked, raw, found)
    except ClientError as error:
        found.problems += error.problems
        return None, found
    plan = read_plan(codebook, raw, settings, unsure, shown_codebook, found)
    names = person_columns(asked, plan, raw, str(folder / "client.yml"), found)
    if found.problems:
        return None, found
    frame = raw.frame.loc[kept]
    survey = survey_of(frame, raw, plan, names, settings, str(folder / "client.yml"), found)
    return (None if found.problems else survey), found


def kept_rows(folder: Path, asked: SurveySettings, raw: Raw, found: Findings) -> pd.Series:
    """Rows of the file that client.yml wants; the others get a line."""
    kept = pd.Series(True, index=raw.frame.index)
    blank = blank_rows(raw.frame)
    if blank.any():
        found.leave_out(raw.frame.index[blank], "", "", "the row is blank")
    if asked.keep is None:
        return kept & ~blank
    chosen = read_file(folder / asked.keep.file)
    if asked.keep.column not in chosen.frame:
        found.problem(
            f"has no column '{asked.keep.column}'",
            did_you_mean(asked.keep.column, chosen.frame.columns),
            "survey.keep",
        )
    elif len(chosen.frame) != len(raw.frame):
        rule = f"has {len(raw.frame):,} rows and {asked.keep.file} has {len(chosen.frame):,}"
        found.problem(rule, "survey.keep needs a row for each row of the survey, in its order.")
    else:
        words = cells.texts(chosen.frame[asked.keep.column])[0].set_axis(raw.frame.index)
        kept = words.eq(asked.keep.value).fillna(False).astype(bool)
        left = ~kept & ~blank
        reason = f"not kept: {asked.keep.column} in {asked.keep.file} is not {asked.keep.value}"
        found.leave_out(
            raw.frame.index[left], asked.keep.column, words[left].fillna("").to_numpy(), reason
        )
    return kept & ~blank


def plain(text) -> str:
    """A header or an answer without what tools and fonts do to it: width, dashes, quotes, blanks."""
    text = unicodedata.normalize("NFKC", str(text))
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text)
    text = (
        text.replace("\u2019", "'")
        .replace("\u2018", "'")
        .replace("\u201c", '"')
        .replace("\u201d", '"')
    )
    return re.sub(r"\s+", " ", text).strip().casefold()


def column_named(name: str, headers) -> str | None:
    """The header that a name stands for: exactly, else but for blanks and line breaks."""
    if name in headers:
        return name
    alike = [header for header in headers if plain(header) == plain(name)]
    return alike[0] if len(alike) == 1 else None


def read_plan(
    codebook, raw: Raw, settings: Settings, unsure, shown: str, found: Findings
) -> pd.DataFrame:
    """The codebook with each row's header in the file, its item and its scale; rules checked."""
    columns = [
        "column",
        "measure",
        "item",
        "dimension",
        "stage",
        "channel",
        "quality",
        "label",
        "low",
        "high",
        "missing",
        "codes",
    ]
    # What the table's own rules refuse already is passed over, so that the rest is looked at too.
    plan = codebook.reindex(columns=columns).dropna(subset=["column"])
    plan = plan[plan["measure"].isin(MEASURES)].drop_duplicates("column")
    headers = list(raw.frame.columns)
    by_plain = {}
    for header in headers:
        by_plain.setdefault(plain(header), []).append(header)
    plan["header"] = [
        name if name in by_plain.get(plain(name), []) else first_only(by_plain.get(plain(name), []))
        for name in plan["column"]
    ]
    note = CodebookNotes(shown, len(codebook), found)
    lost = plan["header"].isna()
    hints = [nearest(name, headers) for name in plan.loc[lost, "column"]]
    remedy = (
        f"Did you mean '{hints[0]}'?"
        if lost.any() and hints[0]
        else "A column is named as in the file's header, exactly."
    )
    note(lost, "column", f"is not in the header of {Path(raw.shown).name}", remedy, plan)
    words = plan["measure"].isin(WORD_MEASURES)
    plan["item"] = plan["item"].fillna(plan["dimension"].where(~words))
    unnamed = plan["item"].isna() & plan["measure"].isin((*ITEM_MEASURES, *KANO_MEASURES))
    note(unnamed, "item", "is blank", "Name what the column asks about; pairs share an item.", plan)
    plan["item"] = plan["item"].fillna(
        plan["column"].where(plan["measure"] == "group", plan["measure"])
    )
    twice = plan.duplicated(["measure", "item"], keep=False) & ~plan["measure"].isin(MANY_COLUMNS)
    note(
        twice,
        "item",
        "stands twice for the same measure",
        "A measure of an item comes from one column: correct the item, or take a column out.",
        plan,
    )
    odd = (plan["measure"] == "expectation_driver") & ~plan["item"].isin(EXPECTATION_DRIVERS)
    note(
        odd,
        "item",
        f"is no expectation driver ({first_few(EXPECTATION_DRIVERS, 6)})",
        "Write one of them.",
        plan,
    )
    if "dimensions" not in unsure:
        split = plan.dropna(subset=["dimension"]).groupby("item")["dimension"].nunique()
        note(
            plan["item"].isin(split.index[split > 1]) & plan["dimension"].notna(),
            "dimension",
            "differs within an item",
            "An item belongs to one dimension.",
            plan,
        )
    lonely = [
        item
        for item, group in plan[plan["measure"].isin(KANO_MEASURES)].groupby("item")
        if len(group) == 1
    ]
    if lonely:
        rule = "has only one of functional and dysfunctional, and gets no Kano class"
        found.warnings.append(
            Problem(shown, rule, "Add the other column.", "item", value=first_few(lonely))
        )
    return with_scales(plan, settings, unsure, note)


def first_only(headers: list) -> str | None:
    return headers[0] if len(headers) == 1 else None


class CodebookNotes:
    """Notes problems of the codebook's own rows."""

    def __init__(self, shown: str, rows: int, found: Findings):
        self.shown, self.rows, self.found = shown, rows, found

    def __call__(self, broken, column, rule, remedy, plan):
        if broken.any():
            value = first_few(
                f"{row[column]}" if column == "column" else f"{row['column'][:40]} ({row[column]})"
                for _, row in plan[broken].iterrows()
            )
            row = first_few(plan.index[broken])
            self.found.problems.append(
                Problem(self.shown, rule, remedy, column, row, value, int(broken.sum()), self.rows)
            )


def with_scales(plan, settings: Settings, unsure, note) -> pd.DataFrame:
    """Lowest and highest answer of every column: the codebook's, else that of its measure."""
    scale = (np.nan, np.nan) if "scale" in unsure else settings.scale
    importance = (np.nan, np.nan) if "importance_scale" in unsure else settings.importance_scale
    of = {"importance": importance, "recommend": RECOMMEND_SCALE}
    of |= dict.fromkeys(KANO_MEASURES, KANO_SCALE) | dict.fromkeys(
        ("problem", "complained"), YES_NO_SCALE
    )
    for place, name in enumerate(("low", "high")):
        default = plan["measure"].map(lambda measure, place=place: of.get(measure, scale)[place])
        plan[name] = plan[name].astype(float).fillna(default.astype(float))
        plan[name] = plan[name].where(~plan["measure"].isin(WORD_MEASURES))
    note(
        plan["low"] >= plan["high"],
        "low",
        "is not below high",
        "Write the lowest answer as low; turn a reversed question round with `codes`.",
        plan,
    )
    bad = [row for row, text in plan["codes"].dropna().items() if parse_codes(text, True) is None]
    note(
        plan.index.to_series().isin(bad),
        "codes",
        "is not `answer=number;answer=number`",
        "Write each answer, =, and its number, with ; between.",
        plan,
    )
    return plan


def parse_codes(text, lenient: bool = False) -> dict | None:
    """{plain answer: what it stands for} of `answer=number;…`; None where it is not that."""
    if not isinstance(text, str):
        return {}
    pairs = [part.rpartition("=") for part in text.split(";") if part.strip()]
    if any(
        not equals or not answer.strip() or not value.strip() for answer, equals, value in pairs
    ):
        return None
    return {plain(answer): value.strip() for answer, _, value in pairs}


def person_columns(asked: SurveySettings, plan, raw: Raw, shown: str, found: Findings) -> dict:
    """{name in people: header of the file, or row of the plan}: what client.yml says of columns."""
    groups = plan[plan["measure"] == "group"].set_index("item")
    wanted = {name: getattr(asked, name) for name in PERSON}
    wanted |= {name: name for name in asked.groups} | {name: name for name in asked.raking}
    names = {}
    for name, given in wanted.items():
        if given is None:
            continue
        header = None if given in groups.index else column_named(given, raw.frame.columns)
        if given not in groups.index and header is None:
            key = name if name in PERSON else "raking" if name in asked.raking else "groups"
            rule = f"names a column that is not in {asked.file}"
            hint = did_you_mean(given, [*groups.index, *raw.frame.columns])
            found.problems.append(Problem(shown, rule, hint, f"survey.{key}", value=given))
        names[name] = header if header is not None else given
    return names


def survey_of(
    frame, raw: Raw, plan, names, settings: Settings, shown: str, found: Findings
) -> Survey:
    """The survey of the rows that are kept."""
    asked = settings.survey
    decimal = raw.decimal or answers_decimal(frame, plan, raw, found)
    numeric = plan[~plan["measure"].isin(WORD_MEASURES)]
    answers, counts = {}, {}
    for _, row in numeric.iterrows():
        values, counts[row["header"]] = column_answers(frame[row["header"]], row, decimal, found)
        answers[row["measure"], row["item"]] = values
    answers = pd.DataFrame(answers, index=frame.index, dtype=float)
    answers.columns = pd.MultiIndex.from_tuples(answers.columns, names=["measure", "item"])
    groups, words = {}, {"reason": [], "verbatim": []}
    for _, row in plan[plan["measure"].isin(WORD_MEASURES)].iterrows():
        labels = raw.labels.get(row["header"], {})
        said, counts[row["header"]] = column_words(frame[row["header"]], row, labels)
        if row["measure"] == "group":
            groups[row["item"]] = said
        else:
            words[row["measure"]].append(long_words(said, row))
    silent = answers.isna().all(axis=1)
    for part in (*words["reason"], *words["verbatim"]):
        silent &= ~silent.index.isin(part["row"])
    if silent.any():
        found.leave_out(frame.index[silent], "", "", "no answer to any question of the codebook")
    frame, answers = frame.loc[~silent], answers.loc[~silent]
    people = people_of(
        frame, names, {name: said.loc[~silent] for name, said in groups.items()}, raw.labels
    )
    check_people(people, asked, frame, names, shown, found)
    people["weight"], weight, raking = weights_of(people, asked, names, shown, found)
    place = pd.Series(range(len(people)), index=frame.index)
    return Survey(
        answers=answers.reset_index(drop=True),
        people=people.reset_index(drop=True),
        items=items_of(plan),
        columns=columns_of(raw.frame, plan, counts, raw),
        mentions=placed(words["reason"], place, "reason"),
        verbatims=placed(words["verbatim"], place, "text"),
        weight=None if weight is None else weight.reset_index(drop=True),
        raking=raking,
        groups=asked_groups(asked, groups),
    )


def asked_groups(asked: SurveySettings, groups: dict) -> list[str]:
    return list(asked.groups) or list(groups)


def answers_decimal(frame, plan, raw: Raw, found: Findings) -> str:
    """The decimal mark of the answers; the answers that leave it open are a problem."""
    numeric = plan[~plan["measure"].isin(WORD_MEASURES) & plan["codes"].isna()]
    mark, doubtful = cells.decimal_mark([frame[each] for each in numeric["header"]], raw.delimiter)
    if not mark:
        rule = "leaves open whether the comma is a decimal mark or separates thousands"
        found.problem(
            rule,
            'Name the mark in client.yml: `survey: {decimal: ","}`.',
            value=first_few(doubtful),
        )
    return mark


def column_answers(column: pd.Series, row, decimal: str, found: Findings):
    """(numbers, counts) of one column of answers; those left out get a line."""
    codes, missing = parse_codes(row["codes"]), missing_codes(row["missing"])
    yes_no = row["measure"] in ("problem", "complained")
    place, given = pd.factorize(column)  # people give few different answers
    text = np.array([cells.as_text(answer) for answer in given] + [""], dtype=object)
    read = [understood(answer, codes, missing, decimal, row, yes_no) for answer in text]
    values = np.array([value for value, _ in read])[place]
    reasons = np.array([reason for _, reason in read], dtype=object)[place]
    counts = {
        "answered": int((~np.isin(reasons, ["blank", "missing"])).sum()),
        "understood": int(np.isfinite(values).sum()),
        "left_out": int((~np.isin(reasons, ["", "blank", "missing"])).sum()),
        "missing": int((reasons == "missing").sum()),
        "blank": int((reasons == "blank").sum()),
    }
    if counts["left_out"]:
        wrong = ~np.isin(reasons, ["", "blank", "missing"])
        lines = pd.DataFrame({"value": text[place], "reason": reasons}, index=column.index)[wrong]
        report_answers(lines, counts, codes, row, found)
    return pd.Series(values, index=column.index), counts


def understood(answer: str, codes: dict, missing: set, decimal: str, row, yes_no: bool):
    """(number, '') of one answer, or (blank, reason) where it cannot be used."""
    if not answer:
        return np.nan, "blank"
    if plain(answer) in missing:
        return np.nan, "missing"
    word = codes.get(plain(answer), answer)
    if yes_no and plain(word) in cells.YES:
        word = "1" if cells.YES[plain(word)] else "0"
    number = cells.as_number(word, "." if plain(answer) in codes else decimal)
    if np.isnan(number):
        return np.nan, "missing"
    if np.isinf(number):
        return np.nan, "is not among the answers of `codes`" if codes else "is not a number"
    low, high = row["low"], row["high"]
    if number < low or number > high:
        return np.nan, f"is off the scale {low:g}–{high:g}"
    if row["measure"] in KANO_MEASURES and number != int(number):
        return np.nan, "is not one of the five Kano answers 1–5"
    return number, ""


def missing_codes(text) -> set:
    """Codes that stand for no answer, in plain form."""
    if not isinstance(text, str):
        return set()
    codes = {plain(part) for part in text.split(";") if part.strip()}
    return codes | {code.removesuffix(".0") for code in codes}


def report_answers(lines, counts, codes, row, found: Findings) -> None:
    """Lines for the answers left out, and a warning; a problem where nothing was understood.

    `lines`: one row per answer left out, columns value and reason; index = row in the file.
    """
    name = str(row["header"])
    worst = lines["value"].value_counts()
    value = first_few(f"{answer} ({count:,})" for answer, count in worst.items())
    if not counts["understood"]:
        remedy = (
            "State in the codebook what its answers stand for: `codes`, `missing`, `low`, `high`."
        )
        found.problem("has no answer that can be understood", remedy, name, lines.index, value)
        return
    found.leave_out(lines.index, name, lines["value"].to_numpy(), lines["reason"].to_numpy())
    near = nearest(plain(worst.index[0]), codes) if codes else ""
    hint = f"Did you mean '{near}' for '{worst.index[0]}' in `codes`? " if near else ""
    why = first_few(lines["reason"].unique())
    rule = f"has answers that cannot be used ({why}) and are left out"
    remedy = f"{hint}Correct the codebook, or leave them out: each has a line in rejected.csv."
    found.problem(rule, remedy, name, lines.index, value, warning=True)


def column_words(column: pd.Series, row, labels: dict):
    """(words, counts) of a column of groups, reasons or texts, named as `codes` names them."""
    if labels and not isinstance(row["codes"], str):
        column = column.map(lambda code: labels.get(code, code))
    text = cells.texts(column)[0]
    codes, missing = parse_codes(row["codes"]), missing_codes(row["missing"])
    absent = (
        text.map(lambda answer: plain(answer) in missing, na_action="ignore")
        .fillna(False)
        .astype(bool)
    )
    if row["measure"] == "reason":
        said = text.map({answer: options(answer, codes) for answer in text.dropna().unique()})
    else:
        said = text.map(
            {answer: codes.get(plain(answer), answer) for answer in text.dropna().unique()}
        )
    said = said.mask(absent)
    answered = int(text.notna().sum() - absent.sum())
    counts = {
        "answered": answered,
        "understood": answered,
        "left_out": 0,
        "missing": int(absent.sum()),
        "blank": int(text.isna().sum()),
    }
    return said, counts


def options(answer: str, codes: dict) -> str:
    """The options ticked in one cell, `;` between, by the names that `codes` gives them.

    An option may itself hold the comma that tools put between options, so known options are
    looked for first, the longest before the others; what remains is split at commas and ┋.
    """
    rest, ticked = plain(answer), []
    for option in sorted(codes, key=len, reverse=True):
        match = re.search(rf"(?:^|[{BETWEEN}])\s*({re.escape(option)})\s*(?=[{BETWEEN}]|$)", rest)
        if match:
            ticked.append((match.start(1), codes[option]))
            rest = rest[: match.start(1)] + " " * len(option) + rest[match.end(1) :]
    others = {plain(part): part.strip() for part in re.split(f"[{BETWEEN}]", answer)}
    for match in re.finditer(f"[^{BETWEEN}]+", rest):
        if match[0].strip():
            ticked.append((match.start(), others.get(match[0].strip(), match[0].strip())))
    return ";".join(name for _, name in sorted(ticked))


def long_words(said: pd.Series, row) -> pd.DataFrame:
    """One row per person and reason (or text): row in the file, item, text."""
    said = said.dropna()
    if row["measure"] == "reason":
        said = said.str.split(";").explode()
    return pd.DataFrame({"row": said.index, "item": row["item"], "text": said.to_numpy()})


def placed(parts: list, place: pd.Series, name: str) -> pd.DataFrame:
    """Words of all columns, by the person's place in people."""
    if not parts:
        return pd.DataFrame(
            {
                "person": pd.Series(dtype=int),
                "item": pd.Series(dtype="str"),
                name: pd.Series(dtype="str"),
            }
        )
    table = pd.concat(parts, ignore_index=True)
    table = table[table["row"].isin(place.index)]
    return pd.DataFrame(
        {
            "person": table["row"].map(place).to_numpy(),
            "item": table["item"].to_numpy(),
            name: table["text"].to_numpy(),
        }
    )


def people_of(frame, names: dict, groups: dict, labels: dict) -> pd.DataFrame:
    """One row per person: row, what client.yml names, and the groups."""
    people = pd.DataFrame({"row": frame.index.to_numpy()}, index=frame.index)
    for name in (*PERSON, *(each for each in names if each not in PERSON)):
        given = names.get(name)
        if given is None:
            people[name] = pd.Series(
                np.nan if name == "weight" else None,
                index=frame.index,
                dtype=float if name == "weight" else "str",
            )
        elif given in groups:
            people[name] = groups[given]
        elif name == "weight":
            people[name] = cells.numbers(frame[given], decimal_of_weight(frame[given]))[0]
        else:
            column = frame[given]
            known = labels.get(given)
            people[name] = cells.texts(
                column.map(lambda code, known=known: known.get(code, code)) if known else column
            )[0]
    return people.assign(**{name: said for name, said in groups.items() if name not in people})


def decimal_of_weight(column: pd.Series) -> str:
    return cells.decimal_mark([column])[0] or "."


def check_people(people, asked: SurveySettings, frame, names, shown: str, found: Findings) -> None:
    """Weights, waves and respondents that cannot be taken as they are."""
    if asked.wave:
        blank = people["wave"].isna()
        if blank.any():
            found.problem(
                "is blank",
                "Every respondent belongs to a wave: fill it in.",
                names["wave"],
                people.index[blank],
            )
        strange = [wave for wave in asked.unweighted_waves if wave not in set(people["wave"])]
        if strange:
            hint = did_you_mean(strange[0], people["wave"].dropna().unique())
            found.problems.append(
                Problem(
                    shown,
                    "names waves that are not in the survey",
                    hint,
                    "survey.unweighted_waves",
                    value=first_few(strange),
                )
            )
    if asked.weight:
        excused = people["wave"].isin(asked.unweighted_waves) & people["weight"].isna()
        bad = {
            "is blank or not a number": people["weight"].isna() & ~excused,
            "is negative": people["weight"] < 0,
        }
        for rule, rows in bad.items():
            if rows.any():
                value = first_few(cells.texts(frame[names["weight"]][rows])[0].fillna("blank"))
                remedy = "A blank weight is not zero: it would drop a person from every figure unannounced. Correct it, or list a wave that came without weights under `survey.unweighted_waves`."
                found.problem(rule, remedy, names["weight"], people.index[rows], value)
        if not people["weight"].fillna(1).sum() > 0:
            found.problem("is zero everywhere", "Somebody must count.", names["weight"])
    if asked.respondent:
        person = people["respondent"]
        twice = people.duplicated(["respondent", "wave"], keep=False) & person.notna()
        if twice.any():
            remedy = "Both are used; correct the file if they are the same person."
            found.problem(
                "stands more than once",
                remedy,
                names["respondent"],
                people.index[twice],
                first_few(person[twice].unique()),
                warning=True,
            )


def weights_of(people, asked: SurveySettings, names, shown: str, found: Findings):
    """(column of people, weights or None, Raking or None)."""
    weight = people["weight"].fillna(1.0) if asked.weight else None
    raking = None
    if asked.raking and not found.problems:
        try:
            raking = rake(people, asked.raking, weight)
            weight = raking.weight
        except ValueError as error:
            found.problems.append(Problem(shown, str(error).rstrip("."), column="survey.raking"))
    return (1.0 if weight is None else weight), weight, raking


def items_of(plan) -> pd.DataFrame:
    """One row per item, in the order of the codebook; experience speaks before other measures."""
    numeric = plan[~plan["measure"].isin(WORD_MEASURES)]
    first = numeric.assign(other=numeric["measure"] != "experience").sort_values(
        "other", kind="stable"
    )
    table = first.groupby("item", sort=False)[ITEM_COLUMNS].first()
    return table.loc[list(dict.fromkeys(numeric["item"]))].rename_axis("item")


def columns_of(frame, plan, counts: dict, raw: Raw) -> pd.DataFrame:
    """One row per column of the file: what it is used for, and how much of it was understood."""
    table = pd.DataFrame({"column": list(frame.columns)})
    used = plan[["header", "measure", "item", "label", "low", "high"]].rename(
        columns={"header": "column"}
    )
    table = table.merge(used, on="column", how="left", validate="one_to_one")
    table[["measure", "item"]] = table[["measure", "item"]].fillna("")
    number = pd.DataFrame.from_dict(counts, orient="index")
    return table.merge(
        number, left_on="column", right_index=True, how="left", validate="one_to_one"
    )
