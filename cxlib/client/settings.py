"""client.yml: every key, its type and its rule; what each is for is told in `settings.toml`.

`cx new` writes that into the commented client.yml, and a test holds the keys to it. YAML is read as text and typed here, so that `no` stays a word,
`010` keeps its nought, and `50_000_000` becomes a number because `revenue` is one.
"""

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
from babel.numbers import is_currency
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from cxlib.client.contract import FITS, MOST
from cxlib.client.numerals import stated_amount, stated_share
from cxlib.client.problems import did_you_mean, first_few, named_alike
from cxlib.sums.churn_inputs import GROUPS, share_faults

CATALOGUES = Path(__file__).parents[1] / "page" / "locale"  # one for each language but English
LANGUAGES = ("en", *sorted(each.stem.replace("_", "-") for each in CATALOGUES.glob("*.po")))
EVERYONE = "all"  # the segment that holds all customers
TARGET = "target"  # the segment that holds the customers of target_segments
DIMENSIONS = {
    "product": {"en": "Product", "zh-Hans": "产品", "zh-Hant": "產品"},
    "service": {"en": "Service", "zh-Hans": "服务", "zh-Hant": "服務"},
    "relationship": {"en": "Relationship", "zh-Hans": "关系", "zh-Hant": "關係"},
    "convenience": {"en": "Convenience", "zh-Hans": "便利性", "zh-Hant": "便利性"},
    "brand": {"en": "Brand image", "zh-Hans": "品牌形象", "zh-Hant": "品牌形象"},
    "price": {"en": "Price", "zh-Hans": "价格", "zh-Hant": "價格"},
}


def known_currency(code: str) -> str:
    """A currency of ISO 4217. Raises ValueError."""
    if not is_currency(code):
        raise ValueError(f"'{code}' is not a currency of ISO 4217, such as HKD, CNY or USD")
    return code


def payable(amount: float) -> float:
    """Money of a size that there is. Raises ValueError."""
    if amount > MOST:
        raise ValueError(
            f"is {amount:g}, and no company takes in more than {MOST:g} a year in any currency: "
            "take out the digits too many"
        )
    return amount


def rising(pair: tuple[float, float]) -> tuple[float, float]:
    """Two ends, the lower one first. Raises ValueError."""
    if not pair[0] < pair[1]:
        raise ValueError(f"{pair[0]:g} is not below {pair[1]:g}: write the lowest first")
    return pair


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


def a_year(text: str) -> str:
    """A year, as text. Raises ValueError."""
    if not text.isdecimal():
        raise ValueError(f"'{text}' is not a year such as 2025")
    return text


