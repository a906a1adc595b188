"""client.yml: every key, its type, its rule and what it is for.

The descriptions are the documentation: `cx new` writes them into the commented client.yml, and a
test holds the guide to them. YAML is read as text and typed here, so that `no` stays a word,
`010` keeps its nought, and `50_000_000` becomes a number because `revenue` is one.
"""

import datetime as dt
from typing import Annotated, Literal

import pandas as pd
from babel.numbers import is_currency
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from cxlib.client.contract import FITS, MOST
from cxlib.client.numerals import stated_amount, stated_share
from cxlib.client.problems import did_you_mean, first_few, named_alike
from cxlib.sums.churn_inputs import GROUPS, share_faults

LANGUAGES = ("en", "zh-Hans", "zh-Hant")
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
            f"{first_few(strange)}: a label is text, or one text each for en, zh-Hans, zh-Hant"
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

    share: Share | None = Field(None, description="Share of its parent, 0–1.")
    range: tuple[Share, Share] | None = Field(
        None, description="Lowest and highest the share could be; it holds the share."
    )
    count: Annotated[int, Field(ge=0)] | None = Field(
        None, description="Instead of share: how many, measured."
    )
    of: Annotated[int, Field(gt=0)] | None = Field(None, description="… of how many.")
    from_: Source | None = Field(
        None, alias="from", description="Where it comes from: measured, assumption or literature."
    )

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

    retained: Split = Field(description="Share kept, satisfied: a number, or as for negative.")
    at_risk: Split = Field(description="Share at risk.")
    lost: Split = Field(description="Share lost.")
    from_: Source = Field("assumption", alias="from", description="Where the three come from.")


class SilentSplit(Part):
    """What became of those who did not complain; the two add up to 1."""

    at_risk: Split = Field(description="Share at risk: a number, or as for negative.")
    lost: Split = Field(description="Share lost.")
    from_: Source = Field("assumption", alias="from", description="Where the two come from.")


class ChurnCost(Part):
    """The cost of negative experience: shares of the tree over annual revenue."""

    negative: Split = Field(
        description="Share of revenue with a negative experience: {share, range: [low, high], from},"
        " or measured {count, of, from}."
    )
    complain: Split = Field(description="Share of the negative who complain; as negative.")
    complained: ComplainedSplit = Field(
        description="Of those who complain: retained, at_risk, lost."
    )
    silent: SilentSplit = Field(description="Of those who do not: at_risk, lost.")
    baseline_churn: Split | None = Field(
        None, description="Share of the satisfied who leave anyway; unlocks the incremental view."
    )
    margin: Share | None = Field(
        None, description="Margin, share of revenue, 0–1; unlocks the view in margin."
    )
    margin_from: Source = Field("assumption", description="Where the margin comes from.")
    margin_range: tuple[Share, Share] | None = Field(
        None, description="Lowest and highest the margin could be; it holds the margin."
    )
    range_holds: float = Field(
        0.90, ge=0.5, le=0.99, description="Probability, 0.5–0.99, that a stated range holds."
    )
    lifetime: Annotated[Positive, Field(le=1000)] | None = Field(
        None,
        description="Lifetime value per unit of a year's revenue; unlocks the view in lifetime value.",
    )

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

    file: str = Field(description="File with one row per row of the survey file, in its order.")
    column: str = Field(description="Its column that says which rows to keep …")
    value: str = Field("yes", description="… and the value that keeps a row.")


