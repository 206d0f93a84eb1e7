"""A secret never turns into text by itself, and one redactor stands on every way out."""

from __future__ import annotations

from collections.abc import Iterable


class Secret:
    """A value that shows as ●●●. `reveal()` is called in fill, login, mail and HTTP authentication only."""

    __slots__ = ("_value", "name")

    def __init__(self, value: str, name: str = "") -> None:
        self._value = value
        self.name = name

    def reveal(self) -> str:
        return self._value

    def __str__(self) -> str:
        return "●●●"

    def __repr__(self) -> str:
        return f"Secret({self.name!r})"

    def __format__(self, spec: str) -> str:
        return "●●●"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(("Secret", self._value))

    def __bool__(self) -> bool:
        return bool(self._value)

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a secret is never pickled")


class Redactor:
    """Replaces every known secret in outgoing text. Every sink and every piece of evidence passes through it."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        self._values: list[str] = []
        for secret in secrets:
            self.add(secret)

    def add(self, secret: Secret) -> None:
        value = secret.reveal()
        if len(value) >= 3 and value not in self._values:
            self._values.append(value)
            self._values.sort(key=len, reverse=True)

    @property
    def knows_any(self) -> bool:
        """False while there is nothing to replace."""
        return bool(self._values)

    def __call__(self, text: str) -> str:
        for value in self._values:
            if value in text:
                text = text.replace(value, "●●●")
        return text
