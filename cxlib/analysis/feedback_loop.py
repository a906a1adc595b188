"""Step 7: whether it worked: waves, control charts, contacts, actions, and the next cycle."""

import numpy as np
import pandas as pd

from cxlib.analysis import asking
from cxlib.analysis.asking import needed, remembered, table_of, where_known
from cxlib.analysis.brand_value import Lifetime, reasons_of, valued
from cxlib.analysis.experience_expectation import gaps_shown
from cxlib.analysis.key_experience import ENDS
from cxlib.analysis.requirements import kpis
from cxlib.client.case import Case
from cxlib.client.library import library
from cxlib.client.rated import compared_answers, net_promoter_question
from cxlib.client.release import DOMINATED, released
from cxlib.sums import care, kpi, loop
from cxlib.sums.compare import compare_waves, health_check, nps_changes
from cxlib.sums.disclosure import dominated
from cxlib.sums.interval import means_by_group, nps_table
from cxlib.sums.periods import places_in_time

MOST_CHARTS = 3
# Of what tells that an experience was repaired: the codes that say yes, and those that say no.
WELL = dict.fromkeys(("done", True, "higher"), 1.0)
WELL |= dict.fromkeys(("overdue", "open", "nobody", "undated", False, "lower"), 0.0)
DETRACTOR = 6  # of 10: the highest answer of a detractor (Reichheld 2003)


@remembered
def evidence(case: Case) -> pd.DataFrame | None:
    """Business results by period against growth in proportion; None without `performance`.

    >>> found = cx.evidence(cx.read_client("meisu", "data"))
    >>> found[["period", "value_ratio"]].head(2).round(2).values.tolist()
    [['1', 1.0], ['2', 2.0]]
    """
    return loop.growth_in_proportion(needed(table_of(case, "performance")))


@remembered
def waves(case: Case) -> pd.DataFrame | None:
    """The contract's table `waves`: one row per wave and dimension or outcome.

    wave, measure, dimension, n, n_eff, mean, mean_low, mean_high; difference to the wave before
    with its interval, base (n_before), q and `different`; detectable (smallest change it could
    have seen); and the limits of an XmR chart over the waves. Answers' units. q and the limits are
    over the rows that may be shown; a wave in which a question was not asked has no row.

    >>> found = cx.waves(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['measure', 'dimension', 'n', 'n_eff']
    """
    survey = needed(case.survey)
    needed(survey.people["wave"].nunique() > 1)
    answers, wave = compared_answers(survey), survey.wave.rename("wave")
    settings, weight, keys = case.settings, survey.weight, ["wave", "measure", "dimension"]
    changes = compare_waves(answers, wave, weight, settings.confidence)
    # n_before, so that the gate sees both sides of a change.
    columns = [*keys, "n_before", *(f"difference{end}" for end in ("", *ENDS)), "p", "detectable"]
    scale = survey.scale(answers.columns.get_level_values(0))
    groups = wave.dropna().groupby(wave, observed=True).groups
    means = means_by_group(answers, groups, weight, settings.confidence, scale)
    means = means[means["n"] > 0].rename(columns={"group": "wave"})
    changes = changes.loc[changes["n_before"] > 0, columns]
    table = means.merge(changes, on=keys, how="left", validate="one_to_one")
    table = asking.among_shown(case, table)
    charted = table["mean"].where(asking.may_be_shown(case, table))
    charts = charted.groupby([table["measure"], table["dimension"]], sort=False)
    limits = charts.apply(kpi.xmr_chart).reset_index(["measure", "dimension"], drop=True)
    return table.join(limits[["centre", "limit_low", "limit_high", "signal"]])


def tiers_by_customer(case: Case, life: Lifetime | None = None) -> pd.Series | None:
    """Each customer's tier by value, by customer; None without the table customers.

    >>> set(cx.tiers_by_customer(cx.read_client("vendor", "data"))) <= {"top", "middle", "standard"}
    True
    """
    found = valued(case, life)
    return None if found is None else found["tier"].dropna()


