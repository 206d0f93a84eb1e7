"""What people read: every human sentence exists in Japanese and English, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["ja", "en"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing said to a person, in both languages. Whoever shows it picks the language."""

    en: str
    ja: str

    @classmethod
    def same(cls, text: str) -> Sentence:
        """A sentence that reads alike in both languages: a name, a figure, words quoted from a page."""
        return cls(en=text, ja=text)

    def said_in(self, language: Language) -> str:
        return self.ja if language == "ja" else self.en

    def __str__(self) -> str:
        return self.en

    def __add__(self, other: Sentence | str) -> Sentence:
        added = other if isinstance(other, Sentence) else Sentence.same(other)
        return Sentence(en=self.en + added.en, ja=self.ja + added.ja)
