"""Headlines about the customers: who they are, what they are worth, and who is leaving.

As in `sentences`: nothing is said that the table does not carry. An association is called one.
"""

import pandas as pd

from cxlib.analysis.loyalty import loyal_by
from cxlib.page.language import N_
from cxlib.page.sentences import alone, based, not_told_apart, of_base, sentence, some, within
from cxlib.page.sentences_unhappy import cut_off
from cxlib.page.terms import strength
from cxlib.sums.churn import churn_by_weighting, counted_shares


def told(row, *names) -> bool:
    """Whether the gate left these numbers in."""
    return all(row.get(name) == row.get(name) and row.get(name) is not None for name in names)


@sentence
def customer_value(page, tiers=None):
    """What the top tier holds."""
    if not some(tiers) or not told(tiers.iloc[0], "share"):
        return ""
    top, share = tiers.iloc[0], page.language.share
    if told(top, "revenue_share"):
        words = N_(
            "The top tier by value, {customers} of customers, brings {revenue} of the revenue."
        )
        return page.say(words, customers=share(top["share"]), revenue=share(top["revenue_share"]))
    words = N_("The top {customers} of customers hold {value} of the value.")
    return page.say(words, customers=share(top["share"]), value=share(top["value"]))


@sentence
def value_sensitivity(page, moves=None):
    """How many change tier when a weight moves."""
    if not some(moves):
        return ""
    most = moves.loc[moves["share"].idxmax()]
    words = N_("If the weights move by a tenth, at most {share} of customers change tier.")
    return page.say(words, share=alone(most, "share", lambda x: page.language.share(x, 1)))


@sentence
def concentration(page, found=None):
    """Measured, beside the published ratios, never assumed to be 80/20."""
    if not some(found) or not told(found.iloc[0], "top_share", "top_share_low"):
        return ""
    row, share = found.iloc[0], page.language.share
    words = N_(
        "The top fifth of customers bring {share} of net sales ({low} to {high} for other customers like these)."
    )
    if not page.language.is_money:
        words = N_(
            "The top fifth of customers hold {share} of what all are worth ({low} to {high} for others "
            "like them)."
        )
    names = {"share": "top_share", "low": "top_share_low", "high": "top_share_high"}
    ends = {end: alone(row, name, lambda x: share(x, 1)) for end, name in names.items()}
    parts = [page.say(words, **ends)]
    if row["below_zero"] > 0:
        words = N_("{count} customers gave back more than they bought; they are included.")
        parts.append(page.say(words, count=page.language.count(row["below_zero"])))
    return parts


@sentence
def top_again(page, found=None):
    """How many top customers were top before, beside chance."""
    if not some(found) or not told(found.iloc[0], "share"):
        return ""
    row, share = found.iloc[0], page.language.share
    words = N_("Of the {n} top customers of the last {months} months, {share} were top in the "
               "{months} months before; chance alone would give {chance}.")  # fmt: skip
    return page.say(words, months=page.language.count(round(row["months"])),
                    n=page.language.count(row["n"]), share=within(page, row, "share", share),
                    chance=share(row["by_chance"]))  # fmt: skip


@sentence
def lifetime_check(page, check=None, models=None):
    """Whether the model may be believed, in plain words."""
    if not some(check):
        return ""
    row, share = check.iloc[0], page.language.share
    if not told(row, "error"):
        words = N_("The model of coming purchases cannot be checked on these data: do not use it.")
        return page.say(words)
    near = N_("Checked on purchases it had not seen, the model is off by {error}.")
    far = N_("Checked on purchases it had not seen, the model is off by {error}: a poor fit.")
    parts = [page.say(near if row["fits"] else far, error=share(abs(row["error"])))]
    if some(models) and not models["converged"].eq(True).all():
        words = N_("It finds no sign that customers leave for good: what it would expect over "
                   "years is a ceiling, and is not used.")  # fmt: skip
        parts.append(page.say(words))
    return parts


@sentence
def renewals(page, found=None):
    """Whether the model of contracts fits the renewals that were seen, and how they were counted."""
    if not some(found):
        return ""
    words = N_("The model of contracts does not fit: read the renewals as they were seen.")
    if found["fits"].isna().all():
        words = N_("Too few renewals were seen to tell whether the model of contracts fits.")
    elif found["fits"].eq(True).any():
        words = N_("The model of contracts agrees with the renewals that were seen.")
    by = PERIODS.get((found["months"].iloc[0], found["period_from"].iloc[0]))
    return [page.say(words), page.say(by) if by else ""]


