"""The verbs of documents: fetched, proved, filed away."""
