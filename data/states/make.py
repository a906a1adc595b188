"""Makes fifty-one clients of the fifty-one states in the hospital patient survey.

    python data/states/make.py [folder of the source]

writes clients/STATE/ with client.yml, kpis.csv, health_check.csv and scores.csv from the tables of
SOURCE.md. Then `cx run --all --data data/states/clients`. What is written here is not committed:
the same source gives the same clients.
"""

import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
SOURCE = HERE / "source"
CLIENTS = HERE / "clients"
BOX = {
    "bottom": "Bottom-box Percentage",
    "middle": "Middle-box Percentage",
    "top": "Top-box Percentage",
}
OVERALL = ["H_HSP_RATING", "H_RECMND"]  # judgements of the whole, not dimensions of it
DIMENSIONS = {
    "H_COMP_1": ("nurses", "Communication with nurses", "护士沟通", "護理師溝通"),
    "H_COMP_2": ("doctors", "Communication with doctors", "医生沟通", "醫師溝通"),
    "H_COMP_3": ("responsiveness", "Responsiveness of staff", "员工响应", "人員回應"),
    "H_COMP_5": ("medicines", "Communication about medicines", "用药沟通", "用藥溝通"),
    "H_COMP_6": ("discharge", "Discharge information", "出院指导", "出院指導"),
    "H_COMP_7": ("transition", "Care transition", "护理衔接", "照護銜接"),
    "H_CLEAN_HSP": ("cleanliness", "Cleanliness", "清洁", "清潔"),
    "H_QUIET_HSP": ("quietness", "Quietness", "安静", "安靜"),
    "H_HSP_RATING": ("rating", "Overall rating", "总体评分", "整體評分"),
    "H_RECMND": ("recommend", "Would recommend", "愿意推荐", "願意推薦"),
}
STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas",
    "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts",
    "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana",
    "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico",
    "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma",
    "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
    "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington",
    "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip

CLIENT = """\
# Made by ../../make.py from the hospital patient survey (HCAHPS); see ../../SOURCE.md.
name: {{en: "{state}: hospitals", zh-Hans: "{state}：医院", zh-Hant: "{state}：醫院"}}
language: en
currency: USD
cautions:
  - en: Published percentages of a state's hospitals together, without the number of patients behind them. No interval can be computed, and none is shown.
    zh-Hans: 公布的是全州医院合计的百分比，未注明患者人数，因此无法计算、也不显示置信区间。
    zh-Hant: 公布的是全州醫院合計的百分比，未註明患者人數，因此無法計算、也不顯示信賴區間。
  - en: The score is the share of patients who gave the best answer. The ideal is the nation's share, assumed here as the mark to reach; nobody decided it. Nobody asked patients what they expected, nor how much it matters, so that no key experience can be named.
    zh-Hans: 得分为给出最佳答案的患者比例。理想值取全国水平，为本演示的假设，并非任何人的决定。调查未询问患者的期望与重要性，因此无法指出关键体验。
    zh-Hant: 得分為給出最佳答案的患者比例。理想值取全國水準，為本示範的假設，並非任何人的決定。調查未詢問患者的期望與重要性，因此無法指出關鍵體驗。
scale: [0, 100]
importance_scale: [0, 10]
dimensions:
{dimensions}
ideal: {{default: experience}}
labels:
  kpi:
{kpis}
  area:
{areas}
"""


def labels(indent: str, names: dict) -> str:
    return "\n".join(
        f'{indent}{key}: {{en: "{en}", zh-Hans: "{hans}", zh-Hant: "{hant}"}}'
        for key, (en, hans, hant) in names.items()
    )


def client_yml(state: str) -> str:
    named = {key: words for measure, (key, *words) in DIMENSIONS.items()}
    dimensions = {
        key: words for measure, (key, *words) in DIMENSIONS.items() if measure not in OVERALL
    }
    boxes = {"top": ("best answer", "最佳", "最佳"), "bottom": ("worst answer", "最差", "最差")}
    kpis = {
        f"{key}_{box}": [f"{word} · {said}" for word, said in zip(words, kind, strict=True)]
        for key, words in named.items()
        for box, kind in boxes.items()
    }
    return CLIENT.format(
        state=STATES[state],
        dimensions=labels("  ", dimensions),
        kpis=labels("    ", kpis),
        areas=labels("    ", named),
    )


def read_source(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(states, nation): release (2015 …), state, key, bottom, middle, top in per cent."""
    tables = []
    for name in ("state_results", "national_results"):
        table = pd.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=[""])
        table = table.rename(columns={column: box for box, column in BOX.items()})
        table["release"] = table["Release Period"].str[-4:]
        table["key"] = table["Measure ID"].map(lambda measure: DIMENSIONS[measure][0])
        tables.append(table.drop(columns=["Release Period"]))
    return tables[0], tables[1]


def kpis(own: pd.DataFrame, nation: pd.DataFrame) -> pd.DataFrame:
    """Top and bottom box by release, the nation as benchmark; per cent, no counts: none are published."""
    both = own.merge(nation, on=["release", "key"], suffixes=("", "_nation"), validate="one_to_one")
    parts = []
    for box, better in (("top", "high"), ("bottom", "low")):
        parts.append(
            pd.DataFrame(
                {
                    "kpi": both["key"] + f"_{box}",
                    "period": both["release"],
                    "value": both[box],
                    "unit": "percent",
                    "benchmark": both[f"{box}_nation"],
                    "better": better,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def health_check(own: pd.DataFrame, nation: pd.DataFrame) -> pd.DataFrame:
    """Top box of the state's latest release against the nation's of the same."""
    last = own[own["release"] == own["release"].max()]
    both = last.merge(
        nation, on=["release", "key"], suffixes=("", "_nation"), validate="one_to_one"
    )
    columns = {"area": both["key"], "score": both["top"], "reference": both["top_nation"]}
    return pd.DataFrame(columns).assign(
        release=both["release"],
        middle=both["middle"],
        bottom=both["bottom"],
        reference_group="The nation's hospitals",
    )


def scores(check: pd.DataFrame) -> pd.DataFrame:
    """Top box as experience, the nation's as the ideal; expectation and importance were not asked."""
    overall = [DIMENSIONS[measure][0] for measure in OVERALL]
    rows = check[~check["area"].isin(overall)]
    columns = {"dimension": rows["area"], "experience": rows["score"], "ideal": rows["reference"]}
    return pd.DataFrame(columns).assign(**{"from": "survey"})


def write(source: Path = SOURCE, clients: Path = CLIENTS) -> list[str]:
    """Writes every state's folder; returns the clients' names."""
    states, nation = read_source(source)
    nation = nation.drop(columns=["Measure ID"])
    names = []
    for state, own in states.groupby("State"):
        own = own.drop(columns=["Measure ID", "State"])
        folder = clients / state.lower()
        folder.mkdir(parents=True, exist_ok=True)
        check = health_check(own, nation)
        tables = {"kpis": kpis(own, nation), "health_check": check, "scores": scores(check)}
        for name, table in tables.items():
            table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
        (folder / "client.yml").write_text(client_yml(state), encoding="utf-8")
        names.append(state.lower())
    return names


if __name__ == "__main__":
    made = write(*(Path(folder) for folder in sys.argv[1:2]))
    print(f"{len(made)} clients in {CLIENTS}: cx run --all --data {CLIENTS}")
