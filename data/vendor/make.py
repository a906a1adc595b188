"""Makes the demo client `vendor`: a business-software firm that does not exist.

    python data/vendor/make.py

writes every table of this folder again, and truth/planted.csv: the effects that were planted, with
their true values, read off a population of POPULATION people made by the same rules. client.yml is
written by hand. SOURCE.md says what was planted and how the seed was chosen.
"""

from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
SEED = 2
POPULATION = 200_000
PEOPLE = 420  # a wave
WAVES = ["2023", "2024", "2025"]
DIMENSIONS = ["product", "service", "relationship", "convenience", "brand", "price"]
ROLES = {"user": 0.5, "it": 0.25, "finance": 0.15, "sponsor": 0.1}

# item: dimension, stage, channel, quality, label ×3
ITEMS = {
    "features": ("product", "implementation", "visit", "technical", "Does what our business needs", "满足业务需要", "滿足業務需要"),
    "reliability": ("product", "maintenance", "web", "technical", "Runs without failures", "运行稳定不出错", "運行穩定不出錯"),
    "on_schedule": ("service", "implementation", "visit", "technical", "Implemented on schedule", "按期实施", "按期實施"),
    "answers": ("service", "support", "phone", "technical", "Answers that are correct", "解答正确", "解答正確"),
    "manner": ("service", "support", "phone", "functional", "Courteous and patient staff", "态度礼貌耐心", "態度禮貌耐心"),
    "account_care": ("relationship", "maintenance", "visit", "functional", "Somebody knows our account", "有人了解我们", "有人了解我們"),
    "upgrades": ("convenience", "maintenance", "web", "technical", "Upgrades are easy", "升级方便", "升級方便"),
    "self_help": ("convenience", "support", "web", "functional", "Easy to help oneself", "自助方便", "自助方便"),
    "repute": ("brand", "pre_sales", "web", "image", "A name our board trusts", "董事会信赖的品牌", "董事會信賴的品牌"),
    "fair_price": ("price", "pre_sales", "visit", "functional", "Fair price", "价格公道", "價格公道"),
}  # fmt: skip
LIVED = {
    "product": 7.4,
    "service": 6.3,
    "relationship": 6.6,
    "convenience": 5.2,
    "brand": 7.6,
    "price": 6.4,
}
EXPECTED = {
    "product": 7.9,
    "service": 7.4,
    "relationship": 6.9,
    "convenience": 7.2,
    "brand": 7.4,
    "price": 6.9,
}
MATTERS = {
    "product": 8.2,
    "service": 7.8,
    "relationship": 6.4,
    "convenience": 8.4,
    "brand": 5.6,
    "price": 7.0,
}

# Planted effects
SERVICE_BETTER = {"2023": 0.0, "2024": 0.0, "2025": 0.8}  # service improved in the last wave
IT_IN_DISTRESS = -1.3  # what IT lives of service, below the others
ASKED_BY_STAFF = 0.7  # what staff who collect answers add to every score
LINK = {"product": 0.25, "service": 0.6, "convenience": 0.8}  # what recommendation goes with
NO_LINK = "price"  # noise: recommendation does not go with it
RAISES = {"promotion": 0.35, "past_here": 0.2}  # what expectations go with; the other four do not
HOTLINE_EFFECT = 0.30  # renewals per user, from the month the hotline opened
WEBINAR_EFFECT = 0.0  # noise: the event changed nothing
SET_BY = {  # as the client sees it: the banks' software is what its customers' own trade brings
    "word_of_mouth": "customers_rivals", "promotion": "vendor", "circumstance": "customer",
    "past_here": "vendor", "past_elsewhere": "customers_rivals",
}  # fmt: skip
CHANNELS = ["word_of_mouth", "promotion", "values", "circumstance", "past_here", "past_elsewhere"]

# feature: chances of the Kano letters; label ×3
FEATURES = {
    "hotline": ({"M": 0.62, "O": 0.2, "I": 0.13, "A": 0.05}, "A hotline in working hours", "工作时间热线", "上班時間熱線"),
    "one_call": ({"O": 0.58, "M": 0.17, "A": 0.15, "I": 0.1}, "Solved in one call", "一次来电即解决", "一通電話即解決"),
    "own_books": ({"A": 0.6, "O": 0.15, "I": 0.2, "M": 0.05}, "Courses on our own books", "用自己的账授课", "用自己的帳授課"),
    "certificate": ({"I": 0.66, "A": 0.18, "O": 0.1, "R": 0.06}, "A certificate", "结业证书", "結業證書"),
    "callback": ({"A": 0.52, "O": 0.26, "I": 0.16, "M": 0.06}, "Proactive call-backs", "主动回访", "主動回訪"),
}  # fmt: skip
PAIR = {
    "A": (1, 3),
    "O": (1, 5),
    "M": (3, 5),
    "I": (3, 3),
    "R": (5, 1),
}  # functional, dysfunctional

