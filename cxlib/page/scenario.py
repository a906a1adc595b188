"""Whose scenario a page tells of."""

import pandas as pd
from markupsafe import Markup

from cxlib.page.language import N_


def scenario_html(page) -> str:
    """Whose scenario the page tells of, when and why; "" for the client as client.yml stands."""
    scenario = page.case.scenario
    if scenario is None:
        return ""
    return Markup('<p class="scenario">{}</p>').format(scenario_words(page, scenario))


def scenario_words(page, scenario) -> str:
    """'Scenario “cheaper”, by Ann, 21 November 2026: note. It sets …'"""
    day = scenario.date and page.language.date(pd.Timestamp(scenario.date))
    by = page.say(N_(", ")).join(filter(None, [scenario.author, day]))
    words = N_("Scenario “{name}” ({by}).") if by else N_("Scenario “{name}”.")
    said = [page.say(words, name=scenario.name, by=by)]
    if scenario.note:
        said.append(scenario.note)
    values = page.listed(f"{key} = {_written(value)}" for key, value in scenario.settings.items())
    said.append(page.say(N_("It sets {values}."), values=values))
    return page.joined(said)


def _written(value) -> str:
    """A value of client.yml in a sentence."""
    if isinstance(value, dict):
        return str(value.get("share", "")) or ", ".join(f"{k}: {v}" for k, v in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
