"""What each mark on the pages is: the tree that screen readers follow (ISO 32000-1, 14.7-8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName, PDFObject, PDFObjectReference
from reportlab.pdfgen.canvas import Canvas


@dataclass
class Node:
    """One element: a heading, a paragraph, a table or its parts; `marks` are (page, number)."""

    kind: str
    kids: list[Node] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)
    name: str = ""

    def add(self, kind: str) -> Node:
        """A new element inside this one."""
        made = Node(kind)
        self.kids.append(made)
        return made

    def all(self) -> Iterator[Node]:
        """This element and every one inside it."""
        yield self
        for each in self.kids:
            yield from each.all()


class Written(PDFObject):
    """An object whose text is made when the file is; `{name}` in it becomes a reference."""

    __RefOnly__ = 1

    def __init__(self, *parts: str) -> None:
        self._parts = parts

    def format(self, document: Any) -> bytes:
        """Names of objects, written `@name`, become their numbers."""
        numbers = document.idToObjectNumberAndVersion
        made = (
            "{} {} R".format(*numbers[each[1:]]) if each.startswith("@") else each
            for each in self._parts
        )
        return " ".join(made).encode("latin-1")


def attach(canvas: Canvas, root: Node, pages: int) -> None:
    """Put the tree into the file that the canvas is about to save."""
    document: Any = canvas._doc  # type: ignore[attr-defined]  # reportlab has no public way
    for number, node in enumerate(root.all()):
        node.name = f"element{number}"
    for node, above in _with_parents(root, "structure"):
        document.Reference(Written(*_element(node, above)), node.name)
    document.Reference(Written("<< /Nums [", *_by_page(root, pages), "] >>"), "parents")
    tree = ("<< /Type /StructTreeRoot /K", f"@{root.name}", "/ParentTree @parents >>")
    document.Reference(Written(*" ".join(tree).split()), "structure")
    document.Catalog.StructTreeRoot = PDFObjectReference("structure")
    document.Catalog.MarkInfo = PDFDictionary({"Marked": PDFName("true")[1:]})


def _with_parents(node: Node, above: str) -> Iterator[tuple[Node, str]]:
    yield node, above
    for each in node.kids:
        yield from _with_parents(each, node.name)


def _element(node: Node, above: str) -> Iterator[str]:
    yield from ("<< /Type /StructElem /S", f"/{node.kind}", "/P", f"@{above}", "/K [")
    for page, mark in node.marks:
        yield from ("<< /Type /MCR /Pg", f"@Page{page + 1}", f"/MCID {mark} >>")
    for each in node.kids:
        yield f"@{each.name}"
    yield "]"
    if node.kind == "TH":
        yield "/A << /O /Table /Scope /Column >>"
    yield ">>"


def _by_page(root: Node, pages: int) -> Iterator[str]:
    """For each page, the element of each of its marks."""
    owners: list[dict[int, str]] = [{} for _ in range(pages)]
    for node in root.all():
        for page, mark in node.marks:
            owners[page][mark] = node.name
    for page, marks in enumerate(owners):
        yield f"{page} ["
        yield from (f"@{marks[mark]}" for mark in sorted(marks))
        yield "]"
