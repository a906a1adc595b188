"""A client as the notebooks see it: everything that was sent, checked, typed and in one place."""

import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from cxlib.client.client_yml import bears_on, read_settings
from cxlib.client.contract import TABLES
from cxlib.client.folder import own_table, wrong_name
from cxlib.client.kept import ledger_stamp
from cxlib.client.overlooked import overlooked
from cxlib.client.problems import ClientError, Problem, problem
from cxlib.client.reading import everything_sent, unknown_segments
from cxlib.client.sampling import ordered_values
from cxlib.client.scenario import Scenario, misnamed_scenarios, scenario_names
from cxlib.client.scores import ASKED, ESTIMATED, item_scores_of, scores_of
from cxlib.client.settings import (
    EVERYONE,
    KEYS,
    LANGUAGES,
    TARGET,
    Settings,
    churn_inputs,
    churn_key,
    unhappy_line,
)
from cxlib.client.survey import Survey
from cxlib.sums.complaint import measured_inputs
from cxlib.sums.estimate import Estimates, dimension_answers, estimate_means
from cxlib.sums.unhappy import unhappy_below
from cxlib.sums.weights import part_of

REMEMBERED = 4  # cases kept in memory by one process
DECISIONS = [f"{key}." for key, told in KEYS.items() if told.get("decision")]


