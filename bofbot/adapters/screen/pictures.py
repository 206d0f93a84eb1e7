"""Finding a small picture on the screen: by normalized cross-correlation, then by its colours. Pure arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

MOST = 9
"""More places than this need not be counted."""


def find_all(screen: Pixels, part: Pixels, confidence: float) -> list[tuple[int, int, float]]:
    """Where `part` stands on `screen` (both height x width x 3): left, top, likeness 0 … 1; the best first.

    Both the shapes and the colours must agree, so that a greyed button is not taken for a live one. Raises ValueError
    for a part that is larger than the screen, or of one colour alone."""
    import numpy as np

    height, width = part.shape[:2]
    if height > screen.shape[0] or width > screen.shape[1]:
        raise ValueError("larger")
    if part.reshape(-1, 3).std(axis=0).max() < 1.0:
        raise ValueError("plain")
    likeness = _correlation(screen.mean(axis=2), part.mean(axis=2))
    found: list[tuple[int, int, float]] = []
    while len(found) < MOST:
        top, left = np.unravel_index(int(likeness.argmax()), likeness.shape)
        if likeness[top, left] < confidence:
            break
        seen = screen[top : top + height, left : left + width].astype(np.int16)
        colours = 1.0 - float(np.abs(seen - part).mean()) / 255.0
        if colours >= confidence:
            found.append((int(left), int(top), min(float(likeness[top, left]), colours)))
        near = (
            slice(max(0, top - height // 2), top + height // 2 + 1),
            slice(max(0, left - width // 2), left + width // 2 + 1),
        )
        likeness[near] = -1.0
    return sorted(found, key=lambda place: -place[2])


def _correlation(screen: Any, part: Any) -> Any:
    """Normalized cross-correlation at every place where the part lies wholly on the screen."""
    import numpy as np

    height, width = part.shape
    shape = screen.shape
    flat = part - part.mean()
    spectrum = np.fft.rfft2(screen) * np.conj(np.fft.rfft2(flat, shape))
    product = np.fft.irfft2(spectrum, shape)[: shape[0] - height + 1, : shape[1] - width + 1]
    count = height * width
    spread = _windows(screen**2, height, width) - _windows(screen, height, width) ** 2 / count
    bottom = np.sqrt(np.maximum(spread, 0.0) * (flat**2).sum())
    return np.where(bottom > count * 1e-3, product / np.maximum(bottom, 1e-9), 0.0)


def _windows(values: Any, height: int, width: int) -> Any:
    """The sum over every window of this size, by an integral image."""
    import numpy as np

    sums = np.pad(values, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    return sums[height:, width:] - sums[:-height, width:] - sums[height:, :-width] + sums[:-height, :-width]


def changed(before: Pixels, after: Pixels) -> tuple[int, int, int, int] | None:
    """The box around everything that differs: left, top, width, height; None when nothing does."""
    import numpy as np

    if before.shape != after.shape:
        return (0, 0, after.shape[1], after.shape[0])
    rows, columns = np.nonzero((before != after).any(axis=2))
    if not rows.size:
        return None
    left, top = int(columns.min()), int(rows.min())
    return (left, top, int(columns.max()) - left + 1, int(rows.max()) - top + 1)
