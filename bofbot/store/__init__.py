"""Runs, items and the journal, kept so that a crash or a power cut loses nothing that was promised."""

from bofbot.store.chain import Head, Verdict
from bofbot.store.database import Store, open_store
from bofbot.store.journal import RunRow
from bofbot.store.ledger import AttemptRow

__all__ = ["AttemptRow", "Head", "RunRow", "Store", "Verdict", "open_store"]