PERIODS = {  # months of a period, and how it is known
    (1, "client"): N_("Contracts run by the month, as client.yml says."),
    (3, "client"): N_("Contracts run by the quarter, as client.yml says."),
    (12, "client"): N_("Contracts run by the year, as client.yml says."),
    (1, "found"): N_("Contracts run by the month, as the stays of those who left show."),
    (3, "found"): N_("Contracts run by the quarter, as the stays of those who left show."),
    (12, "found"): N_("Contracts run by the year, as the stays of those who left show."),
    (3, "assumed"): N_("That contracts run by the quarter is assumed."),
    (12, "assumed"): N_("That contracts run by the year is assumed."),
}


@sentence
def left_and_complained(page, found=None):
    """How much more often those leave who complained."""
    if not some(found) or not told(found.iloc[0], "churn", "churn_silent"):
        return ""
    row, share = found.iloc[0], page.language.share
    words = N_("{churn} of those who complained left, against {silent} of the others.")
    if row["different"] != 1:  # also where it is not known
        words = N_(
            "Whether those who complained leave more often cannot be told: {churn} of them left, "
            "against {silent} of the others."
        )
    churn, silent = (
        within(page, row, name, lambda x: share(x, 1)) for name in ("churn", "churn_silent")
    )
    parts = [
        page.say(words, churn=churn, silent=silent),
        based(page, found.head(1)),
    ]
    words = N_("{share} of those who left, as counted, had not complained.")
    parts.append(page.say(words, share=within(page, row, "silent_share", share)))
    if row["unusual"]:
        parts.append(page.say(N_("So large a difference is unusual: look at the data twice.")))
    parts.append(_of_the_unhappy(page, row))
    return [*parts, page.say(N_("This is an association, not proof of cause."))]


def _of_the_unhappy(page, row) -> str:
    """That the cost tree counts fewer complainers: those alone whose experience was bad."""
    inputs = page.case.churn_inputs
    if inputs is None or page.case.negative_below is None:
        return ""
    by = churn_by_weighting(page.case.leavers, page.case.negative_below)
    by = page.gate(by).set_index(["weighting", "input"])
    of = by.at[("customers", "complained_lost"), "of"]
    lost = page.gate(counted_shares(inputs)).set_index("input").loc["complained_lost"]
    if not 0 < of < row["n"] or lost["from"] != "measured" or pd.isna(lost["share"]):
        return ""
    words = N_(
        "The cost of bad experience counts only the {of} of them whose experience was bad: of those "
        "{share} left."
    )
    if by.loc["revenue", "share"].notna().any():
        words = N_(
            "The cost of bad experience counts only the {of} of them whose experience was bad: of "
            "what those are worth {share} left."
        )
    share = alone(lost, "share", page.language.share)
    return page.say(words, of=page.language.count(of), share=share)


@sentence
def weightings(page, shares=None):
    """The loss by customers and by revenue: those who complain or leave are not average."""
    known = None if shares is None else shares[shares["input"].eq("lost")].dropna(subset=["share"])
    if not some(known) or len(known) < 2:
        return ""
    by = known.set_index("weighting")
    alike = len(not_told_apart(known, known.iloc[0], "share")) > 0
    words = N_(
        "Lost after a bad experience: {customers} of customers, and {revenue} of revenue; the two "
        "cannot be told apart."
    )
    if not alike:
        words = N_(
            "Lost after a bad experience: {customers} of customers, but {revenue} of revenue."
        )
    facts = {
        name: within(page, by.loc[name], "share", lambda x: page.language.share(x, 1))
        for name in ("customers", "revenue")
    }
    return [page.say(words, **facts), based(page, known[known["weighting"].eq("customers")])]


@sentence
def disputes(page, found=None):
    """Compensated is not resolved: which answer is disputed most, and least, as far as known."""
    rows = None if found is None else found.dropna(subset=["disputed"])
    if not some(rows) or len(rows) < 2 or "response" not in rows:
        return ""
    most, least = rows.loc[rows["disputed"].idxmax()], rows.loc[rows["disputed"].idxmin()]
    alike = not_told_apart(rows, most, "disputed")
    if least.name in alike.index:
        words = N_(
            "No kind of answer is disputed more often than the others beyond chance; most of all "
            "“{name}”: {share} of {n} cases."
        )
        return _disputed(page, words, most)
    fewest = not_told_apart(rows, least, "disputed")
    words = N_(
        "Disputed most often are cases answered with {most}; least often, those answered with {least}."
    )
    return [
        page.say(
            words, most=_answers(page, rows, most, alike), least=_answers(page, rows, least, fewest)
        ),
        page.say(
            N_(
                "This is an association: which cases get which answer is not chance. What is named "
                "together cannot be put in order."
            )
        ),
    ]