@dataclass(frozen=True, eq=False)  # one client is itself: steps remember what they found for it
class Case:
    """One client, read and checked.

    tables    the contract's tables that were supplied, clean; index = row in the file
    survey    the raw survey read through its codebook, or None
    rejected  every input row or cell left out: table, row, column, value, reason
    warnings  Problems that do not stop a run
    inputs    {file in the client's folder: SHA-256}
    changes   {dotted key of client.yml: value} for this run only, a scenario's among them
    scenario  the scenario that was asked for, or None
    basis     the case with which this one shares all but budget and weights of the plan, if not itself
    known     what was worked out from the answers, shared by all cases of one reading; see `once`
    """

    client: str
    folder: Path
    settings: Settings
    language: str
    tables: dict = field(repr=False)
    survey: Survey | None = field(repr=False)
    rejected: pd.DataFrame = field(repr=False)
    warnings: list = field(repr=False)
    inputs: dict = field(repr=False)
    changes: dict = field(default_factory=dict)
    scenario: Scenario | None = None
    basis: "Case | None" = field(default=None, repr=False)
    known: dict = field(default_factory=dict, repr=False)

    @property
    def title(self) -> str:
        """The client's name in the language of the report."""
        return self.spoken(self.settings.name)

    def spoken(self, label) -> str:
        """A label of client.yml in the language of the report; English, or any, where it has none."""
        if not isinstance(label, dict):
            return str(label)
        return next(label[each] for each in (self.language, *LANGUAGES) if each in label)

    def label(self, kind: str, key) -> str:
        """What a key is called on the page: case.label("dimension", "brand"); the key if unnamed."""
        key = str(key)
        if kind == "dimension" and key in self.settings.dimensions:
            return self.spoken(self.settings.dimensions[key])
        if key in self.labels(kind):
            return self.spoken(self.labels(kind)[key])
        return self._labels.get((kind, key), key)

    def labels(self, kind: str) -> dict:
        """{key: label} of client.yml for a kind of code; segments share those of their group."""
        labels, survey = self.settings.labels, self.settings.survey
        shared = labels.get(survey.segment, {}) if kind == "segment" and survey else {}
        return {**shared, **labels.get(kind, {})}

    @cached_property
    def _labels(self) -> dict:
        """{(kind, key): text} from the column label of the tables."""
        found = {}
        for name, table in self.tables.items():
            kind = "item" if name == "codebook" else TABLES[name].key[0] if TABLES[name].key else ""
            if kind in table and "label" in table:
                named = table[[kind, "label"]].dropna().drop_duplicates(kind)
                found |= {(kind, str(key)): str(text) for key, text in named.to_numpy()}
        return found

    @cached_property  # the gate asks it of every table
    def churn_inputs(self) -> pd.DataFrame | None:
        """Inputs of the churn-cost tree, one row each; None where client.yml states none.

        What the table customers shows stands in place of what was stated.
        """
        stated = churn_inputs(self.settings)
        if stated is None or self.leavers is None:
            return stated
        least = self.settings.disclosure
        measured = measured_inputs(stated, self.leavers, self.negative_below, least)
        what_if = measured["input"].map(lambda name: self.is_changed(churn_key(name)))
        # What customers show may be more inputs than were stated.
        as_stated = stated.set_index("input").reindex(measured["input"]).reset_index()
        return measured.where(~what_if, as_stated.reindex(columns=measured.columns))

    def own_table(self, name: str, key: str = "") -> pd.DataFrame:
        """A table of the consultant's own in the client's folder, or a sheet of tables.xlsx: any that
        the contract does not know. `key`: the column that names its rows, as text, for a merge:
        case.own_table("stores", key="store").
        """
        return own_table(self.folder, name, self.settings, key)

    @property
    def leavers(self) -> pd.DataFrame | None:
        """complained, churned, satisfaction, revenue of each customer, as numbers; None without."""
        if not self.knows_of_customers("complained", "churned"):
            return None
        columns = ["complained", "churned", "satisfaction", "revenue"]
        return self.tables["customers"].reindex(columns=columns).astype(float)

    @property
    def negative_below(self) -> float | None:
        """The customers' satisfaction below which an experience was negative; None without."""
        known = self.knows_of_customers("satisfaction")
        return self.unhappy_below(self.settings.scale) if known else None

    def unhappy_below(self, scale: tuple) -> float:
        """The score on a scale below which an experience is bad; see `sums.unhappy`."""
        return unhappy_below(unhappy_line(self.settings), self.settings.scale, scale)

    def is_changed(self, key: str) -> bool:
        """Whether a value of client.yml, or a part of it, is another for this run only."""
        return any(bears_on(key, each) for each in self.changes)

    def what_if(self, changes: dict) -> "Case":
        """This client with other values of client.yml, {dotted key: value}, for looking ahead.

        Raises ClientError where they cannot be. Nothing is read anew unless the values bear on it.
        """
        of_strategy = all(key.split(".")[0] == "strategy" for key in changes)
        changes = {**self.changes, **changes}
        text = json.dumps(changes, ensure_ascii=False)
        if not all(f"{key}.".startswith(tuple(DECISIONS)) for key in changes):
            return read_client(self.client, self.folder.parent, self.language, text)
        settings, problems = read_settings(self.folder / "client.yml", text)
        as_asked = ("dimensions", "scale", "importance_scale")  # of which the codebook has a say
        same = {each: getattr(self.settings, each) for each in as_asked}
        settings = settings.model_copy(update=same)
        problems += unknown_segments(settings, self.tables, self.survey, self.folder)
        if problems:
            raise ClientError(problems)
        basis = self.apart_from_strategy if of_strategy else None
        return replace(self, settings=settings, changes=changes, basis=basis)

    @property
    def apart_from_strategy(self) -> "Case":
        """A case with which this one shares all that the budget and its weights do not bear on."""
        return self.basis or self

    def once(self, what: str, rests_on, made):
        """What was made, or is made now, of the answers under the settings that it rests on."""
        key = (what, rests_on)
        if key not in self.known:
            self.known[key] = made()
        return self.known[key]

    @property
    def wave_of_today(self) -> str | None:
        """The wave that client.yml names as today; None: the last."""
        return self.settings.survey and self.settings.survey.today

    @property
    def who_is_asked(self) -> tuple:
        """The settings that say which answers are counted, and where."""
        return tuple(self.settings.target_segments), self.wave_of_today

    def knows_of_customers(self, *columns: str) -> bool:
        """Whether the table customers holds these columns with something in them."""
        table = self.tables.get("customers")
        return table is not None and all(name in table and table[name].notna().any() for name in columns)  # fmt: skip

    @property
    def scores(self) -> pd.DataFrame:
        """One row per segment (`all` first) and dimension.

        Columns dimension, segment, n, n_eff, experience, expectation, importance, ideal (score
        points on the client's scales; blank = not known), asked_satisfaction, asked_target (points
        of `asked_scale`), from. What the survey measured comes from the survey; the rest from the
        table `scores`.
        """
        return self._scores.copy()

    @property
    def item_scores(self) -> pd.DataFrame:
        """One row per segment and item: item first, then the columns of `scores`."""
        return self._item_scores.copy()

    _scores = cached_property(scores_of)
    _item_scores = cached_property(item_scores_of)

    @property
    def asked_scale(self) -> tuple | None:
        """(lowest, highest) of the satisfaction that was asked; None where none was."""
        columns = None if self.survey is None else self.survey.columns
        rows = () if columns is None else columns.loc[columns["measure"].eq(ASKED)]
        return tuple(rows[["low", "high"]].iloc[0].astype(float)) if len(rows) else None

    @property
    def ideal_decided(self) -> bool:
        """Whether the company decided any ideal, in client.yml or in the scores: neither today's
        experience nor what customers expect is a decision."""
        scores = self.tables.get("scores")
        given = scores is not None and "ideal" in scores and scores["ideal"].notna().any()
        rules = self.settings.ideal.values()
        return bool(given) or any(not isinstance(rule, str) for rule in rules)

    @property
    def latest(self) -> Survey | None:
        """The wave that stands for today: the last one, or as client.yml says."""
        return self.once("latest", self.wave_of_today, self._latest)

    def _latest(self) -> Survey | None:
        if self.survey is None or self.survey.people["wave"].nunique() < 2:
            return self.survey
        today = self.settings.survey.today or self.survey.waves[-1]
        return self.survey.among(self.survey.people["wave"] == today)

    @property
    def estimates(self) -> dict[str, Estimates]:
        """{segment: Estimates by (measure, dimension)} from the latest wave; {} without a survey."""
        return self._estimates(lambda answers: dimension_answers(answers, self.latest.items), "dimensions")  # fmt: skip

    @property
    def item_estimates(self) -> dict[str, Estimates]:
        """{segment: Estimates by (measure, item)} from the latest wave; {} without a survey."""
        return self._estimates(lambda answers: answers, "items")

    def _estimates(self, columns_of, what: str) -> dict[str, Estimates]:
        """Estimates of today's answers to what is scored, brought under other columns, by segment."""

        def made():
            every, weight = self.latest.answers, self.latest.weight
            scored = every.columns.get_level_values("measure").isin(ESTIMATED)
            answers = columns_of(every.loc[:, scored])
            return {
                segment: estimate_means(answers[rows], part_of(weight, rows))
                for segment, rows in self.segments().items()
                if rows.any() and len(answers.columns)
            }

        return {} if self.latest is None else self.once(what, self.who_is_asked, made)

    def segments(self) -> dict[str, pd.Series]:
        """{segment: who is in it}: all, target where target segments are named, each segment."""
        people, targets = self.latest.people, self.settings.target_segments
        found = {EVERYONE: pd.Series(True, index=people.index)}
        if targets:
            found[TARGET] = people["segment"].isin(targets)
        for segment in ordered_values(people["segment"], self.labels("segment")):
            found[segment] = people["segment"] == segment
        return found


