"""What counts as a word, and what of it is looked for. No key and no database here.

Texts are taken apart alike when they are indexed, when they are looked for, and when a message is
opened to see whether it really holds what was asked: Unicode compatibility decomposition (NFKD),
case folded, without accents, letters and digits together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SHORTEST_PREFIX = 3
LONGEST_PREFIX = 20
MOST_TERMS = 12
WORD = re.compile(r"[^\W_]+")
BEFORE, AFTER = 60, 120


@dataclass(frozen=True)
class Snippet:
    """A piece of a message around what was found."""

    before: str
    hit: str
    after: str


def words_in(text: str) -> list[str]:
    """The words, normalised, in order."""
    return WORD.findall(_normal(text))


def terms_of(asked: str) -> list[str]:
    """What is looked for: each word once, the first MOST_TERMS (forms refuse more of them)."""
    return list(dict.fromkeys(words_in(asked)))[:MOST_TERMS]


def tokens_of(texts: Iterable[str]) -> set[str]:
    """What a message is found by: of each word its beginnings of three letters and more, or, of a
    shorter one, itself.
    """
    words = {word for text in texts for word in words_in(text)}
    return {token for word in words for token in _tokens(word)}


def token_for(term: str) -> str:
    """What a message that holds the term has among its tokens."""
    return term[:LONGEST_PREFIX]


def matches(terms: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether every term is a word of the texts, or, with three letters and more, begins one."""
    words = {word for text in texts for word in words_in(text)}
    return all(any(_is_hit(word, term) for word in words) for term in terms)


def snippet(terms: Iterable[str], text: str) -> Snippet:
    """Where the text first holds a term; its beginning where it holds none (a file's name may)."""
    wanted = list(terms)
    for each in re.finditer(r"\S+", text):
        if any(_is_hit(word, term) for word in words_in(each.group()) for term in wanted):
            start, end = each.span()
            cut = "… " if start > BEFORE else ""
            before = cut + text[max(0, start - BEFORE) : start]
            return Snippet(
                before, each.group(), _ended(text[end : end + AFTER], len(text) > end + AFTER)
            )
    return Snippet("", "", _ended(text[: BEFORE + AFTER], len(text) > BEFORE + AFTER))


def _ended(text: str, goes_on: bool) -> str:
    return f"{text} …" if goes_on else text


def _is_hit(word: str, term: str) -> bool:
    return word == term or (len(term) >= SHORTEST_PREFIX and word.startswith(term))


def _tokens(word: str) -> Iterator[str]:
    if len(word) < SHORTEST_PREFIX:
        yield word
    for length in range(SHORTEST_PREFIX, min(len(word), LONGEST_PREFIX) + 1):
        yield word[:length]


def _normal(text: str) -> str:
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(each for each in folded if unicodedata.category(each) != "Mn")
