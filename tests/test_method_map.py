"""docs/method-map.md points at what is there: notebooks, sums, demo clients, and what they show."""

import re
from importlib import import_module
from importlib.util import find_spec

import nbformat
import pytest

from cxlib.analysis import (
    brand_value,
    cases,
    churn_cost,
    experience_expectation,
    feedback_loop,
    fit,
    gap_analysis,
    loyalty,
    requirements,
    roles,
    strategy_capability,
    targets,
    touchpoints,
    workshop,
)
from cxlib.client.case import read_client
from cxlib.client.library import library
from tests.conftest import DATA, ROOT

MAP = (ROOT / "docs" / "method-map.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in MAP.splitlines()
    if line.startswith("| ") and not line.startswith("| model")
]
BOOKS = {path.name[:2]: path for path in (ROOT / "notebooks").glob("*.ipynb")}
# Step of a notebook → demo clients in which the map says that it can be seen.
SEEN = {
    brand_value.survival: ["telecom"],
    churn_cost.renewals: ["telecom"],
    churn_cost.churn_weighted: ["telecom"],
    brand_value.revenue_concentration: ["retail"],
    brand_value.value_tiers: ["vendor"],
    feedback_loop.territories: ["vendor"],
    feedback_loop.contact_outcomes: ["vendor"],
    churn_cost.answer_disputes: ["complaints"],
    churn_cost.paid_without_repair: ["vendor"],
    loyalty.loyalty_matrix: ["vendor"],
    loyalty.if_switching_were_free: ["vendor"],
    roles.role_scores: ["vendor"],
    experience_expectation.by_collector: ["vendor"],
    roles.success_or_liking: ["vendor"],
    touchpoints.touchpoint_map: ["vendor"],
    touchpoints.case_paths: ["vendor"],
    experience_expectation.what_raises_expectations: ["vendor"],
    experience_expectation.promise_beside_delivery: ["vendor"],
    experience_expectation.service_quality: ["vendor"],
    gap_analysis.gaps_in_the_service: ["vendor"],
    experience_expectation.service_type_map: ["vendor"],
    feedback_loop.seven_rights: ["vendor"],
    requirements.requirement_register: ["vendor", "meisu"],
    cases.silent_sufferers: ["vendor"],
    strategy_capability.portfolio: ["vendor", "meisu", "kiosk"],
    strategy_capability.plan_frontier: ["vendor", "kiosk"],
    strategy_capability.best_level: ["vendor"],
    requirements.owning: ["vendor"],
    feedback_loop.health: ["vendor"],
    feedback_loop.actions: ["vendor"],
    feedback_loop.effects: ["vendor"],
    feedback_loop.the_next_cycle: ["meisu", "vendor", "vendor-2"],
    brand_value.value_to_customer: ["vendor"],
    feedback_loop.evidence: ["meisu"],
    requirements.requirement_classes: ["vendor"],
    targets.target_customers: ["kiosk", "vendor", "telecom", "vendor-2"],
    targets.segment_worth: ["vendor", "telecom"],
    experience_expectation.segment_designs: ["kiosk", "vendor-2"],
    fit.plan_serves: ["vendor", "meisu"],
    fit.fits: ["vendor", "meisu"],
    roles.success_and_liking: ["vendor", "vendor-2"],
    workshop.answered: ["vendor"],
}
LIBRARIES = re.findall(r"`library\.library` \((\w+)\)", MAP)


def test_every_row_has_its_place():
    assert len(ROWS) > 40
    assert "not yet" not in " ".join(cell for row in ROWS for cell in row)
    for model, books, sums, demo in ROWS:
        assert all(book in BOOKS for book in re.findall(r"\d\d", books)), model
        for name in re.findall(r"`([a-z_]+)(?:\.([a-z_]+))?`", sums):
            if name[0] not in ("delight", "contradiction", "penalty_due"):
                floors = ("sums", "analysis", "client")
                there = [
                    f"cxlib.{floor}.{name[0]}"
                    for floor in floors
                    if find_spec(f"cxlib.{floor}.{name[0]}")
                ]
                assert there, (model, name)
                assert not name[1] or any(hasattr(import_module(m), name[1]) for m in there), (
                    model,
                    name,
                )
        named = set(re.findall(r"[a-z]+", demo)) & {path.name for path in DATA.iterdir()}
        assert named or "validation" in demo or "test client" in demo, model


@pytest.mark.parametrize("step", SEEN, ids=lambda step: step.__name__)
def test_what_the_map_says_can_be_seen_is_there(step):
    cells = [cell.source for path in BOOKS.values() for cell in nbformat.read(path, 4).cells]
    assert any(f"cx.{step.__name__}(" in source for source in cells)
    for client in SEEN[step]:
        case = read_client(client, DATA)
        about = ("complained",) if step is brand_value.survival else ()
        found = step(case, *about)
        assert found is not None and len(found), client


@pytest.mark.parametrize("name", sorted(set(LIBRARIES)))
def test_each_library_of_the_map_is_shown_in_its_notebook(name):
    books = next(row[1] for row in ROWS if f"({name})" in row[2])
    assert len(library(name))
    for book in re.findall(r"\d\d", books):
        cells = nbformat.read(BOOKS[book], 4).cells
        assert any(f'cx.library("{name}"' in cell.source for cell in cells), (name, book)


@pytest.mark.parametrize("step", sorted(set(library("workshop")["step"])))
def test_each_question_of_the_sources_is_asked_in_its_step(step):
    cells = nbformat.read(BOOKS[f"{step:02}"], 4).cells
    assert any(f"cx.questions(case, {step})" in cell.source for cell in cells)
    assert len(workshop.questions(read_client("meisu", DATA), step))
