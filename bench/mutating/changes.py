"""Every change to a module, as JSON: run by the tools' own Python, where Cosmic Ray is.

`python changes.py MODULE.py …` prints, for each, its file, line, what was done, and the whole text.
Changes that change nothing that runs (in annotations) are left out.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

LEFT_OUT = ("core/RemoveDecorator", "core/ExceptionReplacer")
"""Most of a decorator's removals change nothing (`@override`) or stop the module's import; and a
refusal under another exception's name is tried by the others."""
COMPARISONS = {
    "Eq": {"NotEq"}, "NotEq": {"Eq"}, "Lt": {"LtE", "GtE"}, "LtE": {"Lt", "Gt"},
    "Gt": {"GtE", "LtE"}, "GtE": {"Gt", "Lt"}, "Is": {"IsNot"}, "IsNot": {"Is"},
    "In": {"NotIn"}, "NotIn": {"In"},
}  # fmt: skip
"""Its contrary, and the boundary on the other side: the others are noticed where these are."""
ARITHMETIC = {"Add": "Sub", "Sub": "Add", "Mul": "Add", "FloorDiv": "Mul", "Div": "Mul",
              "Mod": "Mul", "LShift": "RShift", "RShift": "LShift", "BitAnd": "BitOr",
              "BitOr": "BitAnd", "BitXor": "BitAnd", "Pow": "Mul"}  # fmt: skip


class Bare(ast.NodeTransformer):
    """Without annotations, and without decorators: a class is decorated once, when it is made."""

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.decorator_list = []
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return ast.Pass()
        return ast.Assign([node.target], node.value, lineno=node.lineno)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns, node.decorator_list = None, []
        return self.generic_visit(node)


def bare(text: str) -> str:
    """What of the module runs."""
    return ast.dump(Bare().visit(ast.parse(text)))


def wanted(name: str) -> bool:
    """Whether the operator is one of those tried."""
    _, _, what = name.partition("/")
    if what.startswith("ReplaceComparisonOperator_"):
        _, old, new = what.split("_")
        return new in COMPARISONS.get(old, ())
    if what.startswith("ReplaceBinaryOperator_"):
        _, old, new = what.split("_")
        return ARITHMETIC.get(old) == new
    return name not in LEFT_OUT


def changes(file: Path) -> Iterator[dict[str, object]]:
    """Each change of one module, once."""
    text = file.read_text()
    seen = {bare(text)}
    for name in sorted(filter(wanted, operator_names())):
        occurrence = 0
        while (changed := _changed(text, name, occurrence)) is not None:
            occurrence += 1
            runs = _if_python(changed)
            if runs and runs not in seen:
                seen.add(runs)
                line = _first_difference(text, changed)
                yield {"file": str(file), "line": line, "what": name, "text": changed}


def _if_python(text: str) -> str:
    """What of it runs; nothing when it is no Python: the `*` before named arguments is no sum."""
    try:
        return bare(text)
    except SyntaxError:
        return ""


def _changed(text: str, name: str, occurrence: int) -> str | None:
    operator = get_operator(name)
    arguments = operator.arguments() if callable(getattr(operator, "arguments", None)) else ()
    if arguments:
        return None
    found = mutate_code(text.encode(), operator(), occurrence)
    return found.decode() if isinstance(found, bytes) else found


def _first_difference(one: str, other: str) -> int:
    lines = zip(one.splitlines(), other.splitlines(), strict=False)
    return next((number for number, (a, b) in enumerate(lines, 1) if a != b), 1)


if __name__ == "__main__":
    for module in sys.argv[1:]:
        for change in changes(Path(module)):
            print(json.dumps(change))