def _answers(page, rows, first, alike) -> str:
    """A kind of answer and those that cannot be told from it, each with its share and base."""
    tied = alike.sort_values("disputed", ascending=first["disputed"] < rows["disputed"].median())
    words = N_("“{name}” ({share} of {n})")
    named = pd.concat([first.to_frame().T, tied])
    return page.language.join([_disputed(page, words, row) for _, row in named.iterrows()])


@sentence
def paid_without_repair(page, found=None):
    """Of those who were compensated, how many had nothing put right."""
    if not some(found) or found["share"].isna().all():
        return ""
    row = found.iloc[0]
    words = N_(
        "Of {n} who were compensated, nothing was put right for {share}: compensation is no repair."
    )
    share = within(page, row, "share", page.language.share)
    return page.say(words, n=page.language.count(row["n"]), share=share)


def _disputed(page, words, row) -> str:
    share = alone(row, "disputed", lambda x: page.language.share(x, 1))
    name = page.label("response", row["response"])
    return page.say(words, name=name, share=share, n=page.language.count(row["n"]))


@sentence
def loyalty(page, matrix=None, stake=None):
    """How many stay unsatisfied, and what would be at stake if leaving cost nothing."""
    if not some(matrix):
        return ""
    held = matrix[matrix["freedom"].eq("all") & matrix["loyalty_type"].eq("hostage")]
    if not some(held) or not told(held.iloc[0], "share"):
        return ""
    row, share = held.iloc[0], page.language.share
    words = N_("{share} of customers ({low} to {high}) stay though they are not satisfied.")
    by = loyal_by(page.case) if hasattr(page.case, "latest") else ""
    if by == "recommend":
        words = N_(
            "{share} of customers ({low} to {high}) would recommend, though they are not satisfied."
        )
    parts = [page.say(words, share=share(row["share"]), low=share(row["share_low"]),
                      high=share(row["share_high"])), of_base(page, row["n_of"]), cut_off(page, by)]  # fmt: skip
    if some(stake) and told(stake.iloc[-1], "revenue_at_stake"):
        words = N_(
            "If leaving cost nothing, and those who cannot leave were like those who can, about "
            "{amount} a year would be at stake."
        )
        amount = within(page, stake.iloc[-1], "revenue_at_stake", page.language.money)
        parts += [page.say(words, amount=amount), _of_the_unsatisfied(page, stake)]
    return parts


def _of_the_unsatisfied(page, stake) -> str:
    """The part of the stake that is not of satisfied customers, and that it is no further loss."""
    part = stake[stake["satisfied"].eq("no")] if "satisfied" in stake else stake.head(0)
    if part.empty or not told(part.iloc[0], "revenue_at_stake"):
        return ""
    words = N_(
        "Of that, {amount} is with customers who are not satisfied. It does not add to the cost of "
        "bad experience."
    )
    return page.say(words, amount=page.language.money(part["revenue_at_stake"].iloc[0]))


@sentence
def roles(page, scores=None):
    """The role that is unhappy behind a good average."""
    if not some(scores):
        return ""
    poor = scores[scores["distress"].eq(True)]
    if poor.empty:
        return page.say(
            N_("No role is surely below the middle of the scale where the average is above it.")
        )
    row = poor.loc[poor["mean"].idxmin()]
    words = N_("Behind a good average, {role} is unhappy with {dimension}: {score}.")
    said = page.say(words, role=page.label("role", row["role"]),
                    dimension=page.label("dimension", row["dimension"]),
                    score=within(page, row, "mean", page.language.number))  # fmt: skip
    return [said, based(page, row.to_frame().T)]


@sentence
def reversals(page, found=None):
    """Where the mix of respondents turns a difference round."""
    if not some(found):
        return ""
    turned = found[found["reversed"].eq(True)]
    if turned.empty:
        return page.say(N_("No difference between groups turns round when the groups are split."))
    row = turned.iloc[0]
    words = N_("{group} differ one way as they are, and the other way within {split}.")
    return page.say(words, group=page.label("segment", row["group"]),
                    split=page.label("grouping", row["split"]))  # fmt: skip


