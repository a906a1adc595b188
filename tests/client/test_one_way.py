"""A file of typed columns (Parquet) and a text of the same cells go one way, and give the same."""

import numpy as np
import pandas as pd
import pytest

import cxlib as cx
from cxlib.client import case

CODEBOOK = """\
column,measure,item,dimension,low,high,missing,codes
e1,experience,speed,service,,,99,
e2,experience,tone,service,,,,
x1,expectation,speed,service,,,99,
x2,expectation,tone,service,,,,7.5=8
i1,importance,speed,service,,,don't know,none=0;some=5;much=10
e3,experience,value,price,,,,
happy,overall,,,1,5,,
again,recommend,,,,,,
f,functional,queue,,,,,
d,dysfunctional,queue,,,,,
kind,group,,,,,,1=new;2=old
why,reason,,,,,,
"""
YML = "survey: {file: answers.SUFFIX, weight: w, wave: wave, segment: kind, groups: [region]}"
STEPS = (
    "answers_given", "bases", "drivers", "gaps", "item_gaps", "net_promoters",
    "received", "left_out", "reasons", "requirement_classes",
    "requirement_classes_by_segment", "revenue_at_stake", "segments_against_the_rest", "waves",
)  # fmt: skip


def answers(people=400, seed=1):
    """Blanks, codes for no answer, answers off the scale, words, and people who said nothing."""
    rng = np.random.default_rng(seed)
    mood = rng.integers(0, 7, people)[:, None]
    columns = ["e1", "e2", "x1", "x2", "e3", "again"]
    table = pd.DataFrame(mood + rng.integers(0, 5, (people, 6)), columns=columns).astype("Int8")
    table = table.mask(rng.random(table.shape) < 0.1)
    table["e1"] = table["e1"].mask(rng.random(people) < 0.1, 99)
    table["e2"] = table["e2"].mask(rng.random(people) < 0.05, 12)
    table["x2"] = table["x2"].astype("Float64").mask(rng.random(people) < 0.3, 6.1)
    table["x2"] = table["x2"].mask(rng.random(people) < 0.1, 7.5)
    table["happy"] = pd.Series(np.clip(mood[:, 0] - rng.integers(0, 3, people), 1, 6), dtype="Int8")
    table["f"], table["d"] = rng.integers(1, 6, (2, people)).astype("int16")
    table["i1"] = rng.choice(["none", " Some", "much", "Don't know", "a lot", "", None], people)
    table["kind"] = pd.Series(rng.choice([1, 2, None], people)).astype("Int16")
    table["region"] = rng.choice(["North", "O'Hare ", ""], people)
    table["w"] = rng.random(people) + 0.5
    table["wave"] = rng.choice(["9", "10"], people)
    table["why"] = rng.choice(["near", "cheap; near", ""], people)
    table.loc[5:8, [*columns, "happy", "f", "d", "i1", "why"]] = None
    table.loc[7] = None
    table.loc[7, "region"] = " "
    return table


@pytest.fixture
def both(acme):
    """[(Case or None, problems) of the Parquet file, the same of the CSV of the same cells]."""

    def read(table, more=YML, codebook=CODEBOOK):
        acme.write("codebook.csv", codebook)
        found = []
        for suffix, written in (("parquet", table.to_parquet), ("csv", table.to_csv)):
            acme.settings(more.replace("SUFFIX", suffix))
            acme.write(f"answers.{suffix}", lambda path, to=written: to(path, index=False))
            found.append(case.gathered("acme", acme.data))
        return found

    return read


def alike(one, other):
    if one is None or other is None:
        assert one is other
        return
    exact = {"check_dtype": False, "check_column_type": False, "check_index_type": False}
    pd.testing.assert_frame_equal(one, other, rtol=1e-12, atol=1e-12, **exact)


def test_every_analysis_gives_the_same_of_both(both):
    (typed, problems), (text, _) = both(answers())
    assert not problems
    for name in STEPS:
        one, other = getattr(cx, name)(typed), getattr(cx, name)(text)
        assert one is not None and len(one), name
        if name == "received":
            one, other = (each.sort_values("table", ignore_index=True) for each in (one, other))
        alike(one, other)


def test_each_answer_left_out_has_its_own_line_in_both(both):
    (typed, _), (text, _) = both(answers())
    order = ["column", "row"]
    one, other = (each.rejected.sort_values(order, ignore_index=True) for each in (typed, text))
    assert len(one) > 100 and {"is off the scale 0–10", "is not a number"} >= set(
        one.loc[one["column"].isin(["e2", "x1"]), "reason"]
    )
    alike(one.astype(str), other.astype(str))


@pytest.mark.parametrize("fault", [{"w": -1.0}, {"w": None}, {"wave": None}], ids=str)
def test_what_is_refused_is_refused_with_the_same_words(both, fault):
    table = answers()
    for name, value in fault.items():
        table.loc[20:30, name] = value
    (_, typed), (_, text) = both(table)
    assert [each.rule for each in typed] == [each.rule for each in text] and len(typed) == 1


def test_a_typed_file_is_raked_as_any(both):
    yml = "survey: {file: answers.SUFFIX, raking: {kind: {new: 0.5, old: 0.5}}}"
    table = answers()
    table["kind"] = table["kind"].fillna(1)
    (typed, problems), (text, _) = both(table, yml)
    assert not problems
    alike(cx.margins(typed), cx.margins(text))


