"""From invoice lines to customers against DuckDB's own time, and BG/NBD on 100,000 customers."""

import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from bench import Row
from cxlib.client.client_yml import read_settings
from cxlib.client.contract import TABLES
from cxlib.client.mapping import read_table
from cxlib.client.tables import clean_table
from cxlib.sums.lifetime import fit_bgnbd
from cxlib.sums.purchases import customer_days, purchase_history

DATA = Path(__file__).parents[1] / "data"
LINES = DATA / "retail" / "transactions.parquet"
# The table that `purchase_history` gives, in DuckDB's words.
SQL = f"""
with days as (select customer, date_trunc('day', date) as day, sum(amount) as amount
              from '{LINES}' where customer is not null group by all),
bought as (select *, row_number() over (partition by customer order by day) as nth
           from days where amount > 0),
sold as (select customer, count(*) - 1 as frequency, min(day) as first, max(day) as last,
                sum(amount) as sales, avg(amount) filter (nth > 1) as spend
         from bought group by customer),
returned as (select customer, -sum(amount) as returned from days where amount < 0 group by customer)
select sold.*, datediff('day', first, last) / 7.0 as recency, coalesce(returned, 0) as returned
from sold left join returned using (customer)
"""
RUNS = 9


def rows(full):
    found, own = in_turns(from_file, by_duckdb)
    same = len(from_file()) == len(by_duckdb())
    yield Row(
        "540,000 lines from file to customer table, checked and with a line for each row left out, "
        "in DuckDB's own time for the aggregation alone",
        f"{found / own:.1f} ({found:.2f} s against {own:.2f} s){'' if same else ', DIFFERENT'}",
        "at most 2",
        found <= 2 * own and same,
    )
    start = time.perf_counter()
    fit = fit_bgnbd(made_up_customers(100_000))
    seconds = time.perf_counter() - start
    yield Row(
        "BG/NBD on 100,000 customers",
        f"{seconds:.1f} s",
        "under 10 s",
        seconds < 10 and fit.converged,
    )


def from_file() -> pd.DataFrame:
    settings, _ = read_settings(LINES.parent / "client.yml", "")
    raw = read_table(LINES, "", "", "transactions")
    lines, _ = clean_table(raw, TABLES["transactions"], settings, frozenset())
    return purchase_history(customer_days(lines))


def by_duckdb() -> pd.DataFrame:
    with duckdb.connect() as duck:
        return duck.sql(SQL).df()


def in_turns(*works) -> list[float]:
    """The middle of RUNS times of each, in seconds: in turns, so that a busy machine weighs less."""
    times = [[] for _ in works]
    for _ in range(RUNS):
        for work, taken in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    return [sorted(taken)[RUNS // 2] for taken in times]


def made_up_customers(n: int, weeks: float = 52, seed: int = 7) -> pd.DataFrame:
    """Customers as BG/NBD has them, first seen at any time of the year; one row each."""
    rng = np.random.default_rng(seed)
    rate, leave = rng.gamma(0.5, 1 / 6, n), rng.beta(0.8, 2.5, n)
    age = rng.uniform(weeks / 4, weeks, n)
    x, last, now, alive = np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n, bool)
    while alive.any():
        now += rng.exponential(1 / np.maximum(rate, 1e-9))
        bought = alive & (now < age)
        x, last = x + bought, np.where(bought, now, last)
        alive = bought & (rng.random(n) >= leave)
    return pd.DataFrame({"frequency": x, "recency": last, "age": age})