@where_known
def contact_coverage(case: Case, life: Lifetime | None = None) -> pd.DataFrame | None:
    """Contacts by tier of value; None without contacts or tiers; see `care.contact_coverage`.

    >>> list(cx.contact_coverage(cx.read_client("vendor", "data")))[:3]
    ['tier', 'n', 'reached']
    """
    contacts, tiers = needed(table_of(case, "contacts"), tiers_by_customer(case, life))
    settings = case.settings
    return care.contact_coverage(contacts, tiers, settings.confidence, settings.contacts_planned)


@remembered
def contact_outcomes(case: Case) -> pd.DataFrame | None:
    """What contacts led to, by mode; None where it is not known; see `care.contact_outcomes`.

    >>> list(cx.contact_outcomes(cx.read_client("vendor", "data")))[:2]
    ['contact_mode', 'outcome']
    """
    contacts = needed(table_of(case, "contacts", "outcome"))
    return care.contact_outcomes(contacts, case.settings.confidence)


def dormant_names(life: Lifetime) -> pd.DataFrame:
    """Dormant customers by name, most worth first: for the consultant's screen alone.

    >>> life = cx.lifetimes(cx.read_client("retail", "data"))
    >>> list(cx.dormant_names(life))[:3]
    ['customer', 'weeks_silent', 'sales']
    """
    pauses = care.usual_pauses(life.days).reindex(life.history.index)
    found = care.dormant_customers(life.history, pauses, life.often, life.spend, life.kept)
    return found.reset_index(names="customer")


@where_known
def dormant(life: Lifetime | None) -> pd.DataFrame | None:
    """How many are dormant, and what they would bring; see `care.dormant_table`.

    >>> life = cx.lifetimes(cx.read_client("retail", "data"))
    >>> list(cx.dormant(life))[:3]
    ['group', 'n', 'share']
    """
    return care.dormant_table(dormant_names(needed(life)), len(life.history))


@remembered
def dormant_by_date(case: Case) -> pd.DataFrame | None:
    """The same by `last_purchase`, where there are no invoices: of those who stay, who has not bought for
    so many months, and what they would bring.

    >>> cx.dormant_by_date(cx.read_client("vendor", "data"))["group"].tolist()
    ['best', 'all']
    """
    needed(case.knows_of_customers("last_purchase"), "transactions" not in case.tables)
    stay = care.silent_customers(case.tables["customers"])
    silent = stay[stay["silent"]]
    found = care.dormant_table(silent, len(stay)).assign(months=care.QUIET)
    found[DOMINATED] = [dominated(silent["worth"].head(n)) for n in found["n"]]
    return found


def territories(case: Case, life: Lifetime | None = None, by=("territory",)) -> pd.DataFrame | None:
    """Value and load by territory, else by who serves the customer, or `by` other columns of the
    customers; None where they are not known.

    >>> cx.territories(cx.read_client("meisu", "data")) is None  # it has no table customers
    True
    """
    found, of = valued(case, life), {name: name for name in by}
    if "territory" in by and not case.knows_of_customers("territory"):
        of["territory"] = "served_by"
    if found is None or not case.knows_of_customers(*of.values()):
        return None
    stated = case.tables["customers"].set_index("customer")
    table = found.assign(**stated[[*of.values()]].set_axis([*of], axis=1))
    table = table.join(stated[[name for name in care.MET if name in stated]])
    contacts = case.tables.get("contacts")
    if contacts is not None:
        table["contacts"] = contacts.groupby("customer").size().reindex(table.index).fillna(0)
    return care.territories(table, by, case.settings.disclosure)


