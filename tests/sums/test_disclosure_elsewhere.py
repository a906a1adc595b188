"""Two programs of statistical offices on the same tables: tau-ARGUS and ACRO, where they are installed
(`pip install pytauargus acro`, in development alone: the product needs neither)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from cxlib.sums.disclosure import disclose, dominated, dominated_cells

LEAST = 10  # people


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """tau-ARGUS leaves its logs in the folder that it is started in."""
    monkeypatch.chdir(tmp_path)


def amounts(seed: int) -> pd.DataFrame:
    """What each of 40 customers brings, very unequal, and the customer's tier."""
    rng = np.random.default_rng(seed)
    tiers = [*"abcdef"][: int(rng.integers(3, 7))]
    shares = rng.dirichlet(np.ones(len(tiers)))
    money = rng.lognormal(3, 2.5, 40).round(2) + 0.01
    return pd.DataFrame({"tier": rng.choice(tiers, 40, p=shares), "money": money})


def of_argus(table, rule: str) -> pd.Series:
    """The status of each tier: S safe, U unsafe by the rule, M hidden for its sake."""
    argus = pytest.importorskip("pytauargus")
    found = argus.protect(table, ["tier"], response="money", safety_rules=rule)
    rows = pd.DataFrame(found.tables[0].rows).set_index("tier")
    return rows.drop(index="Total")["status"]


@pytest.mark.parametrize("seed", range(40))
def test_money_that_two_bring_is_unsafe_to_argus_too_and_never_hidden_alone(seed):
    table = amounts(seed)
    status = of_argus(table, "NK(2,90)")
    ours = {tier for tier, each in table["money"].groupby(table["tier"]) if dominated(each)}
    assert ours == {*status.index[status == "U"]}
    hidden = dominated_cells(table["money"], table["tier"])
    assert ours <= hidden and (len(hidden) > 1) == (status != "S").any()


@pytest.mark.parametrize("seed", range(40))
def test_a_group_of_few_is_unsafe_to_argus_too_and_never_hidden_alone(seed):
    table = amounts(seed)
    status = of_argus(table, f"FREQ({LEAST},10)")
    people = table.groupby("tier").size().rename("n").rename_axis("group").reset_index()
    whole = pd.DataFrame({"group": ["all"], "n": [len(table)]})
    told = disclose(pd.concat([whole, people], ignore_index=True), 30, LEAST).set_index("group")
    ours = {*told.index[told["flag"] == "withheld"]} - {"all"}
    assert {*people["group"][people["n"] < LEAST]} == {*status.index[status == "U"]} <= ours
    assert (len(ours) > 1) == (status != "S").any()


@pytest.mark.parametrize("seed", range(40))
def test_what_two_customers_bring_fails_with_acro_too(seed):
    checks = pytest.importorskip("acro.sdcchecks")
    asking = SimpleNamespace(risk_appetite={"safe_nk_k": 0.9, "safe_pratio_p": 0.1})
    table = amounts(seed)
    by = table.groupby("tier")["money"]
    two = by.apply(lambda each: each.nlargest(2).sum())
    known = {"num_negative": by.sum() < 0, "top_n_sum": two, "top_2_sum": two, "sum": by.sum(), "max": by.max()}  # fmt: skip
    rest = "", SimpleNamespace(interim_tables=known), None
    ours = by.apply(dominated)
    nk, p = (
        getattr(checks.SDCChecks, f"check_{rule}_dominance")(asking, *rest)[2]
        for rule in ("nk", "ppercent")
    )
    assert (nk == ours).all() and (ours | ~p).all()  # whatever p % finds, ours has found
