"""client.yml, typed: every key, its type and what it is for are told in `settings.toml`.

YAML is read as text and typed here, so that `no` stays a word, `010` keeps its nought, and `50_000_000`
becomes a number because `revenue` is one.
"""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
import pydantic
from babel.numbers import is_currency
from pydantic import BaseModel, ConfigDict, Field, model_validator

from cxlib.client.contract import FITS, MOST
from cxlib.client.numerals import stated_amount, stated_share
from cxlib.client.problems import SAID, did_you_mean, first_few, named_alike, said
from cxlib.sums.churn_inputs import GROUPS, counted_or_stated, share_faults

KEYS = tomllib.loads(Path(__file__).with_name("settings.toml").read_text(encoding="utf-8"))
CATALOGUES = Path(__file__).parents[1] / "page" / "locale"  # one for each language but English
BEGUN = 100_000  # bytes below which a catalogue is only begun: such languages are named last
LANGUAGES = ("en", *(each.stem.replace("_", "-") for each in sorted(
    CATALOGUES.glob("*.po"), key=lambda each: (each.stat().st_size < BEGUN, each))))  # fmt: skip
EVERYONE = "all"  # the segment that holds all customers
TARGET = "target"  # the segment that holds the customers of target_segments
BOUNDS = ("ge", "gt", "le", "lt", "pattern")


def only(right, name: str) -> pydantic.AfterValidator:
    """The value, where it is right; else a ValueError, as `problems.toml` words it under a name."""

    def checked(value):
        if not right(value):
            raise ValueError(SAID["must"][name].format(value, most=MOST))
        return value

    return pydantic.AfterValidator(checked)


def labelled(label):
    """A text, or one text per language. Raises ValueError."""
    if isinstance(label, dict) and (strange := set(label) - set(LANGUAGES)):
        raise ValueError(
            f"{first_few(strange)}: a label is text, or one text each for {', '.join(LANGUAGES)}"
        )
    if not label or (isinstance(label, dict) and not all(label.values())):
        raise ValueError("a label cannot be blank")
    return label


def listed(value):
    """One value is short for a list of one."""
    return value if isinstance(value, list | dict) or value is None else [value]


def not_reserved(names: list[str]) -> list[str]:
    """Names that are not the workbook's own. Raises ValueError."""
    if clash := {EVERYONE, TARGET} & set(names):
        raise ValueError(f"{first_few(clash)}: 'all' and 'target' are the workbook's own segments")
    return names


def a_day(text):
    """A date as ISO 8601 writes it. Raises ValueError."""
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        raise ValueError(f"'{text}' is not a date such as 2024-01-31") from None


