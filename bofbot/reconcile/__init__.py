"""Entries against entries, stage by stage; pure functions, nothing of robots."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# numpy is used for columns here, never for matrices: its linear algebra need not start a thread for each core.
