"""A draft of the codebook from the survey file alone: for a consultant to correct, not to trust.

What each column measures is guessed from the words of its header, its answers and its labels; what
belongs together from numbers and from likeness of wording. A guess that rests on little is marked.
The words that are looked for are data (`wordings.py`); what an answer then means is decided by
`codebook.understood`, as in a run, so that the share that the draft covers is the run's own.
"""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from cxlib.client import cells, codebook, measures
from cxlib.client.answers import pools, read_answers
from cxlib.client.contract import TABLES
from cxlib.client.draft_map import summary
from cxlib.client.ends import onto_one_scale, settle_ends
from cxlib.client.exports import Export, read_export
from cxlib.client.files import in_likeliest
from cxlib.client.items import name_dimensions, name_items, pair_kano, unique_items
from cxlib.client.long import notes_of_long
from cxlib.client.problems import first_few
from cxlib.client.question import Question
from cxlib.client.scales import labels_asked
from cxlib.client.strays import HELD
from cxlib.client.wordings import DIMENSION_WORDS

COLUMNS = [column.name for column in TABLES["codebook"].columns]
OWN_SCALES = {  # keys of client.yml: the measures that are on them, the first that was asked
    "scale": (("experience", "expectation"), ("satisfaction",)),
    "importance_scale": (("importance",),),
}
OF_SURVEY = re.compile(r"`survey\.(?P<key>\w+): (?P<column>.+)`")
FOR_CLIENT = "client.yml"  # a column that a line of it is for is named, though it holds no answers
FIRST = 6  # doubts that are told again at the end


def draft_codebook(path, tool="", encoding="", sheet="", long: tuple = ()) -> pd.DataFrame:
    """A draft of the table codebook for a survey file. Raises ClientError.

    Returns one row per column of the file: the contract's codebook columns; `sure` (False: look
    at it), `why` (what the guess rests on, or what the column is instead), `answered` (answers
    given) and `coverage` (share of them, 0–1, that the draft would understand). `measure` is
    blank where the draft leaves the column out. An encoding that is not given is guessed, and
    said in the table's `attrs`, with the tool: put both into client.yml.

    >>> draft = draft_codebook("data/kiosk/kiosk.csv")
    >>> draft["measure"].value_counts()["functional"]
    29
    """
    path = Path(path)
    read = lambda each: read_export(path, tool, sheet=sheet, encoding=each, long=long)  # noqa: E731
    export, encoding = in_likeliest(read, path, encoding)
    frame = export.frame
    export.check_answers()
    mark, _ = cells.decimal_mark([frame[each] for each in frame.columns], export.raw.delimiter)
    questions = [question_of(export, frame[column], mark or ".") for column in frame.columns]
    asked = [each for each in questions if each.kind != "meta"]
    pooled = pools([each for each in asked if each.kind == "single"])
    for question in asked:
        read_answers(question, pooled.get(question.column, {}))
    measures.leave_out_ranks(asked, frame)
    for question in asked:
        measures.guess_measure(question)
    measures.rows_alike(asked)
    measures.unlabelled_ratings(asked)
    measures.words_unknown(asked)
    settle_ends(asked)
    name_items(asked)
    onto_one_scale(asked)
    pair_kano([each for each in asked if each.measure in codebook.KANO_MEASURES])
    unique_items(asked)
    measures.doubt_directions(asked, frame)
    dimensions = dimensions_of(path.parent / "client.yml")
    name_dimensions(asked, list(dimensions))
    draft = pd.DataFrame([row_of(question) for question in questions])
    draft.attrs = {
        "file": path.name, "tool": export.tool, "how": export.how, "encoding": encoding,
        "sheet": sheet, "long": list(long), "rows": len(frame),
        "notes": [*export.notes, *([] if long else notes_of_long(frame))],
        "dimensions": dimensions,
        "doubts": [(*doubt, q.column) for q in asked if q.measure for doubt in q.doubts],
    }  # fmt: skip
    return draft


def dimensions_of(client_yml: Path) -> dict:
    """{name: label} of the dimensions of the client that the file lies with; none where they are not the usual ones:
    among its own even a word such as convenience may stand for something else.
    """
    try:
        tree = YAML(typ="safe").load(client_yml.read_text("utf-8") if client_yml.is_file() else "")
        known = tree["dimensions"]
        return known if 2 * len(known.keys() & DIMENSION_WORDS.keys()) >= len(known) else {}
    except (OSError, UnicodeError, YAMLError, TypeError, KeyError, AttributeError):
        return {}


def draft_coverage(draft: pd.DataFrame) -> float:
    """Share of all answers in the file, 0–1, that the draft would understand."""
    told = draft[draft["answered"] > 0]
    known = (told["coverage"].fillna(0) * told["answered"]).sum()
    return float(known / told["answered"].sum()) if len(told) else np.nan


def draft_summary(draft: pd.DataFrame) -> str:
    """What the draft found, what it is unsure of and what it leaves out, for a person to read; at the
    end the gravest doubts again, where they are seen, columns of one doubt together."""
    about, used = draft.attrs, draft[draft["measure"] != ""]
    left = draft.drop(used.index)
    told = left["answered"].gt(0) | left["why"].str.contains(FOR_CLIENT)
    silent, left = left[~told], left[told]
    rows = {"used": used, "unsure": used[~used["sure"].astype(bool)], "left": left}
    rows["items"] = used[used["measure"].isin(codebook.ITEM_MEASURES)].drop_duplicates("item")
    kinds = ", ".join(f"{count} {name}" for name, count in used["measure"].value_counts().items())
    doubts: dict = {}
    for grave, why, column in sorted(about.get("doubts", []), key=lambda each: each[0]):
        doubts.setdefault((grave, why), []).append(column[:40])
    first = [(first_few(names), why) for (_, why), names in [*doubts.items()][:FIRST]]
    told = about | {name: [*each.itertuples()] for name, each in rows.items()}
    told |= {"kinds": kinds, "first": first, "doubts": len(doubts), "all": len(draft)}
    told |= {"silent": first_few(silent["column"] + silent["why"].map(" ({})".format), 12)}
    told |= {"coverage": draft_coverage(draft), "client_yml": client_lines(draft)}
    return summary("draft", **told)


