"""Questions of the method to put to the client, and what was answered."""

import pandas as pd

from cxlib.analysis.asking import table_of
from cxlib.client.case import Case
from cxlib.client.library import library

ANSWER = ["answer", "who", "when"]


def questions(case: Case, step: int) -> pd.DataFrame:
    """The questions of one step in the client's language, with the answers in the table `workshop`.

    Returns one row per question: question, answer, who, when (blank where nobody has answered).

    >>> cx.questions(cx.read_client("kiosk", "data"), 6)["answer"].isna().all().item()
    True
    """
    asked = library("workshop", case.language)
    asked = asked[asked["step"] == step].rename(columns={"question": "key", "asked": "question"})
    given = answers_of(case).rename(columns={"question": "key"})
    found = asked[["key", "question"]].merge(given, on="key", how="left", validate="one_to_one")
    return found.drop(columns="key")


def answered(case: Case) -> pd.DataFrame | None:
    """What was asked and answered, in the order of the table `workshop`, the client's own questions
    as they are worded; None without an answer.

    >>> cx.answered(cx.read_client("kiosk", "data")) is None
    True
    """
    given = answers_of(case).dropna(subset=["answer"]).reset_index(drop=True)
    worded = library("workshop", case.language).set_index("question")["asked"].to_dict()
    said = [worded.get(key) or case.label("question", key) for key in given["question"]]
    found = given.assign(question=said)
    return found if len(found) else None


def answers_of(case: Case) -> pd.DataFrame:
    """question, answer, who, when of the table `workshop`; no rows without it."""
    table = table_of(case, "workshop")
    table = pd.DataFrame(dtype=object) if table is None else table
    return table.reindex(columns=["question", *ANSWER])
