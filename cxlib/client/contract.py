"""The tables a client may send: what a row is, and what each column holds. The one place.

What breaks a rule, and what then happens:

- in a table that a person filled in (`records` is False): refused. The run would be about
  something else.
- in the export of a system (`records`: customers, transactions, complaints, contacts): the row is
  left out, or the cell where the column is optional, with a line in `rejected`. Refused only where
  no cell of a column can be read at all.
- an answer of the survey file: left out with a line in `rejected`. Refused only where no answer
  of a column can be read at all.
- a weight, wave or respondent of the survey: refused. A blank weight is not zero.
"""

from dataclasses import dataclass

from cxlib.sums.brand import VALUE_FORMS, VALUE_KINDS
from cxlib.sums.kpi import RIGHTS

SOURCES = ("survey", "frontline", "management", "assumed")
MEASURES = (
    "experience", "expectation", "importance", "satisfaction", "expectation_driver", "overall",
    "recommend", "repurchase", "switching_cost", "problem", "complained", "success", "functional",
    "dysfunctional", "reason", "verbatim", "group",
)  # fmt: skip
# The largest company there is takes in about 7e11 US dollars a year: some 7e17 in Iranian rials, the
# currency of least worth. What is beyond is a slip, and its products would be no numbers at all.
MOST = 1e18
EXPECTATION_DRIVERS = (
    "word_of_mouth", "promotion", "values", "circumstance", "past_here", "past_elsewhere",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column.

    kind      text (identifiers and codes too), number, date, or yes (yes / no)
    required  the column must be there and no cell of it blank
    low, high bounds of a number, both allowed
    scale     key of client.yml that holds the bounds instead
    values    the only texts allowed
    joins     what the texts must be found in: "dimensions" of client.yml, or another column of
              the same table; cells of several names are separated by `;`
    ahead     a date that may lie after the day of the run
    """

    name: str
    about: str
    kind: str = "text"
    required: bool = False
    low: float | None = None
    high: float | None = None
    scale: str = ""
    values: tuple = ()
    joins: str = ""
    ahead: bool = False


@dataclass(frozen=True)
class Table:
    """One table: `key` columns name a row, once; of `one_of` at least one column is needed."""

    name: str
    row: str
    columns: tuple
    key: tuple = ()
    one_of: tuple = ()
    records: bool = False
    unlocks: str = ""

    @property
    def by_name(self) -> dict:
        """{name: column}."""
        return {column.name: column for column in self.columns}


def text(name, about, **rules):
    """A column of texts, codes and identifiers."""
    return Column(name, about, **rules)


def number(name, about, **rules):
    """A column of numbers."""
    return Column(name, about, kind="number", **rules)


def date(name, about, **rules):
    """A column of days."""
    return Column(name, about, kind="date", **rules)


def yes(name, about, **rules):
    """A column of yes and no."""
    return Column(name, about, kind="yes", **rules)


BY_ITEM_ALONE = "none"  # in place of an item's dimension: told by item, and in no experience type


def dimension(about="dimension, a key of `dimensions` in client.yml", **rules):
    """The column `dimension`, which must be one of client.yml."""
    return text("dimension", about, joins="dimensions", **rules)


SCORE = {"scale": "scale"}
SERVES = ("customers_customer",)
WORTH = (
    text("value_kind", "kind of value to the customer", values=VALUE_KINDS),
    text("value_form", "said by customers, implied, or not yet thought of", values=VALUE_FORMS),
)
FIT = {"low": 0, "high": 1}
FITS = ("strategy_fit", "people", "process", "technology")  # weighed by `strategy.weights`

TABLES = {
    table.name: table
    for table in (
        Table(
            "scores",
            "dimension (and segment)",
            (
                dimension(required=True),
                text("segment", "customers the row is about; blank or `all`: everyone"),
                number("experience", "score for what was lived", **SCORE),
                number("expectation", "score that was expected", **SCORE),
                number("importance", "how much it matters", scale="importance_scale"),
                number("ideal", "score the company decides to deliver", **SCORE),
                text("from", "where the scores come from", values=SOURCES),
                number("promise", "what the company says it will deliver", **SCORE),
            ),
            key=("dimension", "segment"),
            one_of=("experience", "expectation", "importance"),
            unlocks="experience, expectation, importance and the gap by dimension",
        ),
        Table(
            "codebook",
            "column of the survey file",
            (
                text("column", "column of the survey file, its header exactly", required=True),
                text("measure", "what the column measures", required=True, values=MEASURES),
                text("item", "what it is asked about; pairs share an item"),
                dimension(
                    "dimension, a key of `dimensions` in client.yml; blank: the item stands for "
                    "itself; none: told by item alone"
                ),
                text("stage", "stage of the journey"),
                text("channel", "channel"),
                text("quality", "kind of quality", values=("technical", "functional", "image")),
                text("label", "wording for the report"),
                number("low", "lowest answer, where it is not the client's scale"),
                number("high", "highest answer"),
                text("missing", "codes that stand for no answer, `;` between"),
                text("codes", "answers that are words: `answer=number;…`"),
            ),
            key=("column",),
            unlocks="reading the raw survey file",
        ),
        Table(
            "brand_values",
            "reason for choosing the company",
            (
                text("reason", "reason for choosing the company", required=True),
                number("mentions", "how many gave it", low=0),
                number("share", "share who gave it, 0–1", low=0, high=1),
                text("note", "remark"),
                *WORTH,
            ),
            key=("reason",),
            unlocks="why customers come",
        ),
        Table(
            "customers",
            "customer",
            (
                text("customer", "customer", required=True),
                text("segment", "segment"),
                number("revenue", "revenue a year"),
                number("margin", "margin a year, in currency"),
                number("potential", "revenue a year the customer could bring", low=0),
                number("influence", "how much the customer brings others", low=0),
                date("since", "customer since"),
                date("last_purchase", "last purchase"),
                yes("churned", "has left"),
                yes("complained", "has complained"),
                text("contact_mode", "how the customer is served"),
                number("satisfaction", "satisfaction", **SCORE),
                number("switching_cost", "how hard it is to leave", **SCORE),
                number("procedural", "procedural quality of the service", **SCORE),
                number("personal", "personal quality of the service", **SCORE),
                number("tenure", "months the customer has been followed to, from the first", low=0),
                number("entered", "months at which the customer came into view", low=0),
                text("territory", "territory, or who looks after it"),
                text("served_by", "team or site that serves the customer"),
            ),
            key=("customer",),
            records=True,
            unlocks="customer value, tiers and loyalty",
        ),
        Table(
            "transactions",
            "invoice line or order",
            (
                text("customer", "customer", required=True),
                date("date", "date of the sale", required=True),
                number("amount", "amount; below zero for a return", required=True),
                text("kind", "kind of line: goods, postage, discount …"),
            ),
            records=True,
            unlocks="concentration of sales, dormant customers and lifetime value",
        ),
        Table(
            "complaints",
            "case",
            (
                text("case", "case", required=True),
                date("date", "date received"),
                text("customer", "customer"),
                text("stage", "stage"),
                text("channel", "channel"),
                dimension(),
                text("reason", "reason given"),
                yes("compensated", "was compensated"),
                yes("resolved", "was put right"),
                yes("disputed", "answer was disputed"),
                yes("reopened", "was opened again"),
                text("outcome", "what became of it", values=("retained", "at_risk", "lost")),
                number("hours_to_resolve", "hours until it was closed", low=0),
                text("text", "the customer's words"),
                text("path", "channels the case went through, `>` between"),
                text("response", "what the company answered"),
            ),
            key=("case",),
            records=True,
            unlocks="what happens to those who complain, and the measured churn tree",
        ),
        Table(
            "kpis",
            "measure and period",
            (
                text("kpi", "measure", required=True),
                text("period", "period, such as 2024-03 or 2024-Q1", required=True),
                text("stage", "stage"),
                text("channel", "channel"),
                number("numerator", "events counted", low=0),
                number("denominator", "out of how many", low=0),
                number("value", "value, where it is not a ratio"),
                text(
                    "unit", "unit of the value; nps: a net promoter score of `denominator` answers"
                ),
                number("target", "target"),
                number("benchmark", "benchmark"),
                text("better", "which way is better", values=("high", "low")),
                text("penalty", "consequence of missing the target"),
                text("right", "rights it speaks of, `;` between: " + ", ".join(RIGHTS)),
            ),
            key=("kpi", "period", "stage", "channel"),
            one_of=("value", "numerator"),
            unlocks="service levels against their targets",
        ),
        Table(
            "register",
            "requirement",
            (
                text("stage", "stage of the life cycle", required=True),
                text(
                    "kind",
                    "kind of requirement",
                    required=True,
                    values=("need", "complaint", "must", "nice", "beyond"),
                ),
                text("statement", "the requirement", required=True),
                dimension(),
                number("mentions", "how many asked for it", low=0),
                text("item", "item of the survey's Kano questions that it is"),
                text("serves", "whom it serves, where not the customer", values=SERVES),
                *WORTH,
            ),
            key=("stage", "kind", "statement"),
            unlocks="the requirement register",
        ),
        Table(
            "initiatives",
            "thing that could be done",
            (
                text("initiative", "thing that could be done", required=True),
                number("cost", "cost, in currency", required=True, low=0),
                dimension(),
                number("uplift", "score points that the dimension gains"),
                number("strategy_fit", "fit with the strategy, 0–1", **FIT),
                number("people", "fit with the people, 0–1", **FIT),
                number("process", "fit with the process, 0–1", **FIT),
                number("technology", "fit with the technology, 0–1", **FIT),
                text("requires", "initiatives it needs, `;` between", joins="initiative"),
                text(
                    "excludes",
                    "initiatives it rules out, `;` between",
                    joins="initiative",
                ),
                text("year", "earliest year"),
                number("running", "cost a year after the first, in currency", low=0),
            ),
            key=("initiative",),
            unlocks="what to fund under the budget, and the second best",
        ),
        Table(
            "performance",
            "period",
            (
                text("period", "period", required=True),
                text("measure", "what is measured", required=True),
                number("value", "value"),
                number("units", "units that it comes from, such as stores", low=0),
                text("event", "what happened"),
            ),
            key=("period", "measure"),
            unlocks="proof that the repair paid",
        ),
        Table(
            "contacts",
            "care contact",
            (
                text("customer", "customer", required=True),
                date("date", "date", required=True),
                text("mode", "phone, visit, event …"),
                text("need", "need that was heard"),
                text("outcome", "what came of it", values=("archived", "planned", "sold")),
                number("amount", "amount sold"),
            ),
            records=True,
            unlocks="care and second sales",
        ),
        Table(
            "service_levels",
            "level tried or quoted",
            (
                text("level", "service level", required=True),
                number("cost", "cost a year", required=True, low=0),
                number("revenue", "revenue a year", required=True, low=0),
            ),
            key=("level",),
            unlocks="the best service level, and how flat the optimum is",
        ),
        Table(
            "ownership",
            "cost of owning",
            (
                text("item", "what the customer has to do or pay", required=True),
                number("money", "money, in currency", low=0),
                number("hours", "hours", low=0),
                number("hassle", "hassle, 0–10", low=0, high=10),
                number("mentions", "how many named it", low=0),
            ),
            key=("item",),
            unlocks="what owning costs the customer",
        ),
        Table(
            "health_check",
            "area",
            (
                text("area", "area", required=True),
                number("score", "the client's score"),
                number("reference", "score of the reference group"),
                number("n", "answers behind the score", low=0),
                number("sd", "standard deviation of those answers", low=0),
                number("reference_n", "answers, or firms, behind the reference", low=0),
                number("reference_sd", "standard deviation of those", low=0),
            ),
            key=("area",),
            unlocks="the client against a reference group",
        ),
        Table(
            "actions",
            "finding",
            (
                text("finding", "finding", required=True),
                text("owner", "who acts on it"),
                date("due", "due", ahead=True),
                text("status", "status"),
            ),
            key=("finding",),
            unlocks="which findings led to action",
        ),
    )
}