@remembered
def net_promoters(case: Case) -> pd.DataFrame | None:
    """Net promoter score (−100 to 100) by wave with its interval, and its change; see `nps_table`
    and `nps_changes`; q and `different` over all changes that may be shown.

    None where recommendation was not asked from 0 to 10; see `net_promoter_question`.

    >>> found = cx.net_promoters(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['wave', 'n', 'n_eff', 'promoters']
    """
    survey, confidence = needed(case.survey), case.settings.confidence
    asked = needed(net_promoter_question(survey.columns))
    answers, wave = survey.answers["recommend", asked["item"]], survey.wave.rename("wave")
    by = wave if wave.notna().any() else None
    found = nps_table(answers, survey.weight, by, confidence)
    if by is not None:  # waves have sizes of their own: all of them together are nobody's score
        found = found[found["wave"] != "all"]
    there = found[found["n"] > 0].reset_index(drop=True)  # not every wave asked
    return there if by is None else asking.among_shown(case, nps_changes(there, confidence))


@remembered
def monitors(case: Case) -> pd.DataFrame | None:
    """The latest period of each measure, by channel.

    >>> found = cx.monitors(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['kpi', 'period', 'stage', 'channel']
    """
    return kpi.latest_kpis(needed(kpis(case)))


def charted_measures(case: Case) -> dict[str, pd.DataFrame]:
    """{measure: its periods with centre and limits} of the measures that left their usual come and
    go, latest signal first, at most MOST_CHARTS: a chart on which nothing happened says nothing.

    >>> cx.charted_measures(cx.read_client("meisu", "data"))  # it has no table kpis
    {}
    """
    if (table := kpis(case)) is None:
        return {}
    signals = table[table["signal"].fillna("").ne("")]
    place = places_in_time(table["period"]).loc[signals.index]
    last = place.groupby(signals["kpi"], sort=False).max().sort_values(ascending=False)
    return {name: table[table["kpi"] == name] for name in last.index[:MOST_CHARTS]}


@remembered
def seven_rights(case: Case) -> pd.DataFrame | None:
    """The checklist, where the table `kpis` says which right a measure speaks of (`right`), and what
    each right means.

    >>> found = cx.seven_rights(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['right', 'met', 'missed', 'cannot_tell']
    """
    latest = needed(monitors(case))
    needed("right" in latest)
    meant = library("rights", case.language)[["right", "meaning"]]
    return kpi.seven_rights(latest).merge(meant, on="right", validate="one_to_one")


@remembered
def health(case: Case) -> pd.DataFrame | None:
    """The health check; bases may be given beside the contract's columns (n, sd, reference_n,
    reference_sd).

    >>> found = cx.health(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['area', 'score', 'reference', 'n']
    """
    return health_check(needed(table_of(case, "health_check")), case.settings.confidence)


@where_known
def actions(case: Case, today=None) -> pd.DataFrame | None:
    """The findings and what became of them. today: the date to judge by; that of the run where not
    said.

    >>> found = cx.actions(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['finding', 'label', 'owner', 'due']
    """
    table = needed(table_of(case, "actions"))
    return loop.action_list(table, today or pd.Timestamp.today().normalize())


@where_known
def actions_done(case: Case) -> pd.DataFrame | None:
    """One row: how many findings were acted on; None without the table; see `loop.acted_on`.

    >>> list(cx.actions_done(cx.read_client("vendor", "data")))[:3]
    ['findings', 'done', 'share']
    """
    return loop.acted_on(needed(actions(case)), case.settings.confidence)


@remembered
def effects(case: Case) -> pd.DataFrame | None:
    """Business results before and after, against the line before carried on.

    >>> found = cx.effects(cx.read_client("meisu", "data"))
    >>> found[["measure", "periods_before"]].head(2).round(2).values.tolist()
    [['business', 1]]
    """
    table = needed(table_of(case, "performance"))
    return needed(loop.before_after(table, case.settings.confidence))