class SurveySettings(Part):
    """The raw survey file, and what its columns are for; `codebook` explains the others."""

    file: str = Field(
        description="Survey file in the client's folder; docs/formats.md lists the formats."
    )
    tool: Literal[
        "qualtrics", "wjx", "limesurvey", "surveymonkey", "ms_forms", "typeform", "kobo",
        "alchemer", "redcap", "jisc", "google_forms", "spss", "stata", "plain",
    ] | None = Field(
        None, description="Survey tool that wrote the file; found out from its header if not said."
    )  # fmt: skip
    sheet: str | None = Field(
        None, description="Sheet of an Excel workbook; the first if not said."
    )
    long: Texts = Field(
        default_factory=list,
        description="One row per answer: [who answered, what, score], its three columns.",
    )
    encoding: str | None = Field(
        None, description="Encoding of a CSV that is not UTF-8, such as gb18030, big5, cp949."
    )
    delimiter: str | None = Field(None, description="Delimiter of a CSV; found out if not said.")
    decimal: Literal[".", ","] | None = Field(
        None, description="Decimal mark; found out if not said."
    )
    weight: str | None = Field(None, description="Column with each respondent's weight.")
    unweighted_waves: Texts = Field(
        default_factory=list,
        description="Waves that came without weights: each of their respondents counts 1.",
    )
    respondent: str | None = Field(None, description="Column that names the respondent, once each.")
    wave: str | None = Field(None, description="Column that names the wave.")
    today: str | None = Field(
        None, description="Wave that stands for today; the last one if not said."
    )
    by: Literal["month", "quarter", "half", "year"] | None = Field(
        None,
        description="Makes waves of the days in `date` (or in `wave`): month, quarter, half, year.",
    )
    segment: str | None = Field(
        None, description="Column that names the customer's segment, or the item of a group."
    )
    groups: Texts = Field(
        default_factory=list,
        description="Other groupings: columns, or items of measure group; all of these if not said.",
    )
    role: str | None = Field(None, description="Column that names the respondent's role.")
    collected_by: str | None = Field(
        None, description="Column that says who collected the answers."
    )
    cluster: str | None = Field(
        None,
        description="Column of whom a person was asked together with: flight, store, account,"
        " interviewer. Intervals then count such groups, not people.",
    )
    stratum: str | None = Field(
        None, description="Column of the parts of the population that were sampled apart."
    )
    date: str | None = Field(
        None, description="Column with the day of each answer; `bonus_dates` need it."
    )
    raking: dict[str, dict[str, Share]] = Field(
        default_factory=dict,
        description="Known shares of the population by column and value: {gender: {1: .48, 2: .52}}.",
    )
    unhappy: Number | None = Field(
        None,
        description="Scores of `scale` at or below it count as a bad experience; without it those"
        " short of the middle do. `unhappy` outside of survey says it without a survey.",
    )
    keep: Keep | None = Field(
        None, description="Use only a stated subset of the rows: {file, column, value}."
    )


class Strategy(Part):
    """What the plan may cost and what it should fit."""

    budget: Money | None = Field(
        None,
        description="Most that the chosen initiatives may cost; in each year, where `initiatives`"
        " names years.",
    )
    budgets: dict[Year, Money] = Field(
        default_factory=dict,
        description="The most that each year may cost, {2025: 1_000_000, …}; goes before budget.",
    )
    least: dict[str, Share] = Field(
        default_factory=dict,
        description="Least fit (strategy_fit, people, process, technology, 0–1) that an initiative"
        " must have to be chosen.",
    )
    weights: dict[str, Weight] = Field(
        default_factory=dict,
        description="How much each dimension and each kind of fit (strategy_fit, people, process,"
        " technology) counts; 1 where not said.",
    )
    capacity: dict[str, Money] = Field(
        default_factory=dict,
        description="Columns of `initiatives`, and the most that the chosen may add up to:"
        " {person_days: 400}.",
    )


class ValueWeights(Part):
    """How much each kind of customer value counts."""

    existing: Weight = Field(0.6, description="Weight of the value a customer has had.")
    potential: Weight = Field(0.3, description="Weight of the value a customer could have.")
    influence: Weight = Field(0.1, description="Weight of the value a customer brings others to.")


class Limits(Part):
    """How much of one file is read into memory; assumed: what a laptop has room for."""

    file_mb: Annotated[int, Field(gt=0)] = Field(500, description="MB of one file, expanded.")
    rows: Annotated[int, Field(gt=0)] = Field(2_000_000, description="Rows of one table.")
    columns: Annotated[int, Field(gt=0)] = Field(3_000, description="Columns of one table.")
    cells: Annotated[int, Field(gt=0)] = Field(12_000_000, description="Cells of one table.")
    cell: Annotated[int, Field(gt=0)] = Field(100_000, description="Characters in one cell.")
    segments: Annotated[int, Field(gt=0)] = Field(
        500, description="Different values of one grouping."
    )


