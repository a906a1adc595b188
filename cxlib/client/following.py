"""The folder of a client's next cycle: it begins where the last one ended.

Carried over: client.yml with its remarks, the ideals that were decided, the brand value with the reasons
that customers gave, what is still to be done, and what was foreseen. Answers, invoices and cases are not.
"""

import io
import re
import shutil
import tempfile
from pathlib import Path

import pandas as pd

from cxlib.client.case import read_client
from cxlib.client.client_yml import keeping_yaml, put
from cxlib.client.contract import TABLES
from cxlib.client.folder import new_folder
from cxlib.client.settings import LANGUAGES

ASKED = ["mentions", "share"]  # how many gave a reason is asked anew
TAKE_UP = "# The survey of the cycle before. When the new file is here, take the # away:"


def next_name(client: str) -> str:
    """vendor-2 after vendor, vendor-3 after vendor-2."""
    stem, number = re.fullmatch(r"(.*?)(?:-(\d+))?", client).groups()
    return f"{stem}-{int(number or 1) + 1}"


def next_client(case, new: str, proved: list[str], day: str, done: pd.Series, foreseen) -> Path:
    """Makes the folder beside that of the case; returns it. ClientError where it is there already.

    proved : dimensions that were repaired and proved; day : of the report that says so
    done : which rows of the table actions are done; foreseen : the table predictions
    """
    hint = f"Name another: cx next {case.client} NAME. Nothing is written over."
    folder = new_folder(case.folder.parent, new, hint)
    wave = None if case.latest is None else next(iter(case.latest.people["wave"].dropna()), None)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".next-"))
    try:
        (made / "client.yml").write_text(settings_of_next(case), encoding="utf-8")
        for name, table in {
            "brand_values": brand_values(case, proved, day),
            "actions": open_actions(case, done),
            "predictions": foreseen.assign(wave=wave),
        }.items():
            if len(table):
                table.to_csv(made / f"{name}.csv", index=False, encoding="utf-8-sig")
        if case.settings.logo:
            shutil.copy(case.folder / case.settings.logo, made)
        made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder


def settings_of_next(case) -> str:
    """client.yml of the next cycle: with the ideals of the table scores, and its survey a remark."""
    yaml, written, survey = keeping_yaml(), io.StringIO(), io.StringIO()
    tree = yaml.load((case.folder / "client.yml").read_text("utf-8-sig"))
    for name, score in decided_ideals(case).items():
        put(tree, f"ideal.{name}", score)
    asked = tree.pop("survey", None)
    tree.pop("period", None)
    yaml.dump(tree, written)
    if asked is None:
        return written.getvalue()
    yaml.dump({"survey": asked}, survey)
    remark = "".join(f"# {line}\n" for line in survey.getvalue().splitlines())
    return f"{written.getvalue()}\n{TAKE_UP}\n{remark}"


def decided_ideals(case) -> dict[str, float]:
    """{dimension: ideal} of the table scores for everyone, where client.yml does not decide it."""
    table = case.tables.get("scores")
    if table is None or "ideal" not in table:
        return {}
    rows = table[table.get("segment", pd.Series("all", table.index)).fillna("all").eq("all")]
    rows = rows.dropna(subset=["ideal"])
    known = dict(zip(rows["dimension"], rows["ideal"].astype(float), strict=True))
    return {name: score for name, score in known.items() if name not in case.settings.ideal}


def brand_values(case, proved: list[str], day: str) -> pd.DataFrame:
    """What was proved, then the reasons known: of which cycle, and how many give them is not known."""
    rows = [{"reason": name, "dimension": name, **labels(case, name)} for name in proved]
    known = in_each_language(case, "brand_values")
    known = known[~known["reason"].isin(proved)].drop(columns=ASKED, errors="ignore")
    table = pd.concat([pd.DataFrame(rows, columns=None if rows else ["reason"]), known])
    proof = table["reason"].isin(proved)
    return table.assign(cycle=case.client, proved=proof.map({True: day, False: None}))


def labels(case, dimension: str) -> dict[str, str]:
    """A dimension's name in every language that client.yml has it in, as the columns of a table."""
    said = case.settings.dimensions.get(dimension, dimension)
    if not isinstance(said, dict):
        return {"label": said}
    own = {"label": case.spoken(said)}
    return own | {f"label_{tag}": said[tag] for tag in LANGUAGES if tag in said}


def open_actions(case, done: pd.Series) -> pd.DataFrame:
    """The rows of the table actions that are not done."""
    table = in_each_language(case, "actions")
    return table[~done.reindex(table["finding"]).to_numpy(dtype=bool)]


def in_each_language(case, name: str) -> pd.DataFrame:
    """A table with its texts in each language that the client has them in: label, label_zh-Hans, …"""
    if name not in case.tables:
        return pd.DataFrame(columns=TABLES[name].key)
    table = case.tables[name].copy()
    for tag in LANGUAGES:
        other = read_client(case.client, case.folder.parent, tag).tables[name]
        for column in case.tables[name].select_dtypes(["object", "string"]):
            if not other[column].equals(table[column]):
                table[f"{column}_{tag}"] = other[column]
    return table


def to_bring(case) -> list[str]:
    """What the cycle before had, and the next must be sent anew."""
    given = sorted(set(case.tables) - {"actions", "brand_values", "predictions", "codebook"})
    return given if case.survey is None else ["the survey and its codebook", *given]