def repairs(case: Case, moved: pd.DataFrame | None = None) -> pd.DataFrame:
    """What tells that an experience was repaired, and whether it was proved; see `loop.next_cycle`.

    moved : what moved since the last release (`moved_since`), or None

    >>> cx.repairs(cx.read_client("meisu", "data"))["condition"].tolist()
    ['grown_in_proportion']
    """
    found, changes, last = [], [(moved, "score_of")], waves(case)
    if last is not None:
        changes.append((released(case, last[last["wave"].eq(last["wave"].iloc[-1])]), "measure"))
    for table, kind in changes:
        if table is not None and len(table):
            surely = table["different"].eq(True) & table["difference"].gt(0)
            risen = table[surely & table[kind].eq("experience")]
            found.append(risen.assign(condition=loop.ROSE, proved=True, found=risen["difference"]))
    told = [(loop.DONE_SO_FAR, actions(case), "state"), (loop.HIGHER, effects(case), "verdict")]
    told += [(loop.GREW, evidence(case), "in_proportion")]
    for condition, table, column in told:
        if table is not None and "dimension" in table:
            well = table[column].map(WELL).dropna().astype(float)
            share = well.groupby(table["dimension"], sort=False).mean()
            rows = share.rename("found").reset_index().assign(condition=condition, proved=None)
            if condition != loop.DONE_SO_FAR:  # what was done proves nothing yet
                rows["proved"] = rows["found"].eq(1)
            found.append(rows[rows["found"].gt(0) | rows["proved"].notna()])
    parts = [table.reindex(columns=loop.REPAIRED).astype(object) for table in found if len(table)]
    empty = pd.DataFrame(columns=loop.REPAIRED)
    return pd.concat(parts or [empty]).drop_duplicates(["dimension", "condition"])


@where_known
def the_next_cycle(case: Case, moved: pd.DataFrame | None = None) -> pd.DataFrame | None:
    """The next brand value and key experience, and what would have to be true; moved: see `repairs`.

    >>> found = cx.the_next_cycle(cx.read_client("meisu", "data"))
    >>> found[["next", "found"]].head(2).round(2).values.tolist()
    [['brand_value', 1.0], ['brand_value', -5.0]]
    """
    return needed(loop.next_cycle(gaps_shown(case), repairs(case, moved)))


def promoter_answers(case: Case) -> pd.Series | None:
    """Today's answers to the question of the net promoter score; None where it was not asked."""
    asked = None if case.latest is None else net_promoter_question(case.latest.columns)
    return None if asked is None else case.latest.answers["recommend", asked["item"]]


@remembered
def promoters_by_group(case: Case) -> pd.DataFrame | None:
    """Today's net promoter score of everyone and of each group; see `nps_table`.

    >>> found = cx.promoters_by_group(cx.read_client("vendor", "data"))
    >>> list(found)[:3]
    ['grouping', 'group', 'n']
    """
    answers = needed(promoter_answers(case))
    needed(answers.dropna())
    weight, confidence = case.latest.weight, case.settings.confidence
    everyone = nps_table(answers, weight, None, confidence)
    parts = {"everyone": everyone.rename(columns={"segment": "group"})}
    for name, values in case.latest.groupings.items():
        if values.nunique() > 1:
            parts[name] = nps_table(answers, weight, values.rename("group"), confidence).iloc[1:]
    return pd.concat(parts, names=["grouping", None]).reset_index("grouping").reset_index(drop=True)


@remembered
def low_scorers(case: Case) -> pd.DataFrame | None:
    """What today's detractors (0 to 6) say: one row per reason they give, or one of none.

    reason, n (detractors), commented (those who left a comment), share who gave the reason with its
    interval.

    >>> list(cx.low_scorers(cx.read_client("vendor", "data")))[-2:]
    ['n', 'commented']
    """
    answers = needed(promoter_answers(case))
    needed(answers[answers <= DETRACTOR])
    low = case.latest.among(answers <= DETRACTOR)
    found = reasons_of(low, case.settings)
    if found is None:
        found = pd.DataFrame({"reason": [None], "share": np.nan})
    said = low.verbatims[low.verbatims["text"].astype(str).str.strip().ne("")]
    return found.assign(n=len(low.people), commented=said["person"].nunique())
