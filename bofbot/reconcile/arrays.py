"""Columns of numbers: the types the engine's modules pass to each other."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

Ints: TypeAlias = np.ndarray[Any, np.dtype[Any]]
"""Whole numbers: rows, days, amounts in smallest units, hundredths of points."""
Floats: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Flags: TypeAlias = np.ndarray[Any, np.dtype[Any]]
