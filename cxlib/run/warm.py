"""What every client's process needs, imported once: processes forked after this start warm.

Preloaded by multiprocessing's fork server. Only imports here: no computing (OpenMP does not survive
a fork), no threads, no sockets.
"""

import gc
import os
import sys

# Before numpy is imported: one thread each, the batch keeps the cores busy. The rest makes runs alike.
ENVIRONMENT = {
    "CX_BATCH": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}


def set_environment():
    """For the processes that are started from here on."""
    os.environ.update(ENVIRONMENT)


def import_all():
    """A client's process would import these one by one, each time."""
    # jsonschema's check of IRIs: a second to import, and no notebook has one.
    sys.modules.setdefault("rfc3987_syntax", None)
    import ipykernel.ipkernel  # noqa: F401
    import matplotlib.pyplot  # noqa: F401
    import nbconvert  # noqa: F401
    import papermill  # noqa: F401
    import scipy.stats  # noqa: F401
    import seaborn  # noqa: F401

    import cxlib

    for name in getattr(cxlib, "__all__", ()):
        getattr(cxlib, name)
    gc.collect()
    gc.freeze()  # so that a child's collections do not touch, and so copy, what it shares


if os.environ.get("CX_BATCH"):  # set by the run; reading this file for its names imports nothing
    import_all()
