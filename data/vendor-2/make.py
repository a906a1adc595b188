"""Makes the tables of the demo client `vendor-2`: the second cycle of `vendor`, as synthetic as the first.

    python data/vendor-2/make.py

writes survey, codebook, performance, transactions, customers and truth/planted.csv. client.yml, brand_values, actions and
predictions are what `cx next vendor` made, with what this cycle added; SOURCE.md says which.
"""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
FIRST = HERE.parent / "vendor"
SEED = 1
TRADES = {
    "manufacturing": 0.45,
    "retail": 0.35,
    "public": 0.2,
}  # as among the customers of cycle one
BLANK = 0.02

# Planted effects, in score points
CONVENIENCE_BETTER = 2.3  # upgrades that can be undone, and the portal
PRODUCT_OF_MANUFACTURING = -1.1  # what the target customers live of the product, below the others
PRICE_OF_PUBLIC = -3.5  # what the public sector lives of the price, below the others
RELATIONSHIP_BETTER = 0.8  # account managers call on sponsors and IT
FINANCE_LEFT_OUT = -3.2  # and on nobody in finance
SUCCESS_OF_PUBLIC = -3.5  # content, and without success
RETAIL_CONTENT_WITH_PRICE = (
    0.9  # what retail lives of the price, above the others: its own is the product
)
PUBLIC_EXPECTS_OF_PRICE = 2.0  # a fixed price for the term of the budget, as the tender says
IT_LIKE_OTHERS = 0.0  # noise: IT's service has been put right
UPGRADES_EFFECT = 0.12  # upgrades installed per customer and month, from when they could be undone
FAIR_EFFECT = 0.0  # noise: the fair brought no enquiries

# Orders beside the yearly contract (courses, calls, licences): BG/NBD, and Gamma-Gamma amounts
CUSTOMERS, FIRST_DAY, LAST_DAY = 450, "2023-01-02", "2026-06-30"
BUYING = {"r": 1.2, "alpha": 14.0, "a": 0.6, "b": 4.0}  # weeks; who stops after an order again
MANUFACTURING_PAYS = 1.35  # a year, times the contract of others
AMOUNT = {"p": 3.0, "q": 4.0, "v": 8000.0}  # 8,000 an order on the mean