class Part(BaseModel):
    """A mapping of client.yml; a key that is not declared is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, validate_default=True)  # fmt: skip

    @model_validator(mode="before")
    @classmethod
    def blank_is_not_given(cls, given):
        """`margin:` with nothing behind it is a key left for later, not a value."""
        if not isinstance(given, dict):
            return given
        return {key: value for key, value in given.items() if value is not None}


class SaysHowMuch(Part):
    """One share of the churn-cost tree: stated, or counted."""

    @model_validator(mode="after")
    def says_how_much(self):
        """A share, or a count of a base, once, and within its range. Raises ValueError."""
        if (self.count is None) != (self.of is None):
            raise ValueError("'count' and 'of' come together")
        if self.count is not None and self.count > self.of:
            raise ValueError(f"count {self.count} is more than of {self.of}")
        if self.share is None and self.count is None:
            raise ValueError("give a share, or count and of")
        if self.share is not None and self.count is not None:
            raise ValueError("give a share, or count and of, not both")
        low, high = self.range or (None, None)
        if self.range and low > high:
            raise ValueError(f"range {low:g}–{high:g}: write the lowest first")
        if self.range and self.share is None:
            raise ValueError("a count has no range: its interval is computed")
        if self.range and not low <= self.share <= high:
            raise ValueError(f"range {low:g}–{high:g} does not hold the share {self.share:g}")
        return self


def share_or_mapping(value):
    """A bare number is short for {share: number}."""
    return value if isinstance(value, dict | BaseModel) or value is None else {"share": value}


def keys_within(path: str) -> dict[str, str]:
    """{name: dotted key in `settings.toml`} of the keys of the mapping at a dotted key of client.yml;
    "": of all of client.yml; {} where no mapping is declared."""
    start = f"{path}." if path else ""
    start = "any share." if KEYS.get(path, {}).get("type") == "split" else start
    inside = {key.removeprefix(start): key for key in KEYS if key.startswith(start)}
    return {name: key for name, key in inside.items() if "." not in name}


def declared_part(path: str, rules: type[Part] = Part) -> type[Part]:
    """The mapping at a dotted key of client.yml, as `settings.toml` has it; "": all of client.yml."""
    fields = {name: declared_key(key) for name, key in keys_within(path).items()}
    if "from" in fields:  # a word of Python
        fields["from_"] = fields.pop("from")
    return pydantic.create_model(path or "Settings", __base__=rules, **fields)


def declared_key(key: str) -> tuple:
    """(type, what holds where nothing is said) of one key."""
    told = KEYS[key]
    if told.get("type") == "part":
        kind = declared_part(key)
        told = told | ({"default": kind()} if "default" in told else {})
    else:
        kind = TYPES[told["type"]] if "type" in told else Literal[tuple(told["one_of"])]
    if bounds := {name: told[name] for name in BOUNDS if name in told}:
        kind = Annotated[kind, Field(**bounds)]
    alias = "from" if key.endswith(".from") else None
    if told.get("required"):
        return kind, Field(alias=alias)
    kind = kind if "default" in told else kind | None
    return kind, Field(told.get("default"), alias=alias)


Number = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[float, pydantic.BeforeValidator(stated_share), Field(ge=0, le=1, allow_inf_nan=False)]  # fmt: skip
Weight = Annotated[float, Field(ge=0, le=MOST, allow_inf_nan=False)]
Amount = pydantic.BeforeValidator(stated_amount)
Payable = only(lambda amount: amount <= MOST, "payable")
Money = Annotated[float, Amount, Field(ge=0, allow_inf_nan=False), Payable]
Label = Annotated[str | dict[str, str], pydantic.AfterValidator(labelled)]
Texts = Annotated[list[str], pydantic.BeforeValidator(listed)]
TYPES = {
    "text": str, "texts": Texts, "language": Literal[LANGUAGES],
    "yes": bool, "whole": int, "number": Number, "share": Share,
    "weight": Weight, "money": Money, "label": Label,
    "segments": Annotated[Texts, pydantic.AfterValidator(not_reserved)],
    "labels": Annotated[list[Label], pydantic.BeforeValidator(listed)],
    "currency": Annotated[str, only(is_currency, "currency")],
    "revenue": Annotated[Number, Amount, Field(gt=0), Payable],
    "scale": Annotated[tuple[Number, Number], only(lambda ends: ends[0] < ends[1], "rising")],
    "pair of shares": tuple[Share, Share],
    "number by key": dict[str, Number], "weight by key": dict[str, Weight],
    "share by key": dict[str, Share], "money by key": dict[str, Money],
    "money by year": dict[Annotated[str, only(str.isdecimal, "year")], Money],
    "ideal by key": dict[str, Literal["experience", "expectation"] | Number],
    "label by key": dict[str, Label], "theme by key": dict[str, Label | Literal[""]],
    "label by kind and key": dict[str, dict[str, Label]],
    "share by kind and key": dict[str, dict[str, Share]],
}  # fmt: skip
ShareInput = declared_part("any share", SaysHowMuch)
TYPES["split"] = Annotated[ShareInput, pydantic.BeforeValidator(share_or_mapping)]
Settings = declared_part("")
Limits, SurveySettings = declared_part("limits"), declared_part("survey")
DIMENSIONS = KEYS["dimensions"]["default"]


def unhappy_line(settings: Settings) -> float | None:
    """The highest score of a bad experience that client.yml states; None where it states none."""
    of_survey = settings.survey.unhappy if settings.survey else None
    return settings.unhappy if of_survey is None else of_survey


def disagreements(settings: Settings):
    """Keys that are right alone and wrong together, as (dotted key, rule, remedy)."""
    for key, name, facts in faults_between(settings):
        yield key, *said(name, **facts)
    inputs = churn_inputs(settings)
    for fault in [] if inputs is None else share_faults(stated_or_counted(inputs)):
        yield "churn_cost", fault.rstrip("."), ""


def faults_between(settings: Settings):
    """(dotted key, name in `problems.toml`, facts) of such keys."""
    dimensions, survey = settings.dimensions, settings.survey
    if not dimensions:
        yield "dimensions", "no_dimensions", {}
    if twice := named_alike(dimensions):
        yield "dimensions", "dimensions_alike", {"names": first_few(twice)}
    if "default" in dimensions:
        yield "dimensions", "dimension_default", {}
    (low, high), line = settings.scale, unhappy_line(settings)
    if line is not None and not low <= line < high:
        yield "survey.unhappy", "unhappy_off", {"value": line, "low": low, "high": high}
    yield from values_off(settings, "ideal", settings.scale, ["default"])
    yield from values_off(settings, "importance", settings.importance_scale, [])
    cost = settings.churn_cost
    if cost and settings.revenue is None:
        yield "revenue", "no_revenue", {}
    low, high = cost and cost.margin_range or (0, 1)
    if cost and cost.margin is None and cost.margin_range:
        yield "churn_cost", "range_alone", {}
    elif cost and cost.margin is not None and not low <= cost.margin <= high:
        yield "churn_cost", "margin_off", {"low": low, "high": high, "margin": cost.margin}
    for key in ("role_weights", "value_weights"):
        weights = dict(getattr(settings, key))
        if weights and not sum(weights.values()):
            yield key, "weights_zero", {}
    for part, name, known in (
        ("weights", "unknown_weight", [*FITS, *dimensions]),
        ("least", "unknown_fit", FITS),
    ):
        for key in [each for each in getattr(settings.strategy, part) if each not in known]:
            yield f"strategy.{part}.{key}", name, {"hint": did_you_mean(key, known)}
    if survey and survey.by and not (survey.date or survey.wave):
        yield "survey.by", "by_without_day", {}
    for key in ("today", "unweighted_waves") if survey else ():
        if getattr(survey, key) and not (survey.wave or survey.by):
            yield f"survey.{key}", "wave_without_column", {}


def values_off(settings: Settings, part: str, scale: tuple, also: list):
    """The same of ideals or importances: of what is no dimension, or off their scale."""
    known, (low, high) = [*also, *settings.dimensions], scale
    for key, value in getattr(settings, part).items():
        if key not in known:
            yield f"{part}.{key}", "unknown_dimension", {"hint": did_you_mean(key, known)}
        if isinstance(value, float) and not low <= value <= high:
            yield f"{part}.{key}", f"{part}_off", {"value": value, "low": low, "high": high}


def stated_or_counted(inputs):
    """Share of each churn-cost input, 0–1: counted where there are counts, else stated."""
    return counted_or_stated(inputs).set_axis(inputs["input"])


def churn_key(name: str) -> str:
    """The dotted key of client.yml that states one input: complained_lost → …complained.lost."""
    group = next((group for group in GROUPS if name in GROUPS[group]), "")
    return ".".join(filter(None, ["churn_cost", group, name.removeprefix(f"{group}_")]))


def churn_inputs(settings: Settings):
    """The churn-cost inputs, one row per input, as `sums.churn` takes them; None if not given.

    Columns input, share, low, high, count, of, from; shares 0–1, blank where not stated.
    """
    cost = settings.churn_cost
    if cost is None:
        return None
    stated = {"negative": cost.negative, "complain": cost.complain}
    for group in GROUPS:
        split = getattr(cost, group)
        for leaf in GROUPS[group]:
            stated[leaf] = getattr(split, leaf.removeprefix(f"{group}_")), split.from_
    stated["baseline_churn"] = cost.baseline_churn
    rows = []
    for name, given in stated.items():
        share, source = given if isinstance(given, tuple) else (given, "assumption")
        if share is None:
            continue
        low, high = share.range or (None, None)
        rows.append((name, share.share, low, high, share.count, share.of, share.from_ or source))
    table = pd.DataFrame(rows, columns=["input", "share", "low", "high", "count", "of", "from"])
    table = table.astype(dict.fromkeys(["share", "low", "high", "count", "of"], float))
    return table.assign(holds=cost.range_holds)
