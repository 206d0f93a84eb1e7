"""How an office's files are read: the named profiles of its settings, the run's day, and the door to workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bofbot.action import Context
from bofbot.adapters.workbooks.statement_sheets import sheet_rows
from bofbot.errors import BusinessError
from bofbot.settings import Settings
from bofbot.statements.options import CsvProfile, Options
from bofbot.statements.profiles import profile_from
from bofbot.values.text import nearest
from bofbot.words import Sentence


def profiles_of(settings: Settings) -> dict[str, CsvProfile]:
    """The profiles of `statement_profiles:` by name."""
    return {
        name: profile_from({"name": name, **one.model_dump(by_alias=True, exclude_defaults=True)})
        for name, one in settings.statement_profiles.items()
    }


def named_profile(profiles: Mapping[str, CsvProfile], name: str) -> CsvProfile:
    """The profile of this name. Raises BusinessError with the nearest names."""
    if name in profiles:
        return profiles[name]
    near = nearest(name, profiles)
    raise BusinessError(
        Sentence(en=f'there is no statement profile "{name}"', ja=f"明細プロファイル「{name}」はありません"),
        fix=Sentence(en=f"did you mean {', '.join(near)}?", ja=f"もしかして：{'、'.join(near)}")
        if near
        else Sentence(
            en="write it under `statement_profiles:` in configs/bofbot.yaml",
            ja="configs/bofbot.yaml の `statement_profiles:` に書いてください",
        ),
    )


def reading_options(context: Context, profile: str = "", **more: Any) -> Options:
    """What the office knows about its files. Raises BusinessError for a profile that does not exist."""
    profiles = profiles_of(context.settings)
    if profile:
        more["profile"] = named_profile(profiles, profile)
    return Options(
        today=context.clock().date(), sheets=sheet_rows, profiles=tuple(profiles.values()), **more
    )  # fmt: skip