def first_cycle():
    """data/vendor/make.py as a module."""
    spec = importlib.util.spec_from_file_location("vendor", FIRST / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def people(n: int, rng) -> pd.DataFrame:
    """One row per respondent of wave 2026: as in the first cycle, with this cycle's effects."""
    made = first_cycle()
    made.LIVED = made.LIVED | {
        "convenience": made.LIVED["convenience"] + CONVENIENCE_BETTER,
        "relationship": made.LIVED["relationship"] + RELATIONSHIP_BETTER,
    }
    made.SERVICE_BETTER = {"2026": made.SERVICE_BETTER["2025"]}
    made.IT_IN_DISTRESS = IT_LIKE_OTHERS
    table = made.people(n, "2026", rng, kano=False)
    trade = pd.Series(rng.choice(list(TRADES), n, p=list(TRADES.values())))
    shifts = [
        (["lived_features", "lived_reliability"], PRODUCT_OF_MANUFACTURING, trade == "manufacturing"),
        (["lived_fair_price"], PRICE_OF_PUBLIC, trade == "public"),
        (["lived_account_care"], FINANCE_LEFT_OUT, table["role"] == "finance"),
        (["success"], SUCCESS_OF_PUBLIC, trade == "public"),
    ]  # fmt: skip
    for columns, shift, who in shifts:
        for column in columns:
            moved = table[column] + shift * who + rng.uniform(-0.5, 0.5, n)
            table[column] = made.rounded(moved)
    own = np.random.default_rng([SEED, 2026])  # so that no other number moves
    for column, shift, name in (
        ("lived_fair_price", RETAIL_CONTENT_WITH_PRICE, "retail"),
        ("expected_fair_price", PUBLIC_EXPECTS_OF_PRICE, "public"),
    ):
        moved = made.rounded(table[column] + shift + own.uniform(-0.5, 0.5, n))
        table[column] = table[column].mask(trade == name, moved)
    return table.assign(segment=trade)


def survey(rng) -> pd.DataFrame:
    """The last wave of the first cycle as it was, and the new one."""
    known = pd.read_csv(FIRST / "survey.csv", dtype=str)
    known = known[known["wave"].eq("2025")]
    new = people(len(known), rng)
    answers = [name for name in new if name not in ("wave", "role", "collected_by", "segment")]
    new[answers] = new[answers].astype("Int64").mask(rng.random((len(new), len(answers))) < BLANK)
    new.insert(0, "respondent", [f"s{row:04d}" for row in range(1, len(new) + 1)])
    return pd.concat([known.reindex(columns=list(new)), new])


def codebook() -> pd.DataFrame:
    """That of the first cycle, without the Kano questions and the open one."""
    known = pd.read_csv(FIRST / "codebook.csv", dtype=str)
    return known[~known["measure"].isin(["functional", "dysfunctional", "verbatim"])]


def performance(rng) -> pd.DataFrame:
    """Monthly results: two years before the upgrades that can be undone, and six months after."""
    months = [f"{2024 + at // 12}-{at % 12 + 1:02d}" for at in range(30)]
    customers = 540 + 2 * np.arange(30)
    rows = []
    for measure, base, effect, event, dimension, spread in (
        ("upgrades_installed", 0.30, UPGRADES_EFFECT, "safe_upgrades", "convenience", 0.015),
        ("leads", 0.20, FAIR_EFFECT, "trade_fair", None, 0.015),
    ):
        each = base + effect * (np.arange(30) >= 24) + rng.normal(0, spread, 30)
        for at, month in enumerate(months):
            value = round(float(each[at] * customers[at]))
            happened, tied = (event, None) if at == 24 else (None, None)
            tied = dimension if at >= 24 else None
            rows.append((month, measure, value, customers[at], happened, tied))
    return pd.DataFrame(rows, columns=["period", "measure", "value", "units", "event", "dimension"])


def truth() -> pd.DataFrame:
    """One row per planted effect: effect, kind, truth, where it should be found."""
    made, rng = first_cycle(), np.random.default_rng(SEED + 10_000)
    new, old = people(made.POPULATION, rng), made.people(made.POPULATION, "2025", rng, kano=False)
    ease, service = ["lived_upgrades", "lived_self_help"], ["lived_on_schedule", "lived_answers", "lived_manner"]  # fmt: skip
    apart = {
        "target_product": (["lived_features", "lived_reliability"], new["segment"].eq("manufacturing")),
        "public_price": (["lived_fair_price"], new["segment"].eq("public")),
        "finance_relationship": (["lived_account_care"], new["role"].eq("finance")),
        "it_service": (service, new["role"].eq("it")),
    }  # fmt: skip
    found = {name: new.loc[who, columns].mean().mean() - new.loc[~who, columns].mean().mean()
             for name, (columns, who) in apart.items()}  # fmt: skip
    shop = new[new["segment"].eq("retail")]
    unsuccessful = (new["success"] < 5) & (new["overall"] >= 5)
    rows = [
        ("convenience_2026_better", "effect", new[ease].mean().mean() - old[ease].mean().mean(), "waves: difference of convenience in 2026"),
        ("target_product", "effect", found["target_product"], "segments: manufacturing against the rest, product"),
        ("retail_price", "effect", (shop["lived_fair_price"] - shop["expected_fair_price"]).mean(), "gaps: satisfaction of retail with the price: a design for all is wasted there"),
        ("public_price", "effect", found["public_price"], "segments: public against the rest, price"),
        ("finance_relationship", "effect", found["finance_relationship"], "segments: role finance against the rest, relationship; in distress"),
        ("content_unsuccessful", "effect", unsuccessful.mean(), "success and liking: content without success"),
        ("upgrades_installed", "effect", UPGRADES_EFFECT, "effects: upgrades per customer after they could be undone"),
        ("it_service", "noise", found["it_service"], "segments: role it against the rest, service"),
        *((f"orders_{name}", "effect", value, "the model of coming purchases") for name, value in BUYING.items()),
        ("trade_fair", "noise", FAIR_EFFECT, "effects: enquiries per customer after the fair"),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["effect", "kind", "truth", "where"])


def orders(rng) -> pd.DataFrame:
    """One row per order: each customer at a rate of its own, until it silently stops."""
    rate = rng.gamma(BUYING["r"], 1 / BUYING["alpha"], CUSTOMERS) / 7
    stop = rng.beta(BUYING["a"], BUYING["b"], CUSTOMERS)
    mean = AMOUNT["p"] / rng.gamma(AMOUNT["q"], 1 / AMOUNT["v"], CUSTOMERS)
    first = rng.integers(0, 104 * 7, CUSTOMERS)  # came in the first two years
    days = (pd.Timestamp(LAST_DAY) - pd.Timestamp(FIRST_DAY)).days
    rows = []
    for customer in range(CUSTOMERS):
        day = float(first[customer])
        while day <= days:
            amount = rng.gamma(AMOUNT["p"], mean[customer] / AMOUNT["p"])
            rows.append((f"L-{customer:04}", int(day), round(amount, -1)))
            if day > first[customer] and rng.random() < stop[customer]:
                break
            day += max(1, rng.exponential(1 / rate[customer]))
    table = pd.DataFrame(rows, columns=["customer", "date", "amount"])
    table["date"] = pd.Timestamp(FIRST_DAY) + pd.to_timedelta(table["date"], unit="D")
    return table.sort_values(["date", "customer"], ignore_index=True)


def customers(bought: pd.DataFrame) -> pd.DataFrame:
    """One row per customer: trade, the yearly contract, and what else tells its worth."""
    own = np.random.default_rng([SEED, 2027])  # so that no other number moves
    spent = bought.groupby("customer")["amount"].sum()
    n, names = len(spent), list(TRADES)
    trade = own.choice(names, n, p=list(TRADES.values()))
    fee = np.exp(own.normal(10.2, 0.5, n)) * np.sqrt(spent / spent.median()).to_numpy()
    fee *= np.where(trade == "manufacturing", MANUFACTURING_PAYS, 1)
    seats = own.poisson(np.select([trade == "manufacturing", trade == "retail"], [24, 12], 6))
    return pd.DataFrame(
        {
            "customer": spent.index,
            "segment": trade,
            "contract": fee.round(-2).astype(int),
            "years": own.integers(1, 15, n),
            "potential": (fee * own.uniform(0.2, 0.9, n)).round(-2).astype(int),
            "seats_open": seats,
            "influence": own.integers(0, 11, n),
            "referrals": own.poisson(0.8, n),
        }
    )


def write(seed: int = SEED, folder: Path = HERE) -> None:
    rng = np.random.default_rng(seed)
    tables = {"survey": survey(rng), "codebook": codebook(), "performance": performance(rng)}
    tables["transactions"] = orders(np.random.default_rng(seed))  # a draw of its own
    tables["customers"] = customers(tables["transactions"])
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    write()
    (HERE / "truth").mkdir(exist_ok=True)
    place = HERE / "truth" / "planted.csv"
    truth().round(6).to_csv(place, index=False, lineterminator="\n")
