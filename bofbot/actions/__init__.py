"""The verbs. This static table says where each one lives; a module is imported when a robot uses one of its verbs."""

from __future__ import annotations

from importlib import import_module

from bofbot.action import Verb

_HERE = "bofbot.actions"

VERBS: dict[str, str] = {
    # pages
    "open": f"{_HERE}.pages.moving:Open",
    "login": f"{_HERE}.pages.login:Login",
    "press": f"{_HERE}.pages.moving:Press",
    "expect": f"{_HERE}.pages.looking:Expect",
    "read": f"{_HERE}.pages.looking:Read",
    "click": f"{_HERE}.pages.moving:Click",
    "within": f"{_HERE}.pages.moving:Within",
    # forms
    "fill": f"{_HERE}.pages.form:Fill",
    "select": f"{_HERE}.pages.form:Select",
    "check_box": f"{_HERE}.pages.form:CheckBox",
    "choose": f"{_HERE}.pages.form:Choose",
    "upload": f"{_HERE}.pages.form:Upload",
    "submit": f"{_HERE}.pages.submit:Submit",
    # documents
    "download": f"{_HERE}.documents.download:Download",
    "statement": f"{_HERE}.documents.statement:ReadStatement",
    "statements": f"{_HERE}.documents.fetch_statements:FetchStatements",
    "archive": f"{_HERE}.documents.archive:ArchiveFile",
    "reconcile": f"{_HERE}.reconciliation.reconcile:Reconcile",
    # tables
    "read_table": f"{_HERE}.sheets.table:ReadTable",
    "write_table": f"{_HERE}.sheets.table:WriteTable",
    "write_back": f"{_HERE}.sheets.write_back:WriteBack",
    "recalculate": f"{_HERE}.sheets.recalculate:Recalculate",
    # desktop
    "program": f"{_HERE}.desktop.programs:Program",
    "window": f"{_HERE}.desktop.programs:WindowVerb",
    "type_text": f"{_HERE}.desktop.hands:TypeText",
    "keys": f"{_HERE}.desktop.hands:Keys",
    "point": f"{_HERE}.desktop.hands:Point",
    "see": f"{_HERE}.desktop.eyes:See",
    "copy": f"{_HERE}.desktop.eyes:Copy",
    # plain
    "check": f"{_HERE}.plain:Check",
    "set": f"{_HERE}.plain:Set",
    "wait": f"{_HERE}.plain:Wait",
    "ask": f"{_HERE}.people:Ask",
    "notify": f"{_HERE}.people:Notify",
    # blocks, played by the runner
    "for_each": "bofbot.robot:ForEach",
    "use": "bofbot.robot:Use",
}


class VerbTable:
    """Verb names → classes: the built-in table first, then the entry points `bofbot.actions`.

    Entry points are looked up only when a name is unknown (the scan costs six times a bare interpreter)."""

    def __init__(self, builtin: dict[str, str] | None = None) -> None:
        self._paths = dict(VERBS if builtin is None else builtin)
        self._classes: dict[str, type[Verb]] = {}
        self._scanned = False

    def get(self, name: str) -> type[Verb] | None:
        """The class of a verb, or None when nobody knows it."""
        if name not in self._paths:
            self._scan()
        if name not in self._paths:
            return None
        if name not in self._classes:
            module, _, attribute = self._paths[name].partition(":")
            self._classes[name] = getattr(import_module(module), attribute)
        return self._classes[name]

    def names(self) -> tuple[str, ...]:
        """Every known verb, third-party ones included."""
        self._scan()
        return tuple(self._paths)

    def _scan(self) -> None:
        if self._scanned:
            return
        self._scanned = True
        from importlib.metadata import entry_points

        for entry in entry_points(group="bofbot.actions"):
            self._paths.setdefault(entry.name, entry.value)
