"""reports/validation.html: every published number and every law, computed anew.

What `cx validate` does. The proofs are in `proof/`, beside the package: a checkout has them.
"""

import sys
from importlib import import_module
from pathlib import Path

import pandas as pd

from cxlib.run import folder
from cxlib.run.asked import TOLD

ROOT = Path(__file__).parents[2]


def validate(reports_dir, data_dir, language="en", replications=None) -> int:
    """Writes validation.html and says how many checks hold; 1 where one fails."""
    if not (ROOT / "proof" / "__init__.py").exists():
        print(TOLD["said"]["no_proofs"], file=sys.stderr)
        return 1
    examples, laws, figures = proofs("surveys").checks(data_dir)
    page, status = proofs("page"), pd.concat([t["status"] for t in (examples, laws, figures)])
    held, failed = (status == page.PASS).sum(), (status == page.FAIL).sum()
    held = f"{held} of {len(status)} checks hold, {failed} fail."
    print(held, file=sys.stderr, flush=True)
    simulations = proofs("simulations")
    coverage = simulations.simulated(replications or simulations.REPLICATIONS)
    if unsaid := simulations.unsaid(coverage):
        print(f"Too narrow, and not said in the reports: {', '.join(unsaid)}.", file=sys.stderr)
    untried = simulations.UNTRIED
    html = page.validation_page(examples, laws, figures, coverage, language, untried=untried)
    Path(reports_dir).mkdir(parents=True, exist_ok=True)
    written = Path(reports_dir, "validation.html")
    folder.write_whole(written, html)
    print(written)
    print(held)
    return int(failed > 0)


def proofs(name: str):
    """A module of proof/, from the checkout that this package belongs to."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    return import_module(f"proof.{name}")
