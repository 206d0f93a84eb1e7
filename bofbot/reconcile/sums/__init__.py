"""Sums of several rows: every set that fits is found, and none is believed for its sum alone."""