@pytest.mark.parametrize("kind", ["Int8", "UInt8", "Int16", "UInt16", "Int32"])
def test_any_whole_number_that_fits_the_column_is_an_answer(both, kind):
    """The largest of the type as well, in as many items as their sum needs a wider type."""
    rng, ends = np.random.default_rng(3), np.iinfo(kind.lower())
    items = [f"q{number}" for number in range(40)]
    table = pd.DataFrame(rng.integers(ends.max - 99, ends.max, (500, 40)), columns=items)
    table["q0"] += 1
    table = table.astype(kind).mask(rng.random(table.shape) < 0.2)
    scale = f"service,{ends.max - 100},{ends.max}"
    book = ["column,measure,item,dimension,low,high"]
    book += [f"{q},experience,{q},{scale}" for q in items]
    (typed, problems), (text, _) = both(table, "survey: {file: answers.SUFFIX}", "\n".join(book))
    assert not problems and table.max().max() == ends.max
    expected = table.mean(axis=1).mean()  # of each person's mean
    assert typed.scores["experience"].iloc[0] == pytest.approx(expected, rel=1e-12)
    alike(typed.scores, text.scores)


def test_far_from_zero_keeps_its_digits(both):
    rng, shift = np.random.default_rng(1), 10**6
    near = pd.DataFrame({"e1": rng.integers(0, 11, 200), "e2": rng.random(200)})
    book = "column,measure,item,dimension,low,high\ne1,experience,a,service,{0},{1}\n"
    book += "e2,experience,b,service,{0},{1}\n"
    yml = "survey: {file: answers.SUFFIX}"
    (one, _), _ = both(near, yml, book.format(0, 11))
    (far, _), _ = both(near + shift, yml, book.format(shift, shift + 11))
    pairs = (each.item_estimates["all"].covariance for each in (one, far))
    pd.testing.assert_frame_equal(*pairs, rtol=1e-8, atol=1e-12)


def test_a_damaged_file_is_refused(both, acme):
    both(answers())
    acme.settings(YML.replace("SUFFIX", "parquet"))
    path = acme.folder / "answers.parquet"
    data = path.read_bytes()
    path.write_bytes(data[:40] + bytes(len(data) // 2 - 40) + data[len(data) // 2 :])
    assert "cannot be read as Parquet" in str(case.gathered("acme", acme.data)[1][0])
    path.write_bytes(data[: len(data) // 2])
    assert "cannot be read as Parquet" in str(case.gathered("acme", acme.data)[1][0])


# Invoice lines

LINES = pd.DataFrame(
    {
        "customer": ["007", "007", None, "12", "007"],
        "date": pd.to_datetime(
            ["2024-01-02 09:00", "2024-01-02 17:30", "2024-01-02 00:00", None, "2024-02-01 00:00"]
        ),
        "amount": [10.0, -4, 99, 5, 1],
        "kind": ["goods", "return", "goods", "goods", "goods"],
    }
)
DATED = LINES.assign(date=LINES["date"].fillna(LINES["date"].max()))
ODD = {
    "as it should be": LINES,
    "blanks to be taken off": LINES.assign(customer=["007 ", "007", "a", "12", "007"]),
    "an error of Excel": LINES.assign(customer=["#REF!", "007", "a", "12", "007"]),
    "numbers that are names": LINES.assign(customer=[7.0, 7, 8, 12, 7]),
    "an amount that is not known": LINES.assign(amount=[1.0, None, 3, 4, 5]),
    "another name": LINES.rename(columns={"amount": "Amount"}),
    "of a time zone": DATED.assign(date=DATED["date"].dt.tz_localize("Asia/Hong_Kong")),
    "a day for none": DATED.assign(
        date=pd.Series(["2024-01-02"] * 4 + ["9999-12-31"]).astype("datetime64[us]")
    ),
}


@pytest.mark.parametrize("lines", ODD.values(), ids=ODD)
def test_invoice_lines_say_the_same_in_both(acme, lines):
    found = []
    for suffix in ("parquet", "csv"):
        for path in acme.folder.glob("transactions.*"):
            path.unlink()
        write = getattr(lines, f"to_{suffix}")
        acme.write(f"transactions.{suffix}", lambda path, to=write: to(path, index=False))
        found.append(acme.read())
    typed, text = found
    left = ["row", "column", "reason"]
    alike(typed.rejected[left].astype(str), text.rejected[left].astype(str))
    for step in (cx.sales_days, cx.lines_by_kind):
        one, other = step(typed), step(text)
        named = {"customer": str} if "customer" in one else {}
        alike(one.astype(named), other.astype(named))


def test_lines_are_added_up_by_day(acme):
    LINES.to_parquet(acme.folder / "transactions.parquet")
    read = acme.read()
    # 10 − 4 on the second of January, 1 on the first of February; the others name nobody, or no day
    assert cx.sales_days(read)["amount"].tolist() == [6, 1]
    assert read.rejected[["row", "column"]].values.tolist() == [[4, "customer"], [5, "date"]]


def test_lines_of_which_nobody_is_named_are_refused(acme):
    nobody = LINES.assign(customer=pd.Series([None] * 5, dtype="str"))
    nobody.to_parquet(acme.folder / "transactions.parquet")
    assert "is blank" in str(acme.problem())
