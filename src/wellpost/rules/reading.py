"""Rule files read with their places: whatever is wrong is said with file, line and key."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path

import yaml

from wellpost.errors import WellpostError

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C where PyYAML was built with it: the rules of a program are some thousand lines."""


class RuleFileError(WellpostError):
    """A rule file that cannot be read as law. The message names file, line and key."""


@dataclass
class Entry:
    """One mapping of a rule file. `finish` refuses the keys that nobody took."""

    file: str
    node: yaml.MappingNode
    above: str = ""
    _taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._values: dict[str, yaml.Node] = {}
        for key, value in self.node.value:
            if key.value in self._values:
                raise self.fault(key.value, "is written twice", value)
            self._values[str(key.value)] = value

    @property
    def place(self) -> str:
        """File and line, as errors and citations name it."""
        return f"{self.file}:{self.node.start_mark.line + 1}"

    def fault(self, key: str, wrong: str, node: yaml.Node | None = None) -> RuleFileError:
        """The error for `key`; `wrong` says what is wrong and what would be right."""
        line = (node or self._values.get(key) or self.node).start_mark.line + 1
        return RuleFileError(f"{self.file}:{line}: {self.above}{key} {wrong}.")

    def has(self, key: str) -> bool:
        """Whether the key is written here."""
        return key in self._values

    def text(self, key: str) -> str:
        """The words under `key`; they may not be missing or empty."""
        node = self._node(key)
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.fault(key, "must be a text")
        return " ".join(node.value.split())

    def optional_text(self, key: str) -> str | None:
        """The words under `key`, or None when it is not written."""
        return self.text(key) if self.has(key) else None

    def one_of(self, key: str, allowed: Collection[str]) -> str:
        """The word under `key`, which must be one of the allowed."""
        return self._known(key, self.text(key), allowed)

    def some_of(self, key: str, allowed: Collection[str]) -> tuple[str, ...]:
        """The words listed under `key`, each one of the allowed and none twice."""
        return tuple(self._known(key, each, allowed) for each in self.texts(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """The words listed under `key`, none twice."""
        node = self._node(key)
        if not isinstance(node, yaml.SequenceNode):
            raise self.fault(key, "must be a list, like [one, two]")
        words = tuple(str(each.value) for each in node.value)
        if len(set(words)) < len(words):
            raise self.fault(key, "names something twice")
        return words

    def day(self, key: str) -> date:
        """The ISO date under `key`."""
        try:
            return date.fromisoformat(self.text(key))
        except ValueError:
            raise self.fault(key, "must be a date like 2017-01-01") from None

    def optional_day(self, key: str) -> date | None:
        """The ISO date under `key`, or None when it is not written."""
        return self.day(key) if self.has(key) else None

    def amount(self, key: str, *units: str) -> int:
        """The whole number under `key`, followed by one of the units (`5 percent`, `90 days`)."""
        shape = r"(\d+)" + (rf" (?:{'|'.join(units)})" if units else "")
        found = re.fullmatch(shape, self.text(key))
        if not found:
            like = f"like '5 {units[0]}'" if units else "like 5"
            raise self.fault(key, f"must be a whole number {like}")
        return int(found[1])

    def entries(self, key: str) -> tuple[Entry, ...]:
        """The list of mappings under `key`; empty when it is not written."""
        if not self.has(key):
            return ()
        node = self._node(key)
        if not isinstance(node, yaml.SequenceNode):
            raise self.fault(key, "must be a list of entries, each starting with a dash")
        return tuple(self._inner(key, each, f"[{n}]") for n, each in enumerate(node.value, 1))

    def entry(self, key: str) -> Entry:
        """The mapping under `key`."""
        return self._inner(key, self._node(key), "")

    def names(self) -> tuple[str, ...]:
        """The keys written here, in their order."""
        return tuple(self._values)

    def finish(self) -> None:
        """Refuse keys that nobody asked for: a misspelt key would otherwise be no law at all."""
        for key in self._values:
            if key not in self._taken:
                close = get_close_matches(key, self._taken, n=1)
                meant = f"; did you mean {close[0]}" if close else ""
                raise self.fault(key, f"is not a key known here{meant}")

    def _node(self, key: str) -> yaml.Node:
        self._taken.add(key)
        if key not in self._values:
            raise self.fault(key, "is missing")
        return self._values[key]

    def _known(self, key: str, word: str, allowed: Collection[str]) -> str:
        if word not in allowed:
            raise self.fault(key, f"{word!r} is none of: {', '.join(allowed)}")
        return word

    def _inner(self, key: str, node: yaml.Node, number: str) -> Entry:
        if not isinstance(node, yaml.MappingNode):
            raise self.fault(key, "must hold keys and values", node)
        return Entry(self.file, node, f"{self.above}{key}{number}.")


def read(path: Path, name: str) -> Entry:
    """The mapping a file holds; `name` is how errors and citations call the file."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=LOADER)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or "it is not UTF-8 text"
        raise RuleFileError(f"{name}:{line}: this is no YAML: {problem}.") from None
    if not isinstance(node, yaml.MappingNode):
        raise RuleFileError(f"{name}:1: the file must hold keys and values.")
    return Entry(name, node)