def client_lines(draft: pd.DataFrame) -> list[str]:
    """What client.yml must say of this file, to be copied into it."""
    survey = {key: draft.attrs[key] for key in ("file", "sheet", "encoding", "long")}
    named = draft["why"].str.extract(OF_SURVEY).assign(timed=draft["why"].str.startswith("times"))
    for key, rows in named.dropna().groupby("key"):
        rows = rows[rows["timed"] == rows["timed"].any()]  # of days, those of the tool's own clock
        if len(rows) == 1 or key == "date":  # the last: when it was sent
            survey[key] = rows["column"].iloc[-1]
    told = {key: json.dumps(said, ensure_ascii=False) for key, said in survey.items() if said}
    lines = []
    for key, choices in OWN_SCALES.items():
        found = (draft.loc[draft["measure"].isin(each), ["low", "high"]] for each in choices)
        if (ends := next((each for each in found if len(each.dropna())), None)) is not None:
            low, high = ends.value_counts().index[0]
            lines.append(f"{key}: [{low:g}, {high:g}]")
    given = draft.attrs["dimensions"]
    items = draft[draft["dimension"] != ""].drop_duplicates("item").set_index("dimension")
    own = items.loc[~items.index.duplicated(keep=False), "label"]
    if any(label not in str(given[name]) for name, label in own.items()):  # one item: in its words
        named = {**given, **own}.items()
        lines += ["dimensions:", *(f"  {n}: {json.dumps(said, ensure_ascii=False)}" for n, said in named)]  # fmt: skip
    return [*lines, "survey:", *(f"  {key}: {said}" for key, said in told.items())]


def write_codebook(draft: pd.DataFrame, path) -> None:
    """The draft's rows that measure something as a CSV that Excel opens as it is."""
    used = draft[draft["measure"] != ""]
    said = used["sure"].map({True: "yes", False: "look"})
    used = used.assign(sure=said, coverage=used["coverage"].round(4))
    used.to_csv(path, index=False, encoding="utf-8-sig")


def question_of(export: Export, cell: pd.Series, decimal: str) -> Question:
    """A column with its words, its answers and the labels that the file or the question has."""
    column = cell.name
    kind = export.columns.loc[column, "kind"]
    told = cells.texts(cell)[0].dropna().value_counts()
    text = export.raw.wordings.get(column, column)
    question = Question(column, text, told, kind, decimal)
    labels = export.raw.labels.get(column, {})
    labels = {cells.as_number(cells.as_text(n), "."): str(label) for n, label in labels.items()}
    question.labels = {n: label for n, label in labels.items() if np.isfinite(n)}
    question.labels = question.labels or labels_asked(text)
    role = export.columns.loc[column, "role"]
    if kind == "meta" or role in HELD:
        question.kind = "meta"
        numbers = question.answers.index.astype("str").str.isdigit().all()  # also 20240103
        role = "time" if role not in HELD and not numbers and measures.are_days(question) else role
        question.why.append(HELD.get(role, "the survey tool's own column").format(column))
    elif part_of := role:
        question.kind, question.why = "meta", [f"an {part_of}, which is read as one column"]
    if codes := export.columns.loc[column, "missing"]:
        question.missing = codes.split(";")
    return question


def row_of(question: Question) -> dict:
    """The codebook's row of one question, with what it covers."""
    row = dict.fromkeys(COLUMNS, "")
    label = (question.label or question.about) if question.measure else ""
    scaled = question.measure not in ("", *codebook.KANO_MEASURES, *codebook.WORD_MEASURES)
    row |= {"column": question.column, "measure": question.measure, "item": question.item}
    row |= {"label": label, "codes": question.codes, "dimension": question.dimension}
    row |= {"low": question.low if scaled else np.nan, "high": question.high if scaled else np.nan}
    row["missing"] = ";".join(dict.fromkeys(question.missing)) if question.measure else ""
    answered, known = covered(question, row)
    why = "; ".join(dict.fromkeys(question.why))
    coverage = known / answered if answered else np.nan
    told = {"sure": not question.doubts, "why": why, "answered": answered, "coverage": coverage}
    return row | told


def covered(question: Question, row: dict) -> tuple[int, int]:
    """(answers given, answers that would be understood), by the rules of a run."""
    if question.kind == "meta":
        return 0, 0
    missing = codebook.missing_codes(row["missing"])
    told = question.answers[[codebook.plain(a) not in missing for a in question.answers.index]]
    answered = int(told.sum())
    if not row["measure"]:
        return answered, 0
    if row["measure"] in codebook.WORD_MEASURES:
        return answered, answered
    own = codebook.ASKED_ON.get(row["measure"], codebook.UNKNOWN)
    low, high = own if np.isnan(row["low"]) else (row["low"], row["high"])
    scale = {"measure": row["measure"], "low": low, "high": high}
    codes = codebook.parse_codes(row["codes"])
    read = (codebook.understood(a, codes, missing, question.decimal, scale) for a in told.index)
    return answered, int(told[[fault == "" for _, fault in read]].sum())