# What people say in their own words: of each theme beginnings and endings.
SAID = {
    "upgrades": (
        ["Every upgrade breaks our reports", "The last upgrade took a whole weekend", "After an upgrade nothing works as before",
         "Upgrades are a nightmare", "We dread each upgrade"],
        ["and we have to set up the reports again", "and nobody tells us beforehand", "and our own forms are gone each time",
         "so we put the next upgrade off", "because the upgrade overwrites our settings"],
    ),
    "waiting": (
        ["The hotline keeps us waiting", "We waited for a call back", "Waiting on the phone is tiring",
         "It is hard to get through to the hotline", "Nobody answers the phone at month end"],
        ["for an hour or more", "and then the line is cut", "and the waiting music drives us mad",
         "until the next day", "while our invoices wait"],
    ),
    "answers": (
        ["The answer we got was wrong", "Support gave two different answers", "Your technicians contradict each other",
         "The explanation did not fit our version", "A wrong answer cost us a day"],
        ["and the manual says something else", "so we had to find the right answer ourselves", "about the interface to our database",
         "because they did not read the question", "and nobody corrected the wrong answer"],
    ),
    "self_help": (
        ["I cannot find anything in the online help", "The help pages are out of date", "Searching the help finds nothing",
         "The online help has no examples", "The help pages miss the simplest tasks"],
        ["so I ask a colleague instead", "for the version we have", "when I search by the name of the screen",
         "and the search box ignores my words", "and the pages end where it gets difficult"],
    ),
    "price": (
        ["The licence fee is too high", "Maintenance fees rise every year", "The price of an extra licence is too high",
         "Other vendors charge a lower fee", "We pay licence fees for modules we never use"],
        ["for a firm of our size", "and the discount is gone", "compared with what others charge",
         "and the price list is not clear", "so the licence is hard to defend"],
    ),
    "people": (
        ["Our consultant is friendly and patient", "The trainer explained everything kindly", "Your consultants know our business",
         "Friendly people who listen", "The consultant came at once"],
        ["thank you for that", "please keep the same consultant for us", "and stayed until it ran",
         "that is why we stay", "and the training was a pleasure"],
    ),
}  # fmt: skip


def in_own_words(table: pd.DataFrame, rng) -> list[str]:
    """What each respondent says; "" for the half who say nothing. Planted: who finds little convenient
    speaks of upgrades, IT of wrong answers, waiting was heard less in 2025."""
    found = []
    for row in table.to_dict("records"):
        uneasy = row["lived_upgrades"] + row["lived_self_help"] < 10
        chances = {
            "upgrades": 6 if uneasy else 1,
            "waiting": 1 if row["wave"] == "2025" else 3,
            "answers": 5 if row["role"] == "it" else 1,
            "self_help": 1.5,
            "price": 1.5,
            "people": 1.5,
        }
        odds = np.array(list(chances.values())) / sum(chances.values())
        begun, ended = SAID[rng.choice(list(chances), p=odds)]
        said = f"{rng.choice(begun)} {rng.choice(ended)}."
        found.append(said if rng.random() < 0.5 else "")
    return found


def rounded(values) -> np.ndarray:
    return np.clip(np.rint(values), 0, 10).astype(int)


