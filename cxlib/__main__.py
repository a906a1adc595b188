"""`python -m cxlib`: the command line where `cx` is not on the path."""

import sys

from cxlib.run.cli import main

if __name__ == "__main__":
    sys.exit(main())
