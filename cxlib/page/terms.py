"""What the columns and codes of our tables are called, and how their numbers are written.

One place, so that a table, a figure's axis and a sentence say the same word for the same thing.
"""

import re

from cxlib.page.language import N_

# column: (heading, how it is written). Kinds: score, share, percent (already 0–100), money, count,
# number, p (a probability), mark (where a number comes from), code (translated), yes, name.
COLUMNS = {
    "dimension": (N_("Experience type"), "dimension"),
    "item": (N_("Item"), "item"),
    "segment": (N_("Customers"), "segment"),
    "grouping": (N_("Grouping"), "grouping"),
    "group": (N_("Group"), "group"),
    "designed_for": (N_("Designed for"), "yes"),
    "target": (N_("Target"), "number"),
    "advice": (N_("What the gap asks for"), "code"),
    "mean": (N_("Mean"), "number2"),
    "lowest": (N_("Lowest"), "number"),
    "highest": (N_("Highest"), "number"),
    "detectable": (N_("Smallest detectable"), "score2"),
    "different": (N_("Beyond chance"), "yes"),
    "centre": (N_("Centre"), "score2"),
    "signal": (N_("Signal"), "code"),
    "sign": (N_("Sign"), "text"),
    "reason_about": (N_("On account of"), "about"),
    "value_ratio": (N_("Value against the base"), "score2"),
    "units_ratio": (N_("Units against the base"), "score2"),
    "rows_in": (N_("Rows received"), "count"),
    "rows_used": (N_("Rows used"), "count"),
    "values_left_out": (N_("Values left out"), "count"),
    "values": (N_("Values"), "count"),
    "first_row": (N_("First in row"), "count"),
    "example": (N_("For example"), "text"),
    "outside": (N_("Outside the range"), "count"),
    "role": (N_("Role"), "role"),
    "wave": (N_("Wave"), "wave"),
    "continuous_class": (N_("Continuous class"), "kano"),
    "class_other": (N_("By the other table"), "kano"),
    "n_silent": (N_("Did not complain"), "count"),
    "stage": (N_("Stage"), "stage"),
    "channel": (N_("Channel"), "channel"),
    "n": (N_("Answers"), "count"),
    "n_eff": (N_("Effective base"), "count"),
    "design_effect": (N_("Design effect"), "number2"),
    "before_raking": (N_("Share before"), "share"),
    "after_raking": (N_("Share after"), "share"),
    "wanted": (N_("Share wanted"), "share"),
    "experience": (N_("Experience"), "score"),
    "expectation": (N_("Expectation"), "score"),
    "satisfaction": (N_("Satisfaction"), "signed"),
    "importance": (N_("Importance"), "score"),
    "derived": (N_("Derived importance"), "share"),
    "priority": (N_("Derived importance × shortfall"), "signed2"),
    "weighted_satisfaction": (N_("Importance × satisfaction"), "signed"),
    "ideal": (N_("Ideal"), "score"),
    "gap": (N_("Gap to ideal"), "signed"),
    "key_experience": (N_("Key experience"), "yes"),
    "p_key": (N_("Probability of being the key experience"), "p"),
    "rank": (N_("Rank"), "count"),
    "from": (N_("Source"), "mark"),
    "reason": (N_("Reason"), "reason"),
    "mentions": (N_("Mentions"), "count"),
    "share": (N_("Share"), "share"),
    "reliable": (N_("Sure enough to decide on"), "yes"),
    "note": (N_("Note"), "text"),
    "view": (N_("View"), "code"),
    "branch": (N_("Branch"), "code"),
    "parent": (N_("Of which"), "code"),
    "amount": (N_("Amount"), "money"),
    "input": (N_("Assumption"), "code"),
    "low": (N_("Low"), "share"),
    "high": (N_("High"), "share"),
    "count": (N_("Count"), "count"),
    "of": (N_("Out of"), "count"),
    "loss_low": (N_("Loss at low"), "money"),
    "loss_high": (N_("Loss at high"), "money"),
    "swing": (N_("Swing"), "money"),
    "lever": (N_("Lever"), "code"),
    "one_point": (N_("One percentage point is worth, a year"), "money"),
    "one_point_incremental": (N_("Beyond normal churn"), "money"),
    "break_even": (N_("Most it may cost, a year"), "money"),
    "p_saves": (N_("Probability that it saves"), "p"),
    "p_most": (N_("Probability of being worth most"), "p"),
    "initiative": (N_("Initiative"), "initiative"),
    "cost": (N_("Cost"), "money"),
    "uplift": (N_("Uplift"), "signed"),
    "benefit": (N_("Benefit"), "number"),
    "chosen": (N_("Funded"), "yes"),
    "second_best": (N_("Second best"), "yes"),
    "requires": (N_("Requires"), "text"),
    "excludes": (N_("Excludes"), "text"),
    "strategy_fit": (N_("Fits strategy"), "share"),
    "people": (N_("People"), "share"),
    "process": (N_("Process"), "share"),
    "technology": (N_("Technology"), "share"),
    "fit": (N_("Fit"), "share"),
    "period": (N_("Period"), "text"),
    "measure": (N_("Measure"), "code"),
    "value": (N_("Value"), "number"),
    "units": (N_("Units"), "number"),
    "value_per_unit": (N_("Value per unit"), "number"),
    "ratio": (N_("Against the first period"), "number"),
    "in_proportion": (N_("At least in proportion"), "yes"),
    "event": (N_("Event"), "text"),
    "A": (N_("Attractive"), "number0"),
    "O": (N_("One-dimensional"), "number0"),
    "M": (N_("Must-be"), "number0"),
    "I": (N_("Indifferent"), "number0"),
    "R": (N_("Reverse"), "number0"),
    "Q": (N_("Questionable"), "number0"),
    "class": (N_("Requirement class"), "kano"),
    "mode": (N_("Most frequent class"), "kano"),
    "better": (N_("Better"), "score2"),
    "worse": (N_("Worse"), "score2"),
    "significant": (N_("Significant"), "yes"),
    "p_class": (N_("Probability of the class"), "p"),
    "kind": (N_("Kind"), "code"),
    "statement": (N_("Requirement"), "text"),
    "table": (N_("Table"), "table"),
    "row": (N_("Row"), "count"),
    "column": (N_("Column"), "text"),
    "rows": (N_("Rows"), "count"),
    "used": (N_("Used"), "count"),
    "left_out": (N_("Left out"), "count"),
    "supplied": (N_("Supplied"), "yes"),
    "unlocks": (N_("What it would unlock"), "said"),
    "missing": (N_("Not answered"), "share"),
    "outcome": (N_("Outcome"), "code"),
    "method": (N_("Method"), "code"),
    "r2": (N_("Variance explained"), "share"),
    "p_first": (N_("Probability of being first"), "p"),
    "difference": (N_("Difference"), "signed2"),
    "change": (N_("Change"), "growth"),
    "finding": (N_("Finding"), "text"),
    "owner": (N_("Owner"), "text"),
    "due": (N_("Due"), "date"),
    "status": (N_("Status"), "text"),
    "file": (N_("File"), "text"),
    "sha256": (N_("SHA-256"), "text"),
}