_remembered: dict = {}


def read_client(client: str, data_dir="../data", language: str = "", settings: str = "") -> Case:
    """Read and check one client. Raises ClientError with every problem of every file.

    Parameters
    ----------
    client : name of a folder in data_dir
    language : en, zh-Hans or zh-Hant; "" for that of client.yml
    settings : JSON object of dotted client.yml keys and values, for this run only

    The same call on unchanged files gives the same Case without reading again.

    >>> case = read_client("meisu", "data")
    >>> case.scores.loc[0, "dimension"]
    'product'
    """
    folder = Path(data_dir) / client
    places = (str(folder.resolve()), str(folder), language, settings)
    key = (*places, stamps(folder), ledger_stamp())
    if key not in _remembered:
        case, problems = gathered(client, data_dir, language, settings)
        if problems:
            raise ClientError(problems)
        while len(_remembered) >= REMEMBERED:
            _remembered.pop(next(iter(_remembered)))
        _remembered[key] = case
    return _remembered[key]


def check_client(client: str, data_dir="../data") -> list[Problem]:
    """Every problem of every file of one client; [] when it can be run.

    >>> check_client("meisu", "data")
    []
    """
    folder = Path(data_dir) / client
    if problems := wrong_name(client, data_dir):
        return problems
    try:
        read_client(client, data_dir)  # which the run that follows, or the rest of the check, finds
    except ClientError as error:
        problems = error.problems
    for name in [] if problems else scenario_names(folder):
        one = json.dumps({"scenario": name}, ensure_ascii=False)
        problems += gathered(client, data_dir, overrides=one)[1]
    return problems + misnamed_scenarios(folder)


def stamps(folder: Path) -> tuple:
    """What changes when a file of the folder changes: names, sizes and times."""
    if not folder.is_dir():
        return ()
    found = ((str(path), path.stat()) for path in sorted(folder.rglob("*")) if path.is_file())
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in found)


def gathered(client, data_dir, language="", overrides="") -> tuple[Case | None, list[Problem]]:
    """The case, and every problem; the case is None where there are any."""
    sent, problems = everything_sent(client, data_dir, language, overrides)
    if sent is None:
        return None, problems
    case = Case(client, Path(data_dir) / client, **sent)
    asked = case.settings.survey and case.settings.survey.invited
    if asked and case.latest is not None and asked < (there := len(case.latest.people)):
        told = ("survey.invited", "", str(asked))
        return None, [problem(case.folder / "client.yml", "few_asked", *told, there=there)]
    case.warnings.extend(overlooked(case))
    return case, []
