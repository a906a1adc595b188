"""docs/method-map.md points at what is there: notebooks, sums, demo clients, and what they show."""

import re
from importlib import import_module

import nbformat
import pytest

from cxlib.client import customers, plans, respondents, service, steps
from cxlib.client.case import read_client
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
    customers.survival: ["telecom"],
    customers.renewals: ["telecom"],
    customers.churn_weighted: ["telecom"],
    customers.revenue_concentration: ["retail"],
    customers.value_tiers: ["vendor"],
    customers.territories: ["vendor"],
    customers.contact_outcomes: ["vendor"],
    customers.answer_disputes: ["complaints"],
    customers.paid_without_repair: ["vendor"],
    respondents.loyalty_matrix: ["vendor"],
    respondents.if_switching_were_free: ["vendor"],
    respondents.role_scores: ["vendor"],
    respondents.by_collector: ["vendor"],
    respondents.success_or_liking: ["vendor"],
    service.touchpoint_map: ["vendor"],
    service.case_paths: ["vendor"],
    service.what_raises_expectations: ["vendor"],
    service.promise_beside_delivery: ["vendor"],
    service.service_quality: ["vendor"],
    service.gaps_in_the_service: ["vendor"],
    service.service_type_map: ["vendor"],
    service.seven_rights: ["vendor"],
    service.requirement_register: ["vendor", "meisu"],
    service.silent_sufferers: ["vendor"],
    plans.portfolio: ["vendor", "meisu", "kiosk"],
    plans.plan_frontier: ["vendor", "kiosk"],
    service.best_level: ["vendor"],
    service.owning: ["vendor"],
    service.health: ["vendor"],
    service.actions: ["vendor"],
    service.effects: ["vendor"],
    service.the_next_cycle: ["meisu", "vendor"],
    service.value_to_customer: ["vendor"],
    steps.evidence: ["meisu"],
    steps.requirement_classes: ["vendor"],
}


def test_every_row_has_its_place():
    assert len(ROWS) > 40
    assert "not yet" not in " ".join(cell for row in ROWS for cell in row)
    for model, books, sums, demo in ROWS:
        assert all(book in BOOKS for book in re.findall(r"\d\d", books)), model
        for name in re.findall(r"`([a-z_]+)(?:\.([a-z_]+))?`", sums):
            if name[0] not in ("delight", "contradiction", "penalty_due"):
                floor = "client" if name[0] == "steps" else "sums"
                module = import_module(f"cxlib.{floor}.{name[0]}")
                assert not name[1] or hasattr(module, name[1]), (model, name)
        named = set(re.findall(r"[a-z]+", demo)) & {path.name for path in DATA.iterdir()}
        assert named or "validation" in demo, model


@pytest.mark.parametrize("step", SEEN, ids=lambda step: step.__name__)
def test_what_the_map_says_can_be_seen_is_there(step):
    cells = [cell.source for path in BOOKS.values() for cell in nbformat.read(path, 4).cells]
    assert any(f"cx.{step.__name__}(" in source for source in cells)
    for client in SEEN[step]:
        case = read_client(client, DATA)
        about = ("complained",) if step is customers.survival else ()
        found = step(case, *about)
        assert found is not None and len(found), client
