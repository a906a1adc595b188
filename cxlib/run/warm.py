"""What every client's process needs, imported once: processes forked after this start warm.

Preloaded by multiprocessing's fork server, and imported by nothing else. No threads, no sockets and
no OpenMP here: they do not survive a fork. tests/run holds it to one thread.
"""

import gc
import sys
from contextlib import suppress

from cxlib.run import changes


def import_all():
    """A client's process would import these one by one, each time."""
    # jsonschema's check of IRIs: a second to import, and no notebook has one.
    sys.modules.setdefault("rfc3987_syntax", None)
    import ipykernel.ipkernel  # noqa: F401
    import nbconvert  # noqa: F401
    import scipy.stats  # noqa: F401
    import seaborn  # noqa: F401

    import cxlib

    for name in cxlib.__all__:
        getattr(cxlib, name)


REHEARSAL = [
    "a = 1", "pd.DataFrame({'b': [a, 'text']})", "plt.plot([1, 2])\nplt.title('A')\nprint(a)",
]  # fmt: skip


def rehearse():
    """Run and render a small notebook: what is loaded at first use is then loaded before the fork."""
    import nbformat
    from papermill.engines import papermill_engines

    from cxlib.page.render import render_notebook

    cells = ["import pandas as pd", "import matplotlib.pyplot as plt", *REHEARSAL]
    cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    cells.append(nbformat.v4.new_markdown_cell("# A\n\n- *b*"))
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"papermill": {}})
    done = papermill_engines.execute_notebook_with_engine("warm", nbformat.from_dict(notebook), "python3")  # fmt: skip
    for kind in "consultant", "report":
        render_notebook(done, "en", kind=kind)


changes.code(), changes.packages()  # as they are now, before they are imported
with suppress(Exception):  # what fails here fails again, and is reported, in each client's process
    import_all()
    rehearse()
gc.collect()
gc.freeze()  # so that a child's collections do not touch, and so copy, what it shares