SCORES = ("experience", "expectation", "satisfaction", "importance", "ideal", "gap")
NARROW = 0.2  # score points: an interval narrower than this is lost in one decimal


def score_digits(table) -> int:
    """Decimals of all scores of a table: two where an interval of theirs is narrow, else one.

    The same for the whole table, so that its columns can be compared and its sentences agree.
    """
    known = [name for name in SCORES if f"{name}_low" in table and f"{name}_high" in table]
    widths = [(table[f"{name}_high"] - table[f"{name}_low"]).astype(float) for name in known]
    return 2 if any((width < NARROW - 1e-9).any() for width in widths) else 1


BENEFITS = ("benefit", "benefit_lost", "benefit_gained")  # money where the table's unit is


def telling_digits(table, name) -> int:
    """Decimals of a figure's labels: those of the table, and two where one would make two
    different numbers look the same, in a figure that sorts them.
    """
    values = table[name].dropna().astype(float)
    alike = values.round(1).nunique() < values.round(2).nunique()
    return 2 if alike else score_digits(table)


def written_as(name, table) -> str:
    """The kind in which a column of this table is written; "" where it is none of ours."""
    kind = COLUMNS.get(name, ("", ""))[1]
    if name in BENEFITS and "unit" in table and table["unit"].eq("money").all():
        return "estimate"
    return f"{kind}2" if name in SCORES and score_digits(table) == 2 else kind