def people(n: int, wave: str, rng, kano: bool = True) -> pd.DataFrame:
    """One row per respondent of a wave: who, and every answer."""
    role = rng.choice(list(ROLES), n, p=list(ROLES.values()))
    staff = rng.random(n) < 0.3
    table = {"wave": wave, "role": role, "collected_by": np.where(staff, "staff", "agency")}
    formed = {f"formed_{name}": rng.integers(0, 11, n) for name in CHANNELS}
    raised = sum(by * (formed[f"formed_{name}"] - 5) for name, by in RAISES.items())
    halo, scores = rng.normal(0, 0.7, n), {name: [] for name in DIMENSIONS}
    for item, (dimension, *_rest) in ITEMS.items():
        mean = LIVED[dimension] + halo + ASKED_BY_STAFF * staff
        if dimension == "service":
            mean = mean + SERVICE_BETTER[wave] + IT_IN_DISTRESS * (role == "it")
        table[f"lived_{item}"] = rounded(mean + rng.normal(0, 1.5, n))
        scores[dimension].append(table[f"lived_{item}"])
        table[f"expected_{item}"] = rounded(EXPECTED[dimension] + raised + rng.normal(0, 1.2, n))
        table[f"matters_{item}"] = rounded(MATTERS[dimension] + rng.normal(0, 1.3, n))
    lived = {name: np.mean(columns, axis=0) for name, columns in scores.items()}
    liking = 7.2 + sum(by * (lived[name] - LIVED[name]) for name, by in LINK.items())
    table |= formed
    table["recommend"] = rounded(liking + rng.normal(0, 1.5, n))
    table["overall"] = rounded(liking + rng.normal(0, 1.2, n))
    table["success"] = rounded(
        0.7 * lived["product"] + 0.2 * lived["service"] + rng.normal(1, 1.3, n)
    )
    table["switching_cost"] = rounded(6 + 1.2 * (role == "it") + rng.normal(0, 2, n))
    for feature, (chances, *_labels) in FEATURES.items() if kano else ():
        letters = rng.choice(list(chances), n, p=list(chances.values()))
        table[f"with_{feature}"] = [PAIR[letter][0] for letter in letters]
        table[f"without_{feature}"] = [PAIR[letter][1] for letter in letters]
    return pd.DataFrame(table)


def survey(rng) -> pd.DataFrame:
    waves = [people(PEOPLE, wave, rng) for wave in WAVES]
    table = pd.concat(waves, ignore_index=True)
    # One answer in fifty is blank, as in any survey.
    answers = [name for name in table if name not in ("wave", "role", "collected_by")]
    blank = rng.random((len(table), len(answers))) < 0.02
    table[answers] = table[answers].astype("Int64").mask(blank)
    table.insert(0, "respondent", [f"r{row:04d}" for row in range(1, len(table) + 1)])
    own = np.random.default_rng([SEED, 2026])  # so that no other number moves
    return table.assign(said=in_own_words(table.fillna(10), own))


def codebook() -> pd.DataFrame:
    rows = []
    for item, (dimension, stage, channel, quality, *labels) in ITEMS.items():
        for column, measure in (
            ("lived", "experience"),
            ("expected", "expectation"),
            ("matters", "importance"),
        ):
            rows.append(
                (f"{column}_{item}", measure, item, dimension, stage, channel, quality, *labels)
            )
    rows += [(f"formed_{name}", "expectation_driver", name, *[""] * 7) for name in CHANNELS]
    for name in ("recommend", "overall", "success", "switching_cost"):
        rows.append((name, name, "", *[""] * 7))
    labels = ("What should we do better?", "我们应在哪些方面改进？", "我們應在哪些方面改進？")
    rows.append(("said", "verbatim", "said", "", "", "", "", *labels))
    for feature, (_chances, *labels) in FEATURES.items():
        rows.append((f"with_{feature}", "functional", feature, "", "", "", "", *labels))
        rows.append((f"without_{feature}", "dysfunctional", feature, "", "", "", "", *labels))
    names = ["column", "measure", "item", "dimension", "stage", "channel", "quality"]
    table = pd.DataFrame(rows, columns=[*names, "label", "label_zh-Hans", "label_zh-Hant"])
    table["set_by"] = table["item"].map(SET_BY).where(table["measure"] == "expectation_driver")
    ends = {
        "expectation_driver": (0, 10),
        "recommend": (0, 10),
        "overall": (0, 10),
        "success": (0, 10),
        "switching_cost": (0, 10),
    }
    for place, end in enumerate(("low", "high")):
        table[end] = pd.array(
            [ends[m][place] if m in ends else None for m in table["measure"]], "Int64"
        )
    return table


# Customers and their cases

