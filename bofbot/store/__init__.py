"""Runs, items and the journal, kept so that a crash or a power cut loses nothing that was promised."""

from bofbot.store.chain import Head, Verdict
from bofbot.store.database import Store, open_store
from bofbot.store.ledger import AttemptRow
from bofbot.store.runs import RunRow
from bofbot.store.slots import NewSlot, SlotRow

__all__ = ["AttemptRow", "Head", "NewSlot", "RunRow", "SlotRow", "Store", "Verdict", "open_store"]
