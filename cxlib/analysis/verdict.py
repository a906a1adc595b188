"""The verdict: what a client's results come to, decided once. Facts, no words.

Every surface speaks from it: the report's first screen, its decision, the index of all clients,
scenarios side by side, results/verdict.json (docs/verdict.md). All that it rests on has passed the
gate, so that it tells nothing finer than the tables do.
"""

from dataclasses import asdict, dataclass

from cxlib.analysis import churn_cost, experience_expectation, feedback_loop, named
from cxlib.analysis.asking import remembered
from cxlib.analysis.brand_value import lifetimes, reasons, revenue_concentration
from cxlib.analysis.cases import how_cases_end, what_cases_are_about
from cxlib.analysis.experience_expectation import by_collector, drivers, gaps, outcomes
from cxlib.analysis.fit import plan_serves
from cxlib.analysis.grounds import ground
from cxlib.analysis.named import NAMED, number
from cxlib.analysis.own_words import themes
from cxlib.analysis.requirements import requirement_classes
from cxlib.analysis.strategy_capability import plan_worth, portfolio
from cxlib.client.release import released
from cxlib.sums.roadmap import payback_term, payback_years
from cxlib.sums.rounding import STATED

OLD = 3  # years since the data end: what they tell may have changed


@dataclass(frozen=True)
class Verdict:
    """answer, fix, sure, stake, ask, learn, rests: see docs/verdict.md for what each holds.

    Codes and numbers: shares 0–1, amounts in the client's currency (a year, but for costs within a
    term), scores in points of the client's scale; None is not known.
    """

    answer: dict
    fix: dict
    sure: dict
    stake: dict
    ask: dict
    learn: dict
    rests: dict

    def facts(self) -> dict:
        """The same as plain names, lists and numbers."""
        return asdict(self)

    def copy(self) -> "Verdict":
        """Itself: it is never changed."""
        return self


def rests_on(case) -> dict:
    """The tables that the verdict is decided from, by their names there; None where not known."""
    return {
        "gaps": gaps(case), "drivers": drivers(case), "cost": churn_cost.cost_of_bad_experience(case),
        "plan": portfolio(case), "worth": plan_worth(case), "stakes": churn_cost.revenue_at_stake(case),
        "swings": churn_cost.swings(case), "effect": churn_cost.left_and_complained(case), "leaving": churn_cost.leaving(case),
        "disputes": churn_cost.answer_disputes(case), "about": what_cases_are_about(case),
        "promoters": feedback_loop.net_promoters(case), "outcomes": outcomes(case), "dormant": feedback_loop.dormant(lifetimes(case)),
        "quiet": feedback_loop.dormant_by_date(case),
        "concentration": revenue_concentration(case), "reasons": reasons(case), "kano": requirement_classes(case),
        "measures": feedback_loop.monitors(case), "collectors": by_collector(case), "actions": feedback_loop.actions_done(case),
        "cycle": feedback_loop.the_next_cycle(case), "served": plan_serves(case), "ends": how_cases_end(case),
        "segments": experience_expectation.segments_against_the_rest(case), "promoter_groups": feedback_loop.promoters_by_group(case),
        "themes": themes(case) if gaps(case).empty else None,  # what was scored leads, and is soon known
    }  # fmt: skip


@remembered
def verdict(case) -> Verdict:
    """What the results of a client come to.

    >>> found = cx.verdict(cx.read_client("meisu", "data"))
    >>> found.fix["dimensions"], found.ask["decision"]
    (['convenience'], 'defer')
    """
    shown = {name: None if t is None else released(case, t) for name, t in rests_on(case).items()}
    return decide(shown, ground(case), "target" if case.settings.target_segments else "all")


def decide(tables: dict, of: dict, focus: str = "all") -> Verdict:
    """The verdict of the tables of a client's steps, as released; one that is missing is None.

    of : what the client is beyond its tables; see `ground`
    """
    get, rows = tables.get, named.focused(tables.get("gaps"), focus)
    few = any(map(named.all_withheld, (rows, get("outcomes"), get("promoters"))))
    unknown = {"kind": "few" if few else "unknown", "dimensions": []}
    fix = named.fix_of(rows, get("drivers")) or named.lead_of(tables) or unknown
    fix |= {"after": after_repair(get("cycle"), fix)}
    stake = stake_of(tables, fix, of)
    ask = ask_of(get("plan"), get("worth"), get("cost"), fix, of)
    done = tables.get("actions")
    ask["overdue"] = 0 if done is None or done.empty else int(number(done.iloc[0], "overdue") or 0)
    unmet = get("served")
    ask["musts"] = [] if unmet is None else list(unmet.loc[unmet["unmet_must"].eq(True), "serves"])
    fix["everyone"] = of_everyone(tables, fix)
    sure = sure_of(tables, fix, stake, ask, of)
    learn = learn_of(tables, fix, stake, ask)
    answer = {"fix": fix["kind"], "level": fix.get("level"), "decision": ask["decision"]}
    answer["promoters"] = named.moved_promoters(get("promoters"))
    answer["unresolved"] = named.not_put_right(get("ends"))
    rests = {name: of.get(name) for name in ("n", "counted", "period", "to", "assumed")}
    years = of.get("today", 0) - (of.get("to") or of.get("today", 0))
    rests["years"] = years if years >= OLD else None
    if rests["counted"] == "answers" and fix.get("n"):
        rests["n"] = fix["n"]
    known = [fix["kind"] in (*NAMED, "nothing"), sure["p"] is not None, stake["amount"] is not None]
    answer["answered"] = sum([*known, ask["decision"] != "none", rests["counted"] != "nothing"])
    return Verdict(answer, fix, sure, stake, ask, learn, rests)