MONEY = ("money", "estimate")  # an estimate is known to three figures at the most
NUMBERS = (  # the kinds that are numbers
    "score",
    "score2",
    "signed",
    "signed2",
    "share",
    *MONEY,
    "count",
    "number",
    "number0",
    "number2",
    "growth",
    "p",
)
# Behind the numbers: in results/*.csv and on request, but not in a table by default.
BEHIND = {
    "flag",
    "n_eff",
    "n_rest",
    "n_before",
    "n_eff_rest",
    "n_eff_before",
    "mean_rest",
    "mean_before",
    "p",
    "q",
    "rank",
    "moving_range",
    "mean_range",
    "limit",
    "parent",
    "base",
    "r2",
    "missing_answers",
    "filled",
    "sampled",
    "coefficient",
    "p_negative",
    "correlation",
    "functional_score",
    "dysfunctional_score",
    "continuous_class",
    "basis",
    "units_ratio",
    "one_point_incremental",
    "key_basis",
}

CODES = {
    # where a number comes from
    "measured": N_("measured"),
    "assumption": N_("assumed"),
    "assumed": N_("assumed"),
    "literature": N_("literature"),
    "survey": N_("measured"),
    "frontline": N_("front line"),
    "management": N_("management"),
    # who
    "all": N_("all customers"),
    "target": N_("target customers"),
    # the tree of negative experience
    "revenue": N_("Annual revenue"),
    "positive": N_("Good experience"),
    "negative": N_("Bad experience"),
    "complained": N_("Complain"),
    "silent": N_("Say nothing"),
    "complained_retained": N_("Complain and are won back"),
    "complained_at_risk": N_("Complain and are at risk"),
    "complained_lost": N_("Complain and leave"),
    "silent_at_risk": N_("Silent and at risk"),
    "silent_lost": N_("Leave without a word"),
    "at_risk": N_("At risk in all"),
    "lost": N_("Lost in all"),
    "gross": N_("Gross"),
    "incremental": N_("Beyond normal churn"),
    "margin": N_("In margin"),
    "lifetime": N_("In lifetime value"),
    # its inputs and levers
    "complain": N_("Share who complain"),
    "baseline_churn": N_("Normal churn"),
    "recovery": N_("Win back more of those who complain"),
    "complaint": N_("Make complaining easy"),
    # requirements
    "must": N_("must have"),
    "nice": N_("nice to have"),
    "beyond": N_("beyond expectation"),
    "need": N_("need"),
    # methods
    "lmg": N_("Shapley (LMG)"),
    "johnson": N_("Johnson"),
    # outcomes
    "overall": N_("Overall satisfaction"),
    "recommend": N_("Recommendation"),
    "repurchase": N_("Buying again"),
    "problem": N_("Problem met"),
    "success": N_("Success"),
    "switching_cost": N_("Cost of switching"),
    "experience": N_("Experience"),
    "expectation": N_("Expectation"),
    "importance": N_("Importance"),
    "satisfaction": N_("Satisfaction"),
    "ok": N_("complete"),
    "complete": N_("complete"),
    "failed": N_("failed"),
    # what a gap asks for
    "exceed": N_("spend here, and exceed what is expected"),
    "repair": N_("bring up to the ideal"),
    "above": N_("better than the ideal"),
    "enough": N_("enough"),
    "unknown": N_("not known"),
    # a control chart's signals
    "outside": N_("outside the limits"),
    "run": N_("a run on one side"),
}
# Why an initiative is in the plan or not (portfolio.choose_portfolio; not_tied: plans.plan).
REASONS = {
    "other": N_("Other"),
    "chosen": N_("in the best plan"),
    "no_benefit": N_("brings no benefit"),
    "over_budget": N_("costs more than the budget"),
    "over_capacity": N_("needs more capacity than there is"),
    "requires": N_("needs another that is not in the plan"),
    "excluded": N_("ruled out by another in the plan"),
    "outbid": N_("others give more for the money"),
    "adds_nothing": N_("adds nothing to what the plan keeps already"),
    "unknown": N_("cost or benefit not known"),
    "no_fit": N_("outside the strategy, or what we can do"),
    "unfit": N_("below the minimum fit"),
    "later": N_("cannot start in the years planned"),
    "never_pays": N_("costs more to run than the margin on what it keeps"),
    "pays_late": N_("its cost is back too late"),
    "not_tied": N_("the survey ties no money to it"),
}
TABLES = {
    "scores": N_("scores"),
    "codebook": N_("codebook"),
    "brand_values": N_("reasons for choosing the company"),
    "customers": N_("customers"),
    "transactions": N_("transactions"),
    "complaints": N_("complaints"),
    "kpis": N_("performance measures"),
    "register": N_("requirement register"),
    "initiatives": N_("initiatives"),
    "performance": N_("business results"),
    "contacts": N_("care contacts"),
    "service_levels": N_("service levels"),
    "ownership": N_("cost of owning"),
    "health_check": N_("health check"),
    "actions": N_("actions"),
    "survey": N_("survey"),
}
GROUPINGS = {
    "everyone": N_("Everyone"),
    "segment": N_("Customers"),
    "role": N_("Role"),
    "wave": N_("Wave"),
    "collected_by": N_("Collected by"),
}
# An input of the tree is called otherwise than the branch of the same name.
INPUTS = {
    "negative": N_("Share of bad experience"),
    "complain": N_("Share who complain"),
    "complained_retained": N_("Won back, of those who complain"),
    "complained_at_risk": N_("At risk, of those who complain"),
    "complained_lost": N_("Lost, of those who complain"),
    "silent_at_risk": N_("At risk, of the silent"),
    "silent_lost": N_("Lost, of the silent"),
    "baseline_churn": N_("Normal churn"),
    "lost": N_("Lost in all"),
}
LEVERS = {
    "recovery": N_("Win back more of those who complain"),
    "complaint": N_("Make complaining easy"),
    "negative": N_("Have fewer bad experiences"),
}
KANO = {
    "A": N_("Attractive: delights if there"),
    "O": N_("One-dimensional: the more, the better"),
    "M": N_("Must-be: missed if not there"),
    "I": N_("Indifferent"),
    "R": N_("Reverse"),
    "Q": N_("Questionable"),
}
# The contract's channels and stages, where the client has no words of its own for them.
PLACES = {
    "channel": {
        "face_to_face": N_("Face to face"),
        "phone": N_("Phone"),
        "web": N_("Web"),
        "other": N_("Other channels"),
    },
    "stage": {
        "before": N_("Before purchase"),
        "during": N_("During purchase"),
        "after": N_("After purchase"),
    },
}
# Words that clients commonly write in English in client.yml, in the terms of the method.
COMMON = [
    N_("Product"),
    N_("Service"),
    N_("Relationship"),
    N_("Convenience"),
    N_("Brand image"),
    N_("Price"),
    N_("Face to face"),
    N_("Phone"),
    N_("Web"),
    N_("Other"),
    N_("Before purchase"),
    N_("During purchase"),
    N_("After purchase"),
    N_("Word of mouth"),
    N_("Brand promotion"),
    N_("Customer values and background"),
    N_("Circumstance and life cycle"),
    N_("Past experience with this company"),
    N_("Past experience with other companies"),
]
# Why a row or a value was left out, as the client floor says it; {…} is what stands there.
LEFT_OUT = [
    N_("no answer to any question of the codebook"),
    N_("is blank"),
    N_("the row is blank"),
    N_("the template's example row"),
    N_("repeats the header"),
    N_("a preview or test, not an answer"),
    N_("not finished"),
    N_("not submitted"),
    N_("is an Excel error, or a number too long for Excel to keep"),
    N_("is not a number"),
    N_("is not a date that can be read in one way only"),
    N_("stands for no date: it is before 1901 or after 2100"),
    N_("is before `since`"),
    N_("is after `tenure`"),
    N_("is not yes or no"),
    N_("is not among the answers of `codes`"),
    N_("is not one of the five Kano answers 1–5"),
    N_("is not one of {known}"),
    N_("is off the scale {low}–{high}"),
    N_("is outside {low}–{high}"),
    N_("is below {low}"),
    N_("not kept: {column} in {file} is not {value}"),
]


def left_out_reason(reason: str, say) -> str:
    """The client floor's reason in the reader's language; one that we have no words for, as it is."""
    for words in LEFT_OUT:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(words))
        if found := re.fullmatch(pattern, reason):
            return say(words, **found.groupdict())
    return ""


WITHHELD = N_("too few answers")

STRENGTHS = [  # (at least this probable, key, word)
    (0.95, "sure", N_("is")),
    (0.80, "probable", N_("is probably")),
    (0.60, "possible", N_("may be")),
    (0.0, "tied", N_("cannot be told apart from")),
]


def strength(probability: float) -> tuple[str, str]:
    """How strongly a sentence may speak: (key, word in English)."""
    return next((key, word) for least, key, word in STRENGTHS if probability >= least)


# Words of one part of the method; where two name the same column, the words above win.
from cxlib.page import terms_customers, terms_service, terms_survey  # noqa: E402

COLUMNS = {**terms_service.COLUMNS, **terms_customers.COLUMNS, **terms_survey.COLUMNS, **COLUMNS}
CODES = {**terms_service.CODES, **terms_customers.CODES, **terms_survey.CODES, **CODES}
BEHIND |= terms_service.BEHIND | terms_customers.BEHIND
