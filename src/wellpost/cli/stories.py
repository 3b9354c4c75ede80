"""The stories of the law, read from the specs that run on every engine, for docs/reference."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from inspect import cleandoc
from pathlib import Path

SPECS = Path(__file__).parents[3] / "tests" / "spec"
"""Where the specs lie in the repository; an installed Wellpost has none."""


@dataclass(frozen=True)
class Story:
    """One spec: its name as a sentence, what it adds, its facts and the cases it is run with."""

    title: str
    says: str
    facts: tuple[str, ...]
    cases: tuple[Sequence[str], ...]


@dataclass(frozen=True)
class Chapter:
    """The stories of one spec file; `about` is its first line."""

    name: str
    about: str
    stories: tuple[Story, ...]

    @property
    def anchor(self) -> str:
        """How a link finds it on the page."""
        return self.name.replace("_", "-")


def chapters(folder: Path = SPECS) -> Iterator[Chapter]:
    """Every spec file, in the order of names."""
    for path in sorted(folder.glob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        told = [each for each in tree.body if isinstance(each, ast.FunctionDef)]
        stories = tuple(_story(each) for each in told if each.name.startswith("test_"))
        yield Chapter(path.stem.removeprefix("test_"), ast.get_docstring(tree) or "", stories)


def about(subject: str, folder: Path = SPECS) -> list[Chapter]:
    """The chapters whose name begins with a program or measure."""
    return [each for each in chapters(folder) if each.name.startswith(subject)]


def stories_page(folder: Path = SPECS) -> Iterator[str]:
    """Every story, by chapter."""
    yield from ("# Stories", "")
    yield "What the rules come to, told by the specs that run on every engine. A boundary has two"
    yield "stories, or two cases: one on each side."
    for chapter in chapters(folder):
        yield from ("", f"## {chapter.anchor}", "", " ".join(chapter.about.split()))
        for story in chapter.stories:
            yield from _told(story)


def _told(story: Story) -> Iterator[str]:
    yield from ("", f"### {story.title}")
    if story.says:
        yield from ("", story.says)
    for facts in story.facts:
        yield from ("", "```text", *facts.splitlines(), "```")
    if story.cases:
        names, *rows = story.cases
        yield from ("", f"| {' | '.join(names)} |", f"|{'---|' * len(names)}")
        for row in rows:
            yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _story(spec: ast.FunctionDef) -> Story:
    title = spec.name.removeprefix("test_").replace("_", " ")
    says = " ".join((ast.get_docstring(spec) or "").split())
    return Story(title, says, tuple(_facts(spec)), tuple(_cases(spec)))


def _facts(spec: ast.FunctionDef) -> Iterator[str]:
    """The tables that the story gives its world."""
    for node in ast.walk(spec):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        for given in node.args:
            if isinstance(given, ast.Constant) and "|" in str(given.value):
                yield f"{node.func.attr}\n{cleandoc(str(given.value))}"


def _cases(spec: ast.FunctionDef) -> Iterator[Sequence[str]]:
    """The first table of cases it is run with: names, then each case; none if they are made."""
    for node in spec.decorator_list:
        if not isinstance(node, ast.Call) or len(node.args) < 2:
            continue
        try:
            names, cases = map(ast.literal_eval, node.args[:2])
        except ValueError:
            continue
        yield [names] if isinstance(names, str) else list(names)
        yield from ([str(part) for part in _parts(names, case)] for case in cases)
        return


def _parts(names: object, case: object) -> Sequence[object]:
    return [case] if isinstance(names, str) or not isinstance(case, Sequence) else case