def of_everyone(tables, fix) -> str | None:
    """What comes first of all who were asked, where that is another experience than for the target."""
    if fix.get("segment", "all") == "all" or fix["kind"] not in NAMED:
        return None
    all_of = named.fix_of(named.focused(tables["gaps"], "all"), tables.get("drivers")) or fix
    first, *_ = [*all_of["dimensions"], None]
    return None if first in fix["dimensions"] else first


def after_repair(cycle, fix) -> str | None:
    """What the next cycle starts with, where results on record prove the experience named repaired."""
    rows = {} if cycle is None else dict(list(cycle.groupby("next")["dimension"]))
    if not set(fix["dimensions"]) & set(rows.get("brand_value", ())) or len(rows) < 2:
        return None
    return rows["key_experience"].iloc[0]


# What doing nothing costs


def stake_of(tables, fix, of) -> dict:
    """What doing nothing costs a year: one number, its range and its mark, of all bad experience;
    and how much of it the answers tie to the experience named.

    kind left (by the tree), counted (who left, as counted), silent (the best who stopped buying), or
    none; tied: None where no answer could tell, 0 where the answers tie nothing to it.
    """
    lost = lost_row(tables.get("cost"))
    counted = ("leaving", "revenue_lost")
    if lost is not None:
        counted = ("effect", "revenue_lost", "revenue_lost_silent")
    if (lost is None or not of.get("unhappy_known")) and (went := who_went(tables, *counted)):
        return money("counted", went[0], None, None, went[0] / went[1], "measured")
    if lost is not None:
        ends = (number(lost, name) for name in ("amount", "amount_low", "amount_high", "share"))
        return money("left", *ends, lost["from"]) | tied_to(tables.get("stakes"), fix, lost)
    dated = tables.get("dormant") is None  # without invoices nobody's sales so far are known
    silent = tables.get("quiet" if dated else "dormant")
    if silent is not None and len(silent):
        worth, sales = (number(silent.iloc[0], name) for name in ("worth", "sales"))
        sales = worth if dated else sales
        if None not in (worth, sales):  # no year can be expected to bring more than all so far
            found = money("silent", min(worth, sales), None, None, None, "measured")
            return found | {"a_year": worth <= sales}
    return money("none", None, None, None, None, None)


def who_went(tables, name: str, *parts: str) -> tuple | None:
    """(revenue of the customers who left, of all), as a table counts it; None where it does not."""
    table = tables.get(name)
    if table is None or table.empty:
        return None
    *lost, whole = (number(table.iloc[0], part) for part in (*parts, "revenue"))
    return (sum(lost), whole) if None not in (*lost, whole) and whole > 0 < sum(lost) else None


def money(kind, amount, low, high, share, mark) -> dict:
    """A stake as facts; a range without width is none."""
    low, high = (low, high) if low is not None and low != high else (None, None)
    found = {"kind": kind, "amount": amount, "low": low, "high": high, "share": share, "mark": mark}
    return found | {"tied": None, "other": None, "other_amount": None}


def lost_row(cost, view="gross"):
    """The row of the loss in one view, or None."""
    if cost is None or cost.empty:
        return None
    rows = cost[cost["view"].eq(view) & cost["branch"].eq("lost")].dropna(subset=["amount"])
    return None if rows.empty else rows.iloc[0]


def tied_to(stakes, fix, lost) -> dict:
    """How much of the loss the answers tie to the experience named; and where they tie most, if not
    there. Never more than is lost."""
    if stakes is None or fix["kind"] not in NAMED:
        return {}
    mine = stakes[stakes["dimension"].eq(fix["dimensions"][0])]
    if mine.empty:
        return {}
    carried = stakes[stakes["verdict"].eq("carried")].sort_values("amount", ascending=False)
    if mine["verdict"].iloc[0] == "carried":
        return {"tied": min(number(mine.iloc[0], "amount"), number(lost, "amount"))}
    other = carried.iloc[0] if len(carried) else {}
    amount = min(number(other, "amount"), number(lost, "amount")) if len(carried) else None
    return {"tied": 0.0, "other": other.get("dimension"), "other_amount": amount}