TEAMS = {
    "north": (7.5, 7.4),
    "south": (7.3, 3.6),
    "east": (3.5, 7.2),
    "west": (3.6, 3.4),
}  # C, A, D, B
REASONS = {
    "upgrade_breaks": 0.42,
    "slow_answer": 0.22,
    "wrong_invoice": 0.14,
    "report_missing": 0.12,
    "training": 0.1,
}
WAYS = {"phone": 0.5, "web": 0.2, "phone > web": 0.16, "phone > web > visit": 0.14}
OWNERS = ["Support", "Support > Head of product", "Support > Sales > Head of product"]
PLACE = {
    "upgrade_breaks": ("maintenance", "convenience"), "slow_answer": ("support", "service"),
    "wrong_invoice": ("maintenance", "price"), "report_missing": ("support", "product"),
    "training": ("training", "service"),
}  # fmt: skip


def customers(rng, n: int = 600) -> pd.DataFrame:
    team = rng.choice(list(TEAMS), n)
    revenue = np.exp(rng.normal(10.5, 1.1, n)).round(-2)
    since = pd.Timestamp("2012-01-01") + pd.to_timedelta(rng.integers(0, 4500, n), "D")
    satisfaction = rounded(rng.normal(6.6, 1.8, n))
    complained = rng.random(n) < 0.12
    left = rng.random(n) < np.where(satisfaction < 5, 0.3, 0.06)
    own = np.random.default_rng([SEED, 2027])  # so that no other number moves
    bought = pd.Timestamp("2025-12-31") - pd.to_timedelta(own.exponential(200, n).astype(int), "D")
    return pd.DataFrame(
        {
            "customer": [f"c{row:03d}" for row in range(1, n + 1)],
            "segment": rng.choice(["manufacturing", "retail", "public"], n, p=[0.45, 0.35, 0.2]),
            "revenue": revenue.astype(int),
            "margin": (revenue * rng.uniform(0.15, 0.4, n)).round(-2).astype(int),
            "potential": (revenue * rng.uniform(0, 1.5, n)).round(-2).astype(int),
            "influence": rng.integers(0, 11, n),
            "since": since.strftime("%Y-%m-%d"),
            "last_purchase": np.maximum(bought, since).strftime("%Y-%m-%d"),
            "churned": np.where(left, "yes", "no"),
            "complained": np.where(complained, "yes", "no"),
            "contact_mode": np.where(revenue > np.quantile(revenue, 0.8), "visit", "phone"),
            "satisfaction": satisfaction,
            "switching_cost": rounded(rng.normal(6, 2, n)),
            "procedural": rounded(
                [TEAMS[t][0] + e for t, e in zip(team, rng.normal(0, 1.6, n), strict=True)]
            ),
            "personal": rounded(
                [TEAMS[t][1] + e for t, e in zip(team, rng.normal(0, 1.6, n), strict=True)]
            ),
            "served_by": team,
            "service_type": np.where(np.arange(n) % 3 == 0, "on_call", "yearly"),
        }
    ).pipe(visited)


def visited(known: pd.DataFrame) -> pd.DataFrame:
    """The same with cycle of service, owner, and what the first visit found; manufacturers, whom one
    person looks after, wait longest for it."""
    own, n = np.random.default_rng([SEED, 2028]), len(known)  # so that no other number moves
    days = own.gamma(2, np.select([known["segment"] == "manufacturing"], [30], 15), n).astype(int)
    seen, trade = own.random(n) < 0.85, known["segment"]
    first = (pd.to_datetime(known["since"]) + pd.to_timedelta(days, "D")).dt.strftime("%Y-%m-%d")
    found = {
        "maturity": rounded(
            own.normal(trade.map({"manufacturing": 7, "retail": 5, "public": 4}), 1.5)
        ),
        "skill": rounded(own.normal(np.where(known["service_type"] == "yearly", 6.5, 4.5), 1.5)),
    }
    yearly = known["service_type"].eq("yearly")
    return known.assign(
        service_cycle=np.where(yearly, "half_yearly", "as_needed"),
        owner=trade.map({"manufacturing": "lin", "retail": "zhao", "public": "chen"}),
        first_visit=first.where(seen),
        **{name: pd.Series(score, dtype="Int64").where(seen) for name, score in found.items()},
    )


