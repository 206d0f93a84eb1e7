"""bofbot, the back-office bot. The public names, each loaded when first asked for."""

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` itself would cost half of what `bofbot --help` may
    from bofbot.action import Action, Context, Resource, Result
    from bofbot.actions import VerbTable
    from bofbot.errors import ApplicationError, BofbotError, BusinessError, NeedsPerson
    from bofbot.language.loader import load_robot
    from bofbot.office import Office
    from bofbot.robot import Robot
    from bofbot.secret import Secret
    from bofbot.words import Sentence

_HOMES = {
    "Action": "action",
    "ApplicationError": "errors",
    "BofbotError": "errors",
    "BusinessError": "errors",
    "Context": "action",
    "NeedsPerson": "errors",
    "Office": "office",
    "Resource": "action",
    "Result": "action",
    "Robot": "robot",
    "Secret": "secret",
    "Sentence": "words",
    "VerbTable": "actions",
    "load_robot": "language.loader",
}

__all__ = [
    "Action",
    "ApplicationError",
    "BofbotError",
    "BusinessError",
    "Context",
    "NeedsPerson",
    "Office",
    "Resource",
    "Result",
    "Robot",
    "Secret",
    "Sentence",
    "VerbTable",
    "load_robot",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'bofbot' has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"bofbot.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