# The decision asked


def ask_of(plan, worth, cost, fix, of) -> dict:
    """approve, defer or refuse the plan; what it costs within its term, when that is back, and what
    would have to be true. decision none: nothing was proposed; nothing_fits: none can be funded.

    needed is solved for: the share of the effect (of the avoidable loss, where the plan's effect is
    no money) that pays its cost back within the term; on_time and on_time_at_half follow from it.
    """
    if plan is None or plan.empty:
        return {"decision": "none"}
    chosen = plan[plan["chosen"].eq(True)]
    if chosen.empty or worth is None:
        return {"decision": "nothing_fits"}
    row, first = worth.iloc[0], plan["second_best"].eq(True)
    second = plan[first & ~plan["chosen"].eq(True)], plan[plan["chosen"].eq(True) & ~first]
    acts = {} if "dimension" not in chosen else dict(chosen[["initiative", "dimension"]].to_numpy())
    found = {
        "plan": list(chosen["initiative"]), "acts_on": acts,
        "for": {} if "for_segment" not in chosen else dict(chosen[["initiative", "for_segment"]].dropna().to_numpy()),
        "serves": bool(set(acts.values()) & set(fix["dimensions"])) if fix["kind"] in NAMED else None,
        "cost": float(row["cost_in_term"]), "to_start": float(row["cost"]),
        "running": float(row["running"] or 0), "term": payback_term(int(row["years"])),
        "term_stated": bool(row["years"] > 1), "unit": row["unit"], "budget": number(row, "budget"),
        "second": {"adds": list(second[0]["initiative"]), "drops": list(second[1]["initiative"])},
        "effects": "assumed" if "from" in chosen and chosen["from"].isin(STATED).any() else "measured",
    }  # fmt: skip
    found |= pays_back(found, row, cost, of)
    found |= alone_in_time(chosen, found, fix) if found["most"] and acts else {}
    decision = "approve" if found["on_time"] else "defer" if found["on_time"] is None else "refuse"
    if decision == "approve" and found["effect"] == "loss":  # that it ends the loss, nobody showed
        decision = "defer"
    return found | {"decision": decision}


def pays_back(ask, row, cost, of) -> dict:
    """needed, payback and payback_half (years), on_time, and the revenue at which the plan would be
    on time if it ended all of the avoidable loss; else the most that anything could cost to be so."""
    kept, effect = None, "plan"
    margin = number(row, "margin")
    if ask["unit"] == "money":
        kept = None if margin is None else margin * float(row["benefit"])
    else:
        effect, avoidable = "loss", lost_row(cost, "incremental")
        avoidable = lost_row(cost) if avoidable is None else avoidable
        margin, gross = of.get("margin"), avoidable is not None and of.get("revenue")
        kept = margin * number(avoidable, "amount") if margin and gross else None
    found = {"effect": effect, "needed": None, "on_time": None, "on_time_at_half": None}
    found |= {"payback": None, "payback_half": None, "revenue_needed": None, "most": None}
    found |= {"kept": kept, "margin": margin, "avoidable": kept and kept / margin}
    if kept is None or not kept > 0:
        return found | ({} if kept is None else {"on_time": False, "on_time_at_half": False})
    needed = ask["cost"] / ask["term"] / kept
    costs = ask["to_start"], ask["running"], ask["cost"], ask["term"]
    years = [payback_years(share * kept, *costs) for share in (1, 0.5)]
    found |= {"needed": needed, "payback": years[0], "payback_half": years[1]}
    found |= {"on_time": needed <= 1, "on_time_at_half": needed <= 0.5}
    if effect == "loss" and needed > 1 and of.get("revenue"):
        found |= {"revenue_needed": needed * of["revenue"], "most": kept * ask["term"]}
    return found


def alone_in_time(chosen, ask, fix) -> dict:
    """Of a plan that is late: what of it repairs the experience named and could be back in time by
    itself, the cheapest, and the share of the avoidable loss that it alone would have to end."""
    mine = chosen["dimension"].isin(fix["dimensions"]) & chosen["cost"].le(ask["most"])
    rows = chosen[mine & chosen.reindex(columns=["running", "requires"]).isna().all(axis=1)]
    first = rows.nsmallest(1, "cost")[["initiative", "cost"]].to_numpy().tolist()
    return {"alone": first[0][0], "alone_needed": first[0][1] / ask["most"]} if first else {}


# How sure, what it rests on, what to learn