Number = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[float, BeforeValidator(stated_share), Field(ge=0, le=1, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Weight = Annotated[float, Field(ge=0, le=MOST, allow_inf_nan=False)]
Amount = BeforeValidator(stated_amount)
Money = Annotated[float, Amount, Field(ge=0, allow_inf_nan=False), AfterValidator(payable)]
Label = Annotated[str | dict[str, str], AfterValidator(labelled)]
Scale = Annotated[tuple[Number, Number], AfterValidator(rising)]
Source = Literal["measured", "assumption", "literature"]
Texts = Annotated[list[str], BeforeValidator(listed)]
Day = Annotated[dt.date, BeforeValidator(a_day)]
Year = Annotated[str, AfterValidator(a_year)]
Colour = Annotated[str, Field(pattern="#[0-9a-fA-F]{6}")]


class Part(BaseModel):
    """A mapping of client.yml; a key that is not declared is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def blank_is_not_given(cls, given):
        """`margin:` with nothing behind it is a key left for later, not a value."""
        if not isinstance(given, dict):
            return given
        return {key: value for key, value in given.items() if value is not None}


class ShareInput(Part):
    """One share of the churn-cost tree: stated, or counted."""

    share: Share | None = None
    range: tuple[Share, Share] | None = None
    count: Annotated[int, Field(ge=0)] | None = None
    of: Annotated[int, Field(gt=0)] | None = None
    from_: Source | None = Field(None, alias="from")

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
        if self.range and self.range[0] > self.range[1]:
            raise ValueError(f"range {self.range[0]:g}–{self.range[1]:g}: write the lowest first")
        if self.range and self.share is None:
            raise ValueError("a count has no range: its interval is computed")
        if self.range and not self.range[0] <= self.share <= self.range[1]:
            low, high = self.range
            raise ValueError(f"range {low:g}–{high:g} does not hold the share {self.share:g}")
        return self


def share_or_mapping(value):
    """A bare number is short for {share: number}."""
    return value if isinstance(value, dict | ShareInput) or value is None else {"share": value}


Split = Annotated[ShareInput, BeforeValidator(share_or_mapping)]


class ComplainedSplit(Part):
    """What became of those who complained; the three add up to 1."""

    retained: Split
    at_risk: Split
    lost: Split
    from_: Source = Field("assumption", alias="from")


class SilentSplit(Part):
    """What became of those who did not complain; the two add up to 1."""

    at_risk: Split
    lost: Split
    from_: Source = Field("assumption", alias="from")


class ChurnCost(Part):
    """The cost of negative experience: shares of the tree over annual revenue."""

    negative: Split
    complain: Split
    complained: ComplainedSplit
    silent: SilentSplit
    baseline_churn: Split | None = None
    margin: Share | None = None
    margin_from: Source = "assumption"
    margin_range: tuple[Share, Share] | None = None
    range_holds: float = Field(0.90, ge=0.5, le=0.99)
    lifetime: Annotated[Positive, Field(le=1000)] | None = None

    @model_validator(mode="after")
    def range_holds_the_margin(self):
        """A range of the margin is one that holds it. Raises ValueError."""
        if self.margin_range is None:
            return self
        low, high = self.margin_range
        if self.margin is None:
            raise ValueError("'margin_range' without 'margin': state the margin it is the range of")
        if not low <= self.margin <= high:
            raise ValueError(
                f"margin_range {low:g}–{high:g} does not hold the margin {self.margin:g}"
            )
        return self


class Keep(Part):
    """A stated subset of the survey's rows."""

    file: str
    column: str
    value: str = "yes"


class SurveySettings(Part):
    """The raw survey file, and what its columns are for; `codebook` explains the others."""

    file: str
    tool: Literal[
        "qualtrics", "wjx", "limesurvey", "surveymonkey", "ms_forms", "typeform", "kobo",
        "alchemer", "redcap", "jisc", "google_forms", "spss", "stata", "plain",
    ] | None = None  # fmt: skip
    sheet: str | None = None
    long: Texts = Field(default_factory=list)
    encoding: str | None = None
    delimiter: str | None = None
    decimal: Literal[".", ","] | None = None
    weight: str | None = None
    unweighted_waves: Texts = Field(default_factory=list)
    respondent: str | None = None
    wave: str | None = None
    today: str | None = None
    by: Literal["month", "quarter", "half", "year"] | None = None
    segment: str | None = None
    groups: Texts = Field(default_factory=list)
    role: str | None = None
    collected_by: str | None = None
    cluster: str | None = None
    stratum: str | None = None
    date: str | None = None
    raking: dict[str, dict[str, Share]] = Field(default_factory=dict)
    unhappy: Number | None = None
    keep: Keep | None = None


class Strategy(Part):
    """What the plan may cost and what it should fit."""

    budget: Money | None = None
    budgets: dict[Year, Money] = Field(default_factory=dict)
    least: dict[str, Share] = Field(default_factory=dict)
    weights: dict[str, Weight] = Field(default_factory=dict)
    capacity: dict[str, Money] = Field(default_factory=dict)


class ValueWeights(Part):
    """How much each kind of customer value counts."""

    existing: Weight = 0.6
    potential: Weight = 0.3
    influence: Weight = 0.1


class Limits(Part):
    """How much of one file is read into memory; assumed: what a laptop has room for."""

    file_mb: Annotated[int, Field(gt=0)] = 500
    rows: Annotated[int, Field(gt=0)] = 2_000_000
    columns: Annotated[int, Field(gt=0)] = 3_000
    cells: Annotated[int, Field(gt=0)] = 12_000_000
    cell: Annotated[int, Field(gt=0)] = 100_000
    segments: Annotated[int, Field(gt=0)] = 500


class Settings(Part):
    """Every key of client.yml."""

    name: Label
    language: Literal[LANGUAGES] = "en"
    currency: Annotated[str, AfterValidator(known_currency)] = "USD"
    revenue: Annotated[Positive, Amount, AfterValidator(payable)] | None = None
    revenue_from: Source = "measured"
    cautions: Annotated[list[Label], BeforeValidator(listed)] = Field(default_factory=list)
    period: str | None = None
    synthetic: bool = False
    outside: bool = False
    logo: str | None = None
    deck: str | None = None
    colour: Colour | None = None
    limits: Limits = Field(default_factory=Limits)
    scale: Scale = (0.0, 10.0)
    importance_scale: Scale = (0.0, 10.0)
    unhappy: Number | None = None
    dimensions: dict[str, Label] = Field(default_factory=lambda: dict(DIMENSIONS))
    ideal: dict[str, Literal["experience", "expectation"] | Number] = Field(
        default_factory=lambda: {"default": "experience"}
    )
    importance: dict[str, Number] = Field(default_factory=dict)
    target_segments: Annotated[list[str], BeforeValidator(listed), AfterValidator(not_reserved)] = (
        Field(default_factory=list)
    )
    role_weights: dict[str, Weight] = Field(default_factory=dict)
    value_weights: ValueWeights = Field(default_factory=ValueWeights)
    contract_period: Literal["month", "quarter", "year"] | None = None
    small_base: Annotated[int, Field(ge=0)] = 30
    disclosure: Annotated[int, Field(ge=0)] = 10
    confidence: Annotated[float, Field(gt=0, lt=1)] = 0.95
    kano_table: Literal["berger", "strict"] = "berger"
    missing_answers: Literal["complete", "pairwise", "mean"] = "complete"
    encoding: str | None = None
    decimal: Literal[".", ","] | None = None
    labels: dict[str, dict[str, Label]] = Field(default_factory=dict)
    themes: dict[str, Label | Literal[""]] = Field(default_factory=dict)
    quotes: Literal["few", "none"] = "few"
    survey: SurveySettings | None = None
    bonus_dates: Annotated[list[Day], BeforeValidator(listed)] = Field(default_factory=list)
    churn_cost: ChurnCost | None = None
    strategy: Strategy = Field(default_factory=Strategy)


def unhappy_line(settings: Settings) -> float | None:
    """The highest score of a bad experience that client.yml states; None where it states none."""
    of_survey = settings.survey.unhappy if settings.survey else None
    return settings.unhappy if of_survey is None else of_survey


def disagreements(settings: Settings):
    """Keys that are right alone and wrong together, as (dotted key, rule, remedy)."""
    if not settings.dimensions:
        yield "dimensions", "is empty", "Name at least one dimension."
    if twice := named_alike(settings.dimensions):
        rule = f"holds dimensions of one name: {first_few(twice)}"
        yield "dimensions", rule, "No reader could tell them apart: name them differently."
    if "default" in settings.dimensions:
        rule = "holds a dimension named 'default'"
        yield "dimensions", rule, "`ideal` uses that word: rename it."
    low, high = settings.scale
    if (line := unhappy_line(settings)) is not None and not low <= line < high:
        remedy = "Scores at or below it are bad: state one on the scale, below its top."
        yield "survey.unhappy", f"is {line:g}, off the scale {low:g}–{high:g}", remedy
    for key, value in settings.ideal.items():
        if key != "default" and key not in settings.dimensions:
            near = did_you_mean(key, ["default", *settings.dimensions])
            yield f"ideal.{key}", "is not among `dimensions`", near
        if isinstance(value, float) and not low <= value <= high:
            remedy = "Correct the ideal, or `scale`."
            yield f"ideal.{key}", f"is {value:g}, off the scale {low:g}–{high:g}", remedy
    yield from importance_faults(settings)
    if settings.churn_cost and settings.revenue is None:
        yield "revenue", "is missing", "The cost of negative experience is a share of it: state it."
    for key in ("role_weights", "value_weights"):
        weights = dict(getattr(settings, key))
        if weights and not sum(weights.values()):
            yield key, "are all 0", "Give at least one of them a weight."
    for key in settings.strategy.weights:
        if key not in (known := [*FITS, *settings.dimensions]):
            rule = "is neither a dimension nor a kind of fit"
            yield f"strategy.weights.{key}", rule, did_you_mean(key, known)
    for name in settings.strategy.least:
        if name not in FITS:
            yield f"strategy.least.{name}", "is not a kind of fit", did_you_mean(name, FITS)
    if settings.bonus_dates and not (settings.survey and settings.survey.date):
        rule = "needs the day of each answer, and `survey.date` names no column"
        yield "bonus_dates", rule, "Name it, or leave the dates out."
    survey = settings.survey
    if survey and survey.by and not (survey.date or survey.wave):
        rule = "needs the day of each answer, and `survey.date` names no column"
        yield "survey.by", rule, "Name the column with the day of each answer."
    for key in ("today", "unweighted_waves") if survey else ():
        if getattr(survey, key) and not (survey.wave or survey.by):
            rule = "names a wave, and `survey.wave` names no column"
            yield f"survey.{key}", rule, "Name the column that says which wave an answer is of."
    inputs = churn_inputs(settings)
    for fault in [] if inputs is None else share_faults(stated_or_counted(inputs)):
        yield "churn_cost", fault.rstrip("."), ""


def importance_faults(settings: Settings):
    """Importances decided for what is no dimension, or off their scale."""
    low, high = settings.importance_scale
    for key, value in settings.importance.items():
        if key not in settings.dimensions:
            near = did_you_mean(key, settings.dimensions)
            yield f"importance.{key}", "is not among `dimensions`", near
        if not low <= value <= high:
            remedy = "Correct the importance, or `importance_scale`."
            yield f"importance.{key}", f"is {value:g}, off the scale {low:g}–{high:g}", remedy


def stated_or_counted(inputs):
    """Share of each churn-cost input, 0–1: counted where there are counts, else stated."""
    shares = (inputs["count"] / inputs["of"]).fillna(inputs["share"])
    return shares.set_axis(inputs["input"])


def churn_key(name: str) -> str:
    """The dotted key of client.yml that states one input: complained_lost → …complained.lost."""
    group = next((group for group in GROUPS if name in GROUPS[group]), "")
    leaf = name.removeprefix(f"{group}_")
    return ".".join(filter(None, ["churn_cost", group, leaf]))


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
        stated |= {
            leaf: (getattr(split, leaf.removeprefix(f"{group}_")), split.from_)
            for leaf in GROUPS[group]
        }
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
