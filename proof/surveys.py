"""The demo surveys' own published figures, and the law that takes more than one client."""

import shutil
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from cxlib.client.case import read_client
from cxlib.sums.estimate import estimate_means
from cxlib.sums.gap import gap_intervals, gap_table
from cxlib.sums.interval import nps_table
from proof.examples import EXAMPLES, Example, example_table
from proof.laws import LAWS, law_table
from proof.page import FAIL, PASS

ROOT = Path(__file__).parents[1]
# Published data sets that worked examples are computed on: file, and our names for its columns.
DATA_SETS = {
    "cdnow": (
        ROOT / "tests" / "sums" / "oracles" / "cdnow.csv",
        {"x": "frequency", "t_x": "recency", "T": "age", "zbar": "spend"},
    )
}


def checks(data_dir="data") -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """(worked examples, laws, figures of the surveys), each computed now."""
    laws = pd.concat([law_table(LAWS), neighbours_law(data_dir)], ignore_index=True)
    return example_table(EXAMPLES, data_sets()), laws, example_table(survey_figures(data_dir))


def data_sets() -> dict[str, pd.DataFrame]:
    """The published data sets that are here, by name."""
    return {
        name: pd.read_csv(path).rename(columns=columns)
        for name, (path, columns) in DATA_SETS.items()
        if path.exists()
    }


# The surveys' own figures


def survey_figures(data_dir="data") -> tuple[Example, ...]:
    """The figures that the demo surveys' sources print, as examples computed from data_dir."""
    sfo, kiosk = "San Francisco International Airport, data/sfo/SOURCE.md", "data/kiosk/SOURCE.md"
    examples = {
        "sfo": (
            Example(0, "Airport: mean of overall satisfaction 2010 … 2018", sfo,
                    (3.93, 3.95, 4.00, 3.98, 4.00, 4.05, 4.04, 4.06, 4.00),
                    lambda: wave_means(data_dir, "overall"), 0.005),
            Example(0, "Airport: share that met a problem 2010 … 2018, per cent", sfo,
                    (11.4, 12.1, 12.0, 12.2, 9.5, 11.2, 11.4, 11.9, 14.1),
                    lambda: 100 * wave_means(data_dir, "problem"), 0.05),
            Example(0, "Airport: NPS and answers, 2017 and 2018", sfo, (39.84, 2746, 30.98, 2650),
                    lambda: wave_nps(data_dir, ["2017", "2018"]), 0.005),
            Example(0, "Airport: NPS 2018, weighted", sfo, (35.11,),
                    lambda: wave_nps(data_dir, ["2018"], weighted=True)[:1], 0.005),
        ),
        "kiosk": (
            Example(0, "Kiosk: complete answers, and their mean perception − expectation", kiosk,
                    (207, -1.102), lambda: kiosk_satisfaction(data_dir), 0.0005),
            Example(0, "Kiosk: the authors' 194, men and women by frequency of use", kiosk,
                    (194, 27, 21, 4, 70, 65, 7), lambda: authors_sample(data_dir)),
        ),
    }  # fmt: skip
    here = [name for name in examples if Path(data_dir, name, "client.yml").exists()]
    return tuple(example for name in here for example in examples[name])


def wave_means(data_dir, measure: str) -> np.ndarray:
    """Unweighted mean of each wave, first to last, blanks dropped."""
    survey = read_client("sfo", data_dir).survey
    answers = survey.answers[measure].iloc[:, :1]
    waves = survey.people["wave"]
    means = [estimate_means(answers[waves == wave]).mean.iloc[0] for wave in survey.waves]
    return np.array(means)


def wave_nps(data_dir, waves, weighted: bool = False) -> tuple:
    """NPS and its base of each of these waves."""
    survey = read_client("sfo", data_dir).survey
    found = []
    for wave in waves:
        rows = survey.people["wave"] == wave
        weight = survey.weight[rows] if weighted else None
        found += (
            nps_table(survey.answers["recommend"].iloc[:, 0][rows], weight)[["nps", "n"]]
            .iloc[0]
            .tolist()
        )
    return tuple(found)


def kiosk_satisfaction(data_dir) -> tuple:
    """Respondents, and their mean experience − expectation over all 24 items."""
    answers = read_client("kiosk", data_dir).survey.answers
    means = estimate_means(answers[["experience", "expectation"]]).mean
    return len(answers), means["experience"].mean() - means["expectation"].mean()


def authors_sample(data_dir) -> tuple:
    """People whom the authors kept: all, then men and women by use each week, month, half-year."""
    keep = '{"survey.keep": {"file": "authors/used_by_authors.csv", "column": "used_by_authors"}}'
    people = read_client("kiosk", data_dir, settings=keep).survey.people
    counts = pd.crosstab(people["gender"], people["segment"])
    cells = counts.reindex(["male", "female"])[["weekly", "monthly", "half_yearly"]]
    return (len(people), *cells.to_numpy().ravel())


# The law that takes more than one client


def neighbours_law(data_dir="data", client="kiosk", other="meisu") -> pd.DataFrame:
    """A client's numbers beside another client, and alone, as one row of a law table."""
    columns = ["what", "source", "tried", "worst", "allowed", "unit", "status"]
    if not all(Path(data_dir, name, "client.yml").exists() for name in (client, other)):
        return pd.DataFrame(columns=columns)
    alone = gaps_in_company(data_dir, [client])
    beside = gaps_in_company(data_dir, [other, client])
    worst = float((alone - beside).abs().max(axis=None)) if alone.shape == beside.shape else np.inf
    same = alone.isna().equals(beside.isna()) and worst == 0
    what = "Adding a client changes no other client's numbers"
    row = (
        what,
        "by definition",
        len(alone),
        worst,
        0.0,
        "of the gap table",
        PASS if same else FAIL,
    )
    return pd.DataFrame([row], columns=columns)


def gaps_in_company(data_dir, clients) -> pd.DataFrame:
    """The numbers of the last client's gap table, after the others in the same folder were read."""
    with tempfile.TemporaryDirectory() as company:
        for client in clients:
            shutil.copytree(Path(data_dir, client), Path(company, client))
        cases = [read_client(client, company) for client in clients]
        tables = [
            gap_intervals(
                gap_table(case.scores),
                case.estimates,
                case.settings.confidence,
                ideal=case.settings.ideal,
            )
            for case in cases
        ]
    return tables[-1].select_dtypes("number")