def sure_of(tables, fix, stake, ask, of) -> dict:
    """p (what sampling says) and what could overturn the answer: codes, the gravest first.

    own         a client's own notebook says which experience comes first
    associated  that complaints made those who complained leave, nothing shows
    unusual     nor this, and so large a difference may come from how the data were made
    seldom      the pause from which a customer is silent is that of all, also of who buys seldom
    stated      the client's own words of caution
    far, apart, promoters   an average hides a group that fares far worse: see `hidden_group`
    everyone    of all who were asked, another comes first than of those the design is for (dimension)
    judged      the scores are somebody's judgement; nobody was asked
    uncounted   customers were asked, and how many is not told
    effects     what the plan would bring is assumed
    musts       the plan leaves out what must not fail (count)
    collected   scores depend on who collected them
    follows     what was asked of the whole follows another experience more (item)
    few         the share named rests on few people
    shares      what doing nothing costs rests on assumed shares
    recorded    why customers left is what is on record
    nobody      of customers, nobody is known to have left
    chosen, silent, why   what such data leave open, where nothing else is known: how those asked
                were chosen, what those think who open no case, why customers left
    """
    link, kind, who = named.link_of(tables.get("drivers")), fix["kind"], of.get("counted")
    collectors, judged = tables.get("collectors"), fix.get("from") in STATED
    other = link and kind in NAMED and link["item"] not in fix["dimensions"] and link["p"] >= 0.8
    few = kind in named.LEADS and 0 < (fix.get("n") or 0) < of.get("small_base", 0)
    hidden, why = named.hidden_group(tables, of), "unusual" if fix.get("unusual") else "associated"
    told = [
        (kind == "left_and_complained", {"code": why}),
        (kind in ("dormant", "quiet"), {"code": "seldom"}),
        (of.get("cautions"), {"code": "stated"}),
        (fix["everyone"], {"code": "everyone", "dimension": fix["everyone"]}),
        (hidden, hidden),
        (judged, {"code": "judged", "from": fix.get("from")}),
        (who == "asked" and not judged, {"code": "uncounted"}),
        (ask["decision"] == "approve" and ask["effects"] == "assumed", {"code": "effects"}),
        (ask["musts"], {"code": "musts", "count": len(ask["musts"])}),
        (collectors is not None and collectors["higher"].any(), {"code": "collected"}),
        (other, {"code": "follows", **(link or {})}),
        (few, {"code": "few", "n": fix.get("n")}),
        (stake["kind"] == "left" and stake["mark"] != "measured", {"code": "shares"}),
    ]
    found = [what for holds, what in told if holds]
    if not found and who in UNKNOWN and not of.get("sampling"):
        code = "recorded" if of.get("why_left") else UNKNOWN[who]
        found.append({"code": "nobody" if code == "why" and of.get("left") is False else code})
    found = [{"code": "own"}] * bool(fix.get("own")) + found
    return {"p": fix.get("p"), "level": fix.get("level"), "overturn": found}


UNKNOWN = {"answers": "chosen", "cases": "silent", "customers": "why"}


ASK_WHY = {"left_and_complained": "complaints", "disputes": "disputes", "few": "more"}
ASK_WHY |= dict.fromkeys(("dormant", "quiet"), "silent")


def learn_of(tables, fix, stake, ask) -> dict:
    """The one measurement that would change our mind.

    apart       more answers, to tell the experiences named apart; importance where it was derived
    matters     what customers expect, and how much each experience matters
    importance, expected   one of the two, where the other was asked
    count       the share of the tree that moves the loss most (input)
    margin      the margin on revenue
    pilot       the effect of the initiative that brings most (initiative)
    leave       who leaves, and after which experience
    complaints, disputes, silent   why those who complained, disputed or stopped buying did so
    more        the answers of more people: too few to show any score
    ask         a survey of experience, expectation and importance
    """
    if fix["kind"] == "tied":
        return {"code": "importance" if fix["derived"] else "apart"}
    if fix["kind"] in ("lowest", "short"):
        matters, hoped = tables["gaps"].reindex(columns=["importance", "expectation"]).notna().any()
        lacks = "importance" if hoped or fix["kind"] == "short" else "matters"
        return {"code": "expected" if matters else lacks}
    if fix["kind"] not in (*NAMED, "nothing"):
        return {"code": ASK_WHY.get(fix["kind"], "ask")}
    swing = tables.get("swings")
    assumed = stake["kind"] == "left" and stake["mark"] != "measured" and swing is not None
    if assumed and swing["swing"].gt(0).any() and ask["decision"] != "approve":
        return {"code": "count", "input": swing.loc[swing["swing"].idxmax(), "input"]}
    if ask["decision"] == "defer" and ask["needed"] is None and ask["unit"] == "money":
        return {"code": "margin"}
    if ask.get("plan"):
        return {"code": "pilot", "initiative": ask["plan"][0]}
    return {"code": "leave"}
