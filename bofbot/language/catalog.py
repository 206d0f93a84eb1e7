"""x"""

from typing import Any

CATALOG: dict[str, Any] = {}