def complaints(rng, known: pd.DataFrame, n: int = 160) -> pd.DataFrame:
    who = rng.choice(known.loc[known["complained"] == "yes", "customer"], n)
    reason = rng.choice(list(REASONS), n, p=list(REASONS.values()))
    way = rng.choice(list(WAYS), n, p=list(WAYS.values()))
    hops = np.array([text.count(">") for text in way])
    resolved = rng.random(n) < np.where(hops == 2, 0.45, 0.78)
    outcome = np.where(
        resolved,
        rng.choice(["retained", "at_risk"], n, p=[0.8, 0.2]),
        rng.choice(["retained", "at_risk", "lost"], n, p=[0.2, 0.45, 0.35]),
    )
    days = rng.integers(0, 365, n)
    return pd.DataFrame(
        {
            "case": [f"k{row:04d}" for row in range(1, n + 1)],
            "date": (pd.Timestamp("2025-01-01") + pd.to_timedelta(days, "D")).strftime("%Y-%m-%d"),
            "customer": who,
            "stage": [PLACE[name][0] for name in reason],
            "channel": [text.split(" >")[0] for text in way],
            "path": way,
            "owners": [OWNERS[text.count(">")] for text in way],
            "dimension": [PLACE[name][1] for name in reason],
            "reason": reason,
            "compensated": np.where(rng.random(n) < 0.3, "yes", "no"),
            "resolved": np.where(resolved, "yes", "no"),
            "outcome": outcome,
            "hours_to_resolve": np.exp(rng.normal(2 + 0.8 * hops, 0.7, n)).round(1),
        }
    )


def contacts(rng, known: pd.DataFrame, n: int = 400) -> pd.DataFrame:
    outcome = rng.choice(["archived", "planned", "sold"], n, p=[0.6, 0.28, 0.12])
    days = rng.integers(0, 365, n)
    amount = np.where(outcome == "sold", np.exp(rng.normal(9, 0.6, n)).round(-2), np.nan)
    table = pd.DataFrame(
        {
            "customer": rng.choice(known["customer"], n),
            "date": (pd.Timestamp("2025-01-01") + pd.to_timedelta(days, "D")).strftime("%Y-%m-%d"),
            "mode": rng.choice(["phone", "visit", "event"], n, p=[0.7, 0.2, 0.1]),
            "need": rng.choice(
                ["reports", "training", "integration", None], n, p=[0.2, 0.2, 0.1, 0.5]
            ),
            "outcome": outcome,
            "amount": pd.array(amount).astype("Int64"),
        }
    )
    own = np.random.default_rng([SEED, 2028])  # so that no other number moves
    kept = own.random(n) < table["mode"].map({"phone": 0.55, "visit": 0.9, "event": 0.3})
    return table.assign(record_updated=np.where(kept, "yes", "no"))


# Service measures: kpi → (stage, channel, target, true rate before and from 2025-07, cases a month)
KPIS = {
    "response_4h": ("support", "hotline", 0.90, 0.955, 0.955, 260),
    "three_rings": ("support", "hotline", 0.95, 0.94, 0.94, 400),
    "answer_correct": ("support", "hotline", 0.85, 0.90, 0.90, 120),
    "first_visit_fix": ("maintenance", "on_site", 0.90, 0.80, 0.80, 90),
    "solved_online": ("support", "online", 0.60, 0.45, 0.72, 300),
    "implementation_on_time": ("implementation", "on_site", 0.90, 0.88, 0.88, 14),
    "exam_pass": ("training", "training", 0.80, 0.86, 0.86, 40),
    "training_attendance": ("training", "training", 0.85, 0.90, 0.90, 60),
    "lecture_attendance": ("pre_sales", "lectures", 0.40, 0.33, 0.33, 150),
    "configured_as_ordered": ("implementation", "on_site", 0.99, 0.995, 0.995, 60),
}
STATED = {  # kpi: stage, channel, unit, target, better, mean, spread
    "busy_rate": ("support", "hotline", "share", 0.10, "low", 0.08, 0.01),
    "calls_a_day": ("support", "hotline", "calls", None, "", 62, 5),
    "hours_to_resolve": ("maintenance", "on_site", "hours", 24, "low", 30, 3),
    "visits_per_customer": ("maintenance", "on_site", "visits", 3, "low", 2.4, 0.2),
}
KPI_RIGHTS = {"hours_to_resolve": "time", "exam_pass": "customer", "training_attendance": "place"}
PENALTIES = {  # what follows where the target is missed, in each language
    "response_4h": ("five per cent of the month's fee", "退还当月费用的百分之五", "退還當月費用的百分之五"),
    "first_visit_fix": ("the second visit is free", "第二次上门免费", "第二次到場免費"),
}  # fmt: skip
PROMISED = {  # by whom, to whom, in each language
    "promised_by": ("Support", "技术支持部", "技術支援部"),
    "promised_to": ("Customers with yearly maintenance", "年度维护客户", "年度維護客戶"),
}  # fmt: skip
TONGUES = ("", "_zh-Hans", "_zh-Hant")


