"""A client's folder, read whole: settings, tables and survey, and everything that is wrong with them."""

from pathlib import Path

import pandas as pd

from cxlib.client.bounds import allowed, crowded
from cxlib.client.client_yml import amounts_to_look_at, changes_of, read_as_remarks, read_settings
from cxlib.client.codebook import with_asked_scales, with_own_dimensions, with_scales_of_words
from cxlib.client.contract import TABLES
from cxlib.client.files import ENDINGS, shown_name
from cxlib.client.findings import Gathered
from cxlib.client.folder import WORKBOOK, apart, hashes, table_sources, wrong_name
from cxlib.client.kept import held_back
from cxlib.client.looks import found_outside, not_a_file
from cxlib.client.mapping import read_table
from cxlib.client.problems import SAID, ClientError, Problem, did_you_mean, first_few, problem
from cxlib.client.scenario import scenario_path, scenario_problems, with_scenario
from cxlib.client.settings import EVERYONE, KEYS, LANGUAGES, Settings
from cxlib.client.survey import read_survey
from cxlib.client.tables import clean_table, localised, unknown_served


def everything_sent(client, data_dir, language="", overrides="") -> tuple:
    """(what a `Case` holds of a client, by name; every problem); None where there are any."""
    if problems := wrong_name(client, data_dir):
        return None, problems
    folder = Path(data_dir) / client
    yml = folder / "client.yml"
    if what := not_a_file(yml):
        return None, [problem(yml, "no_plain_file", what=what)]
    overrides, scenario, problems = with_scenario(folder, overrides)
    settings, found = read_settings(yml, overrides)
    problems += found
    unsure = frozenset(each.column.split(".")[0] for each in problems)
    so_far = Gathered(problems + unknown_language(language))
    spoken = language if language in LANGUAGES else settings.language
    leaving, let_in, unread = found_outside(folder, settings)
    so_far.problems += leaving
    so_far.warnings += let_in
    so_far.warnings += [] if problems else [*amounts_to_look_at(yml), *read_as_remarks(yml)]
    unsure |= {"survey"} if unread & apart(settings) else set()
    with allowed(settings.limits):
        sources, found = table_sources(folder, settings, unread)
        so_far.add(found)
        tables, settings = read_tables(sources, settings, unsure, spoken, so_far)
        survey = survey_with_codebook(folder, settings, tables, sources, unsure, so_far)
    so_far.problems += crowded(settings, tables, survey, folder)
    so_far.problems += unknown_segments(settings, tables, survey, folder)
    so_far.problems += unscored_dimensions(settings, tables, sources)
    so_far.problems += unknown_served(tables, sources)
    if not (tables or survey or settings.churn_cost or so_far.problems):
        lying = sorted(each.name for each in folder.iterdir() if each.suffix.lower() in ENDINGS)
        lying = [name for name in lying if name != WORKBOOK]
        named = {"value": first_few(lying)} if lying else {}
        nothing = "nothing_named" if lying else "nothing_there"
        so_far.problems.append(problem(folder, nothing, **named))
    if so_far.problems:
        named = " ".join(each.remedy for each in so_far.problems)
        misnamed = [each for each in so_far.warnings if each.rule == SAID["not_used"][0]]
        misnamed = [each for each in misnamed if f"'{each.column}'" not in named]
        return None, scenario_problems(folder, scenario, so_far.problems + misnamed)
    used = [str(scenario_path("", scenario.name))] if scenario else []
    inputs = hashes(folder, settings, sources, used)
    sent = {"settings": settings, "language": spoken, "tables": tables, "survey": survey}
    sent |= {"rejected": so_far.lines(), "warnings": so_far.warnings, "inputs": inputs}
    return sent | {"changes": changes_of(overrides), "scenario": scenario}, []


def unknown_language(language: str) -> list[Problem]:
    """The problem with a language that no report speaks; [] for "", that of client.yml."""
    near = did_you_mean(language, LANGUAGES)
    hint = near if near.endswith("?") else KEYS["language"]["about"]
    strange = problem("language", "no_language", value=language, hint=hint)
    return [strange] if language and language not in LANGUAGES else []


