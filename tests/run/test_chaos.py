"""The chaos of the bench, small: every poison once, and the batch killed twice."""

from bench.chaos import REASONS, chaos


def test_a_killed_batch_of_poisoned_clients():
    poisons = len(REASONS)
    found = chaos(
        2 * poisons,
        poisons,
        kills=2,
        notebooks=("00_client_brief", "07_feedback_loop", "09_executive_report"),
    )
    assert found == {
        "complete": poisons,
        "failed": poisons,
        "right": poisons,
        "partial": 0,
        "twice": 0,
    }
