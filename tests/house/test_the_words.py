"""Every text of a page goes through gettext, so that translations can follow.

Templates are read as they are written: what is left of them without tags, variables and what is
marked already must hold no words. In Python it is what forms, choices and messages show. Sentences
of RequestError and DataRefusedError are the documented, English voice of the house.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

SERVER = Path(__file__).parents[2] / "src/wellpost/server"
TEMPLATES = sorted(SERVER.rglob("templates/**/*.html"))
MODULES = sorted(path for path in SERVER.rglob("*.py") if "migrations" not in path.parts)

MARKED = re.compile(
    r"{%\s*(comment|blocktranslate|blocktrans|verbatim)\b.*?{%\s*end\1\s*%}"
    r"|{#.*?#}|{%.*?%}|{{.*?}}",
    re.S,
)
NAMES = {"Wellpost", "PDF", "CSV", "HTML", "JSON", "FHIR", "SMART", "NPI", "TIN", "UTC"}
"""Said alike in every language."""
SHOWN = {"alt", "aria-label", "aria-description", "placeholder", "title", "data-title", "label"}
UNREAD = {"script", "style", "code", "kbd", "samp"}


class Bare(HTMLParser):
    """Collects the words that a reader would see and no translation can change."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in UNREAD
        shown = dict(attrs)
        button = tag == "input" and shown.get("type") in {"submit", "button", "reset"}
        for name, value in attrs:
            if name in SHOWN or (button and name == "value"):
                self._note(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in UNREAD

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._note(data)

    def _note(self, text: str) -> None:
        words = re.findall(r"[^\W\d_]{2,}", text)
        if any(word not in NAMES for word in words):
            self.found.append(" ".join(text.split()))


def bare(template: str) -> list[str]:
    """The words of a template that are not marked."""
    reader = Bare()
    reader.feed(MARKED.sub(" ", template))
    reader.close()
    return reader.found


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>{% translate 'Hello' %}</p>", []),
        ("<p>Hello {{ name }}</p>", ["Hello"]),
        ("{% blocktranslate %}Hello <b>you</b>{% endblocktranslate %} · 5 %", []),
        ('<a title="Close" href="/close/">×</a>', ["Close"]),
        ('<input type="submit" value="Send">', ["Send"]),
        ('<input type="hidden" value="send">', []),
        ("{# a remark #}{% comment %}another{% endcomment %}<code>npi</code> PDF", []),
    ],
)
def test_the_reader_of_templates_tells_the_two_apart(template: str, found: list[str]) -> None:
    assert bare(template) == found


def test_every_text_of_a_template_can_be_translated() -> None:
    left = {
        str(path.relative_to(SERVER)): found
        for path in TEMPLATES
        if (found := bare(path.read_text(encoding="utf-8")))
    }
    assert not left
    assert len(TEMPLATES) > 100


SAID_BY = {"label", "help_text", "empty_label", "legend", "says", "verbose"}
UNSHOWN = {"ServerSource"}
"""Whose label stands in errors of the command line, in the house's own English."""
CALLS = {"success", "info", "warning", "error", "add_error", "ValidationError"}


def english(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The sentences that forms, choices and messages show as they are written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.ClassDef) and _is_choices(node):
            yield from _of_choices(node)


def _of_call(node: ast.Call) -> Iterator[tuple[int, str]]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    for given in node.keywords if name not in UNSHOWN else []:
        if given.arg in SAID_BY:
            yield from _plain(given.value)
        elif given.arg == "error_messages" and isinstance(given.value, ast.Dict):
            for value in given.value.values:
                yield from _plain(value)
    if name in CALLS and not _is_logging(node):
        for each in node.args[-1:]:
            yield from _plain(each)


def _is_logging(node: ast.Call) -> bool:
    on = node.func.value if isinstance(node.func, ast.Attribute) else None
    return isinstance(on, ast.Name) and on.id.casefold() in {"log", "logger"}


def _is_choices(node: ast.ClassDef) -> bool:
    return any("Choices" in ast.unparse(base) for base in node.bases)


def _of_choices(node: ast.ClassDef) -> Iterator[tuple[int, str]]:
    for each in node.body:
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Tuple):
            yield from _plain(each.value.elts[-1])


def _plain(node: ast.expr) -> Iterator[tuple[int, str]]:
    """A text with words in it, written as it is."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if re.search(r"[^\W\d_]{2,}", node.value):
            yield node.lineno, node.value
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from _plain(part)


def test_the_reader_of_modules_tells_the_two_apart() -> None:
    said = "field(label='Name', help_text=_('Whole'))\nmessages.error(request, _('No'))"
    assert list(english(ast.parse(said))) == [(1, "Name")]
    said = "class Kind(models.TextChoices):\n    A = 'a', 'Apple'\n    B = 'b', _('Bee')"
    assert list(english(ast.parse(said))) == [(2, "Apple")]


def test_every_text_of_a_form_choice_or_message_can_be_translated() -> None:
    left = [
        f"{path.relative_to(SERVER)}:{line}: {text}"
        for path in MODULES
        for line, text in english(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not left