def kpis(rng) -> pd.DataFrame:
    library = pd.read_csv(HERE.parents[1] / "cxlib/client/library/kpis.csv").set_index("kpi")
    printed = library[library["source"] != "monitor"]
    months, rows = [f"2025-{month:02d}" for month in range(1, 13)], []
    for kpi, (stage, channel, target, before, after, n) in KPIS.items():
        for place, month in enumerate(months):
            of = int(rng.poisson(n)) or 1
            count = int(rng.binomial(of, before if place < 6 else after))
            rows.append((kpi, month, stage, channel, count, of, None, "share", target, "high"))
    for kpi, (stage, channel, unit, target, better, mean, spread) in STATED.items():
        for month in months:
            value = round(float(rng.normal(mean, spread)), 3)
            rows.append((kpi, month, stage, channel, None, None, value, unit, target, better))
    names = [
        "kpi",
        "period",
        "stage",
        "channel",
        "numerator",
        "denominator",
        "value",
        "unit",
        "target",
        "better",
    ]
    table = pd.DataFrame(rows, columns=names)
    table[["numerator", "denominator"]] = table[["numerator", "denominator"]].astype("Int64")
    table["benchmark"] = table["kpi"].map(printed["benchmark"])
    table["benchmark_from"] = table["kpi"].map(printed["source"])
    table["right"] = table["kpi"].map(printed["right"]).fillna(table["kpi"].map(KPI_RIGHTS))
    for place, tongue in enumerate(TONGUES):
        follows = {kpi: words[place] for kpi, words in PENALTIES.items()}
        table[f"penalty{tongue}"] = table["kpi"].map(follows)
        for name, words in PROMISED.items():
            table[f"{name}{tongue}"] = table["kpi"].map(dict.fromkeys(PENALTIES, words[place]))
    return table


def complaint_counts() -> pd.DataFrame:
    """The perverse measure: cases a month, the fewer the better, though few who suffer call."""
    counts = [17, 19, 16, 18, 15, 17, 16, 14, 17, 15, 16, 14]  # by hand: few, and it looks well
    months = [f"2025-{month:02d}" for month in range(1, 13)]
    table = pd.DataFrame({"kpi": "complaints", "period": months, "value": counts})
    return table.assign(stage="support", channel="hotline", unit="cases", better="low")


def performance(rng) -> pd.DataFrame:
    """Monthly results, three years, so that a season could be told from what is planted in the last:
    renewals per user rise with the hotline; the webinar does nothing."""
    months = [f"{year}-{month:02d}" for year in (2023, 2024, 2025) for month in range(1, 13)]
    time, earlier = np.arange(-12, 24), np.random.default_rng([SEED, 2023])
    users = (1000 + 15 * time).astype(int)
    rows = []
    for measure, base, effect, event, spread in (
        ("renewals", 2.0, HOTLINE_EFFECT, "hotline_opened", 0.05),
        ("leads", 1.2, WEBINAR_EFFECT, "webinar_series", 0.06),
    ):
        noise = np.r_[earlier.normal(0, spread, 12), rng.normal(0, spread, 24)]
        per_unit = base + 0.004 * time + effect * (time >= 12) + noise
        for place, month in enumerate(months):
            value = round(float(per_unit[place] * users[place]), 1)
            happened = event if place == 24 else None
            repaired = "service" if happened == "hotline_opened" else None
            rows.append((month, measure, value, users[place], happened, repaired))
    names = ["period", "measure", "value", "units", "event", "dimension"]
    return pd.DataFrame(rows, columns=names)


def health(rng) -> pd.DataFrame:
    """Six areas scored 0–100 by 60 customers, against 200 of the reference; one truly 7.1 lower."""
    rows = []
    for area, shift in {
        "customer_experience": -7.1,
        "strategy": 0,
        "process": 0,
        "people": 0,
        "technology": 0,
        "data": 0,
    }.items():
        own, other = rng.normal(62 + shift, 14, 60), rng.normal(62, 14, 200)
        rows.append(
            (
                area,
                own.mean().round(1),
                other.mean().round(1),
                60,
                own.std(ddof=1).round(1),
                200,
                other.std(ddof=1).round(1),
            )
        )
    columns = ["area", "score", "reference", "n", "sd", "reference_n", "reference_sd"]
    whose = {
        "reference_group": "Software vendors of this size, made up too",
        "reference_group_zh-Hans": "同等规模的软件企业（同为虚构）",
        "reference_group_zh-Hant": "同等規模的軟件企業（同為虛構）",
    }
    return pd.DataFrame(rows, columns=columns).assign(**whose)


