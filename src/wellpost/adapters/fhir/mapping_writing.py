"""How the page of the mapping is written: sections, tables, and what `mapping` itself remarks."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from wellpost.adapters.fhir import mapping

Rows = Sequence[Sequence[str]]


def section(title: str, *lines: str) -> Iterator[str]:
    """A heading, and lines of text below it."""
    yield from ("", f"## {title}", "")
    if lines:
        yield from (*lines, "")


def questions(*rows: tuple[str, str]) -> Iterator[str]:
    """A table of what is asked of a resource, and how it is answered."""
    yield from table(("question", "answer"), rows)


def table(names: Sequence[str], rows: Rows) -> Iterator[str]:
    """A table with these columns."""
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def codes(some: Collection[str]) -> str:
    """Codes one after the other, as code."""
    return ", ".join(f"`{code}`" for code in sorted(some) if code)


def said(name: str) -> str:
    """What stands below a table of the mapping, on one line."""
    statements = ast.parse(inspect.getsource(mapping)).body
    for one, after in pairwise(statements):
        if _assigns(one, name) and isinstance(after, ast.Expr):
            return " ".join(str(ast.literal_eval(after.value)).split())
    raise LookupError(f"mapping.py says nothing below {name}")


def _assigns(one: ast.stmt, name: str) -> bool:
    targets = one.targets if isinstance(one, ast.Assign) else [getattr(one, "target", None)]
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)


def remark(text: str) -> str:
    """What is remarked on the line of a code in the mapping; empty when nothing."""
    found = re.search(rf"{re.escape(text)}.*?,  # (.*)", inspect.getsource(mapping))
    return found[1] if found else ""
