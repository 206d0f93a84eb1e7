"""Recorder: watches a person in a visible browser and writes down what was done, as a robot: labels, not selectors."""

from __future__ import annotations