# What a population of these people would say


def population_truth() -> pd.DataFrame:
    """One row per planted effect: effect, kind (effect or noise), truth, where it should be found."""
    rng = np.random.default_rng(SEED + 10_000)
    by_wave = {wave: people(POPULATION, wave, rng, kano=False) for wave in WAVES[1:]}
    last = by_wave["2025"]
    mean = last.mean(numeric_only=True)
    gap = {
        d: np.mean(
            [mean[f"lived_{i}"] - mean[f"expected_{i}"] for i, row in ITEMS.items() if row[0] == d]
        )
        for d in DIMENSIONS
    }
    service = ["lived_on_schedule", "lived_answers", "lived_manner"]
    lived = pd.DataFrame(
        {
            d: last[[f"lived_{i}" for i, row in ITEMS.items() if row[0] == d]].mean(axis=1)
            for d in DIMENSIONS
        }
    )
    bad = (last["recommend"] <= 6).astype(float)
    slope = dict(
        zip(
            DIMENSIONS,
            np.linalg.lstsq(np.column_stack([lived, np.ones(len(lived))]), bad, rcond=None)[0],
            strict=False,
        )
    )
    it, staff = last["role"] == "it", last["collected_by"] == "staff"
    eased = last[["lived_upgrades", "lived_self_help"]].mean(axis=1)
    rows = [
        ("convenience_satisfaction", "effect", gap["convenience"], "gaps: satisfaction of convenience, the key experience"),
        ("service_2025_better", "effect", mean[service].mean() - by_wave["2024"][service].mean().mean(), "waves: difference of service in 2025"),
        ("it_in_distress", "effect", last.loc[it, service].mean().mean() - last.loc[~it, service].mean().mean(), "segments: role it against the rest, service"),
        ("asked_by_staff", "effect", eased[staff].mean() - eased[~staff].mean(), "segments: collected_by staff against the rest, convenience"),
        ("convenience_slope", "effect", slope["convenience"], "revenue at stake: slope of convenience"),
        ("service_slope", "effect", slope["service"], "revenue at stake: slope of service"),
        ("price_slope", "noise", slope[NO_LINK], "revenue at stake: spans zero; cost control has no return"),
        ("promotion_raises", "effect", expectation_slope(last, "promotion"), "expectation drivers: promotion"),
        ("past_here_raises", "effect", expectation_slope(last, "past_here"), "expectation drivers: past_here"),
        ("hotline", "effect", HOTLINE_EFFECT, "effects: renewals per user after the hotline"),
        ("webinar", "noise", WEBINAR_EFFECT, "effects: leads per user after the webinars"),
        ("first_visit_fix", "effect", KPIS["first_visit_fix"][3], "monitors: missed"),
        ("solved_online_shift", "effect", KPIS["solved_online"][4], "kpis: outside the limits; value of the last month"),
        ("upgrade_breaks", "effect", REASONS["upgrade_breaks"], "silent sufferers: share of cases"),
        ("experience_below_reference", "effect", -7.1, "health check: customer experience"),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["effect", "kind", "truth", "where"])


def expectation_slope(table: pd.DataFrame, driver: str) -> float:
    """Standardised: correlation of a driver with mean expectation; drivers are independent."""
    expected = table[[f"expected_{item}" for item in ITEMS]].mean(axis=1)
    return float(np.corrcoef(table[f"formed_{driver}"], expected)[0, 1])


def write(seed: int = SEED, folder: Path = HERE) -> None:
    rng = np.random.default_rng(seed)
    known = customers(rng)
    tables = {
        "survey": survey(rng),
        "codebook": codebook(),
        "customers": known,
        "complaints": complaints(rng, known),
        "contacts": contacts(rng, known),
        "kpis": pd.concat([kpis(rng), complaint_counts()], ignore_index=True),
        "performance": performance(rng),
        "health_check": health(rng),
    }
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    write()
    (HERE / "truth").mkdir(exist_ok=True)
    population_truth().round(6).to_csv(
        HERE / "truth" / "planted.csv", index=False, lineterminator="\n"
    )
