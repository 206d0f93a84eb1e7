"""`python -m bofbot.cli` is `bofbot`."""

import sys

from bofbot.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