class Settings(Part):
    """Every key of client.yml."""

    name: Label = Field(
        description="The client's name: text, or {en: …, zh-Hans: …, zh-Hant: …}, as any label below."
    )
    language: Literal["en", "zh-Hans", "zh-Hant"] = Field(
        "en", description="Language of the report: en, zh-Hans or zh-Hant."
    )
    currency: Annotated[str, AfterValidator(known_currency)] = Field(
        "USD", description="Currency of every amount, ISO 4217."
    )
    revenue: Annotated[Positive, Amount, AfterValidator(payable)] | None = Field(
        None, description="Annual revenue; needed for churn_cost."
    )
    revenue_from: Source = Field(
        "measured", description="Where revenue comes from: measured, assumption or literature."
    )
    cautions: Annotated[list[Label], BeforeValidator(listed)] = Field(
        default_factory=list,
        description="Words of caution to print wherever the client is reported.",
    )
    synthetic: bool = Field(
        False, description="The data are made up: said on top of every page of the client."
    )
    outside: bool = Field(
        False, description="Files outside the client's folder may be read; every run says so."
    )
    logo: str | None = Field(None, description="Picture in this folder: png, jpg, svg, webp, gif.")
    colour: Colour | None = Field(
        None, description="The client's own colour: # and six digits, 0–9 and A–F."
    )
    limits: Limits = Field(
        default_factory=Limits, description="How much of one file is read into memory."
    )
    scale: Scale = Field(
        (0.0, 10.0), description="Lowest and highest experience, expectation and ideal score."
    )
    importance_scale: Scale = Field((0.0, 10.0), description="Lowest and highest importance score.")
    unhappy: Number | None = Field(None, description="As `survey.unhappy`, where no survey is.")
    dimensions: dict[str, Label] = Field(
        default_factory=lambda: dict(DIMENSIONS),
        description="Dimensions of experience, in the order to show them: {key: label}.",
    )
    ideal: dict[str, Literal["experience", "expectation"] | Number] = Field(
        default_factory=lambda: {"default": "experience"},
        description="What the company decides to deliver, by dimension and by default: a score;"
        " expectation (what customers expect, where that is above today); or experience (not decided).",
    )
    importance: dict[str, Number] = Field(
        default_factory=dict,
        description="Importance to reckon with in place of what was asked, by dimension: an assumption.",
    )
    target_segments: Annotated[list[str], BeforeValidator(listed), AfterValidator(not_reserved)] = (
        Field(
            default_factory=list,
            description="Segments that the design is for; empty: everyone.",
        )
    )
    role_weights: dict[str, Weight] = Field(
        default_factory=dict,
        description="How much each role counts, by who decides and pays: {sponsor: 0.5, …}.",
    )
    value_weights: ValueWeights = Field(
        default_factory=ValueWeights, description="How much each kind of customer value counts."
    )
    contract_period: Literal["month", "quarter", "year"] | None = Field(
        None, description="How long a contract runs; found from the stays where they show it."
    )
    small_base: Annotated[int, Field(ge=0)] = Field(
        30, description="Base below which a number is shown as indicative."
    )
    disclosure: Annotated[int, Field(ge=0)] = Field(
        10, description="Base below which a number is not shown at all."
    )
    confidence: Annotated[float, Field(gt=0, lt=1)] = Field(
        0.95, description="Confidence of every interval, 0–1."
    )
    kano_table: Literal["berger", "strict"] = Field(
        "berger", description="Kano evaluation table: berger, or strict ((2,2) and (4,4) are Q)."
    )
    missing_answers: Literal["complete", "pairwise", "mean"] = Field(
        "complete",
        description="Blanks in derived importance: only people who answered everything (complete),"
        " each pair of questions by those who answered both (pairwise), or filled with the mean.",
    )
    encoding: str | None = Field(
        None, description="Encoding of CSV tables that are not UTF-8, such as gb18030 or big5."
    )
    decimal: Literal[".", ","] | None = Field(
        None, description="Decimal mark of the tables' numbers; found out by column if not said."
    )
    labels: dict[str, dict[str, Label]] = Field(
        default_factory=dict,
        description="What other codes are called, by kind: {segment: {vip: Our best customers}}.",
    )
    survey: SurveySettings | None = Field(
        None, description="The raw survey file, read through the table codebook."
    )
    bonus_dates: Annotated[list[Day], BeforeValidator(listed)] = Field(
        default_factory=list,
        description="Days on which staff were paid for scores: the fortnight before each is looked"
        " at; needs `survey.date`.",
    )
    churn_cost: ChurnCost | None = Field(
        None, description="The cost of negative experience: shares of the tree over revenue."
    )
    strategy: Strategy = Field(
        default_factory=Strategy, description="Budget, least fit, weights of fit, and capacity."
    )


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