def read_tables(sources, settings: Settings, unsure, language, so_far: Gathered) -> tuple:
    """({table: clean table} of every source, the settings with the codebook's own dimensions); what
    is wrong goes to `so_far`."""
    tables = {}
    first = sorted(sources, key=lambda name: name != "codebook")
    for name, (path, sheet) in ((each, sources[each]) for each in first):
        try:
            raw = read_table(path, sheet, settings.encoding or "", name, settings.decimal or "")
        except ClientError as error:
            # A sheet of the workbook that nobody wrote into is a table that was not supplied.
            unused = path.name == WORKBOOK
            so_far.problems += [p for p in error.problems if not unused or p.rule != "is empty"]
            continue
        table, found = clean_table(raw, TABLES[name], settings, unsure)
        if path.name == WORKBOOK and not found.filled:
            continue  # a sheet of the template that nobody filled in
        so_far.add(found)
        tables[name] = localised(table, TABLES[name], language)
        if name == "codebook" and "measure" in table:  # a missing column is a problem of its own
            ideals = any(not isinstance(rule, str) for rule in settings.ideal.values())
            held = ideals or (sources.get("scores", [Path(WORKBOOK)])[0].name != WORKBOOK)
            tables[name] = with_scales_of_words(tables[name])
            settings, doubts = with_asked_scales(tables[name], settings, raw.shown, held)
            tables[name], settings, alone = with_own_dimensions(tables[name], settings, raw.shown)
            so_far.warnings += doubts + alone
    return tables, settings


def survey_with_codebook(folder, settings: Settings, tables, sources, unsure, so_far: Gathered):
    """The survey, or None; what is wrong with it goes to `so_far`."""
    path, sheet = sources.get("codebook", (Path("codebook"), ""))
    shown = shown_name(path, sheet)
    refused = "codebook" not in tables and any(each.file == shown for each in so_far.problems)
    if "survey" in unsure or refused:
        return None  # why has been said
    if settings.survey:
        survey, found = read_survey(folder, settings, tables.get("codebook"), unsure, shown)
        so_far.add(found)
        if survey is not None:
            survey = held_back(survey, settings, so_far, str(folder / settings.survey.file))
        return survey
    if "codebook" in tables:
        so_far.warnings.append(problem(shown, "no_survey_named"))
    return None


def unscored_dimensions(settings: Settings, tables: dict, sources: dict) -> list[Problem]:
    """Dimensions that a requirement or an initiative is for, and that nothing scores."""
    named = {name: set(table.get("dimension", pd.Series())) for name, table in tables.items()}
    scoring = [name for name in ("scores", "codebook") if name in named]
    unscored = set(settings.dimensions).difference(*(named[name] for name in scoring))
    problems = []
    for name in [each for each in ("register", "initiatives") if each in named and scoring]:
        column = tables[name].get("dimension", pd.Series())
        if len(strange := column[column.isin(unscored)]):
            where = "dimension", first_few(strange.index), first_few(strange.unique())
            shown, by = shown_name(*sources[name]), " and ".join(scoring)
            problems.append(problem(shown, "dimension_unscored", *where, scoring=by))
    return problems


def unknown_segments(settings: Settings, tables: dict, survey, folder: Path) -> list[Problem]:
    """Target segments that nobody belongs to."""
    there = set() if survey is None else set(survey.segments)
    for name in ("scores", "customers"):
        if name in tables and "segment" in tables[name]:
            there |= set(tables[name]["segment"].dropna()) - {EVERYONE}
    strange = [each for each in settings.target_segments if each not in there]
    if not strange or not (tables or survey):
        return []
    hint = did_you_mean(strange[0], there, "No table has a column segment with a value in it.")
    where = {"column": "target_segments", "value": first_few(strange)}
    return [problem(folder / "client.yml", "segments_nobody_has", **where, hint=hint)]
