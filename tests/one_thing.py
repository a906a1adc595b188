"""Clients who sent one thing, made by counts, so that what the page must say can be worked out."""

import pandas as pd


def write(folder, name, settings, **tables):
    """A client's folder of these tables."""
    place = folder / name
    place.mkdir(parents=True)
    (place / "client.yml").write_text(settings, encoding="utf-8")
    for table, rows in tables.items():
        rows.to_csv(place / f"{table}.csv", index=False)


def ferry(folder):
    """A promoter score of two waves: 100 people, then 60 on each side of a river."""
    groups = [  # wave, side, score, people, comment, reason of the score
        ("2025", "north", 9, 25, "", ""), ("2025", "south", 9, 25, "", ""),
        ("2025", "north", 7, 15, "", ""), ("2025", "south", 7, 15, "", ""),
        ("2025", "north", 4, 10, "", ""), ("2025", "south", 4, 10, "", ""),
        ("2026", "north", 10, 36, "lovely", ""), ("2026", "north", 8, 12, "", ""),
        ("2026", "north", 5, 12, "", ""), ("2026", "south", 9, 12, "", ""),
        ("2026", "south", 8, 18, "", ""), ("2026", "south", 3, 24, "it was late", "late"),
        ("2026", "south", 2, 6, "no seat", "crowded"),
    ]  # fmt: skip
    people = [row[:3] + row[4:] for row in groups for _ in range(row[3])]
    answers = pd.DataFrame(people, columns=["wave", "side", "score", "comment", "why"])
    answers.insert(0, "id", [f"p{k}" for k in range(len(answers))])
    codebook = pd.DataFrame(
        [("score", "recommend", "recommend", 0, 10), ("comment", "verbatim", "comment", "", ""),
         ("why", "reason", "why", "", "")],
        columns=["column", "measure", "item", "low", "high"],
    )  # fmt: skip
    settings = """name: Two Banks Ferry
survey: {file: answers.csv, respondent: id, wave: wave, segment: side}
"""
    write(folder, "ferry", settings, answers=answers, codebook=codebook)


def climbing(folder):
    """200 members: of 120 who pay by the month 48 left, of 80 by the year 8; who left brought 150.5."""
    paid = ["monthly"] * 120 + ["yearly"] * 80
    left = [True] * 48 + [False] * 72 + [True] * 8 + [False] * 72
    members = pd.DataFrame({
        "customer": [f"m{k}" for k in range(200)],
        "churned": ["yes" if gone else "no" for gone in left],
        "revenue": [(150 if gone else 100) + k % 2 for k, gone in enumerate(left)],
        "membership": paid,
        "wall": [["north", "south", "roof"][k % 3] for k in range(200)],
        "farewell": [["by letter", "by phone"][k % 2] if gone else "" for k, gone in enumerate(left)],
        "locker": range(1001, 1201),
    })  # fmt: skip
    write(folder, "climbing", "name: Ember Climbing Hall\ncurrency: EUR\n", customers=members)


def locksmith(folder):
    """300 cases: 150 keys, 90 doors, 60 bills; over 24 hours 40 of the bills, 20 of the others."""
    reasons = ["key"] * 150 + ["door"] * 90 + ["bill"] * 60
    late = [True] * 20 + [False] * 220 + [True] * 40 + [False] * 20
    again = [True] * 12 + [False] * 228 + [True] * 24 + [False] * 36
    cases = pd.DataFrame({
        "case": [f"t{k}" for k in range(300)],
        "date": pd.date_range("2026-01-01", periods=300, freq="12h").strftime("%Y-%m-%d"),
        "reason": reasons,
        "hours_to_resolve": [30 if each else 6 for each in late],
        "reopened": ["yes" if each else "no" for each in again],
        "disputed": ["yes" if k % 10 == 0 else "no" for k in range(300)],
    })  # fmt: skip
    target = pd.DataFrame({"kpi": ["hours_to_resolve"], "period": ["2026"], "value": [10.8],
                           "unit": ["hours"], "target": [24], "better": ["low"]})  # fmt: skip
    write(folder, "locksmith", "name: Quay Street Locksmiths\n", complaints=cases, kpis=target)
