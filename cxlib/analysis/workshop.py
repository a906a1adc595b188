"""Questions of the method to put to the client, and what was answered."""

import pandas as pd

from cxlib.analysis.asking import needed, where_known
from cxlib.client.case import Case
from cxlib.client.library import library


def questions(case: Case, step: int) -> pd.DataFrame:
    """The questions of one step in the client's language, with the answers in the table `workshop`.

    Returns one row per question: question, answer, who, when (blank where nobody has answered).

    >>> cx.questions(cx.read_client("kiosk", "data"), 6)["answer"].isna().all().item()
    True
    """
    asked = library("workshop", case.language)
    asked = asked[asked["step"] == step].set_index("question")["asked"].rename("question")
    return asked.to_frame().join(answers_of(case)).reset_index(drop=True)


@where_known
def answered(case: Case) -> pd.DataFrame | None:
    """What was asked and answered, in the order of the table `workshop`, the client's own questions
    as they are worded; None without an answer.

    >>> cx.answered(cx.read_client("kiosk", "data")) is None
    True
    """
    given = needed(answers_of(case).dropna(subset=["answer"]))
    worded = library("workshop", case.language).set_index("question")["asked"].to_dict()
    worded |= library("service_system", case.language).set_index("element")["question"].to_dict()
    said = [worded.get(key) or case.label("question", key) for key in given.index]
    return given.set_axis(said).rename_axis("question").reset_index()


def answers_of(case: Case) -> pd.DataFrame:
    """answer, who, when of the table `workshop`, by question; no rows without it."""
    table = case.tables.get("workshop", pd.DataFrame(dtype=object))
    return table.reindex(columns=["question", "answer", "who", "when"]).set_index("question")