@sentence
def collectors(page, found=None):
    """Whether scores depend on who asked."""
    rows = None if found is None else found.dropna(subset=["adjusted", "q"])
    if not some(rows):
        return ""
    row = kinder_collector(rows)
    if row is None:
        return page.say(N_("Scores do not depend on who collected them, as far as can be told."))
    higher = N_(
        "Scores depend on who collects them: collected by “{who}”, they are {points} points "
        "higher ({outcome}), and {adjusted} points at the same mix of people."
    )
    turned = N_(
        "Scores depend on who collects them: collected by “{who}”, they differ by {points} "
        "points ({outcome}), and are {adjusted} points higher at the same mix of people."
    )
    write = page.language.number if row["difference"] > 0 else page.language.signed
    points = {
        "points": within(page, row, "difference", lambda x: write(x, 2)),
        "adjusted": within(page, row, "adjusted", lambda x: page.language.number(x, 2)),
    }
    said = page.say(higher if row["difference"] > 0 else turned,
                    who=page.label("collected_by", row["collected_by"]),
                    outcome=page.code(row.get("outcome", "")), **points)  # fmt: skip
    return [said, based(page, row.to_frame().T),
            page.say(N_("Such a difference may lie in who asked, and not in what was lived through."))]  # fmt: skip


def kinder_collector(found):
    """The row whose scores are surely higher at the same mix of people, the highest; or None."""
    rows = found[found["higher"].eq(True)]
    return None if rows.empty else rows.loc[rows["adjusted"].idxmax()]


@sentence
def success(page, found=None):
    """Liking alone is said to be liking."""
    if not some(found) or found["leads"].eq(True).any():
        return ""
    words = N_("Only liking was asked: whether customers got what they paid for, these answers "
               "cannot tell.")  # fmt: skip
    return page.say(words)


@sentence
def segment_designs(page, found=None):
    """Which segment needs another design than everyone's, as strongly as its answers carry it."""
    known = None if found is None else found.dropna(subset=["own_key", "p_key"])
    if not some(known):
        return ""
    other = known[known["differs"].eq(True)]
    row = (other if len(other) else known).astype({"p_key": float})
    row = row.loc[row["p_key"].idxmax() if len(other) else row["p_key"].idxmin()]
    level = strength(row["p_key"])[0]
    words = N_("{segment} need another design: {own}, not {common} (probability {p}).")
    if len(other) and level == "probable":
        words = N_("{segment} probably need another design: {own}, not {common} (probability {p}).")
    elif len(other) and level != "sure":
        return page.say(N_("No segment surely needs another design."))
    elif not len(other):
        words = N_(
            "{common} comes first in every segment (probability {p} even where it is least sure, "
            "“{segment}”)."
        )
    said = page.say(words, segment=page.label("segment", row["segment"]),
                    own=page.label("dimension", row["own_key"]), p=page.probability(row["p_key"]),
                    common=page.label("dimension", row["common_key"]))  # fmt: skip
    return [said, based(page, row.to_frame().T)]


@sentence
def dormant(page, found=None):
    """Who has not bought for long, and what they are worth."""
    if not some(found) or not told(found.iloc[-1], "worth") or not told(found.iloc[0], "worth"):
        return ""
    best, all_of, count = found.iloc[0], found.iloc[-1], page.language.count
    words = N_(
        "{dormant} customers had been silent for more than {weeks} weeks when the data end; the best "
        "{best} would bring up to {worth} a year if they bought again as often as they did."
    )
    if best["worth"] > best["sales"]:  # no year can be expected to bring more than all so far
        words = N_(
            "{dormant} customers had been silent for more than {weeks} weeks when the data end; the "
            "best {best} brought {sales} in all so far: the most to expect of winning them back in a "
            "year."
        )
    said = page.say(words, dormant=count(all_of["n"]), weeks=count(round(all_of["pause"])),
                    best=count(best["n"]), worth=page.language.money(best["worth"]),
                    sales=page.language.money(best["sales"]))  # fmt: skip
    words = N_("So far they brought {sales}; how often winning back works is not in the data.")
    if best["worth"] > best["sales"]:
        words = N_("How often winning back works is not in the data.")
    return [said, page.say(words, sales=page.language.money(best["sales"]))]


@sentence
def coverage(page, found=None):
    """Who was contacted as often as planned."""
    if not some(found) or not told(found.iloc[0], "share"):
        return ""
    row, share = found.iloc[0], page.language.share
    words = N_("{share} of top customers were reached, at {kept} of the contacts planned for them.")
    reached = within(page, row, "share", share)
    said = page.say(words, share=reached, kept=share(row["kept"]))
    return [said, based(page, row.to_frame().T)]
