"""A client all of whose words are hostile: `vendor`, every free text of every table changed."""

import re
import shutil
from itertools import count
from pathlib import Path

import pandas as pd
import yaml

from cxlib.client.contract import EXPECTATION_DRIVERS, TABLES
from tests.conftest import DATA

MARK = "zqx"  # in every one of them, and nowhere else
PAYLOADS = (  # put in place of a word, which stays readable in the middle
    "<script>window.zqx=1</script>{}", "{}<img src=x onerror=window.zqx=1>", '{}"><svg onload=zqx=1>',
    "=HYPERLINK(\"https://zqx.example/\",\"{}\")", "+cmd|' /C {}'!A0zqx", "@SUM(1){}zqx", "-2+3{}zqx",
    "{}{{{{7*7}}}}zqx", "{}%(name)s %s {{0}} {{value:share}}zqx", "{}$\\frac{{1}}{{zqx}}$",
    "{}</style></script><script>window.zqx=1</script>", "[{}](javascript:window.zqx=1)",
    "{}<!--zqx", "{}]]>zqx&amp;&lt;b&gt;", "{}' onmouseover='window.zqx=1", "\u202e{}zqx",
    "{}\\\"zqx\\n\\u0000", "{}`zqx`**b**", "https://zqx.example/{}", "{}<a href='//zqx.example'>y</a>",
)  # fmt: skip


def hostile(folder: Path, name="vendor") -> Path:
    """The client's folder, made hostile."""
    made = folder / name
    shutil.copytree(DATA / name, made, ignore=shutil.ignore_patterns("truth", "make.py", "*.md"))
    told, number = {each: each for each in EXPECTATION_DRIVERS}, count()
    served = set(pd.read_csv(made / "initiatives.csv", dtype=str)["serves"])

    def bad(word: str) -> str:
        word = str(word)
        if word not in told:
            payload = PAYLOADS[next(number) % len(PAYLOADS)]
            while word in served and ";" in payload:  # which stands between two of them
                payload = PAYLOADS[next(number) % len(PAYLOADS)]
            told[word] = payload.format(word)
        return told[word]

    settings = yaml.safe_load((made / "client.yml").read_text("utf-8"))
    names = pd.read_csv(made / "codebook.csv", dtype=str, keep_default_na=False)
    headers = dict(zip(names["column"], map(bad, names["column"]), strict=True))
    for path in made.glob("*.csv"):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        if path.stem == "survey":
            asked = names.set_index("column")["measure"]
            for column in table.columns.intersection(
                asked[asked.isin(["verbatim", "group"])].index
            ):
                table[column] = table[column].map(lambda word: bad(word) if word else word)
            table = table.rename(columns=headers)
        elif path.stem in TABLES:
            for about in TABLES[path.stem].columns:
                column = about.name
                free = about.kind == "text" and not about.values and about.joins != "dimensions"
                if column in table and free and not _fixed(path.stem, column):
                    table[column] = table[column].map(lambda word: bad(word) if word else word)
        table.to_csv(path, index=False)
    settings |= {"name": bad("Ledgerline"), "cautions": [bad("caution")], "labels": {}}
    settings["dimensions"] = {key: bad(key) for key in settings["dimensions"]}
    for key in ("themes", "ideal"):
        settings.pop(key, None)
    said = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)
    (made / "client.yml").write_text(said, "utf-8")
    return made


def _fixed(table, column) -> bool:
    """Columns of keys that the contract or client.yml spells."""
    return (table, column) in {("codebook", "codes"), ("codebook", "missing")} or column in {
        "unit", "period", "month", "year",
    }  # fmt: skip


def raw(text: str) -> list[str]:
    """Where a hostile word stands in markup as markup."""
    return re.findall(r"<(?:script|img|svg|a)[^>]*zqx[^>]*>", text)
