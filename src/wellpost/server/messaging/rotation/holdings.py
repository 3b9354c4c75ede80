"""Everything that the key provider has wrapped. What is not named here is lost when an old
key-encryption key is taken away; a test holds this list against the columns of the database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Model, QuerySet

from ..keys.provider import Wrapped


@dataclass(frozen=True)
class Holding:
    """Rows with a secret of the provider's: in which columns, and what the secret is bound to."""

    model: type[Model]
    key_id: str
    data: str
    context: Callable[[Any], bytes]

    @property
    def rows(self) -> QuerySet[Any]:
        """Every such row."""
        return self.model._default_manager.all()

    def wrapped(self, row: Any) -> Wrapped:
        """The secret of a row, as it is wrapped."""
        return Wrapped(getattr(row, self.key_id), bytes(getattr(row, self.data)))

    def put(self, row: Any, wrapped: Wrapped) -> None:
        """Set the row's columns; the caller saves it."""
        setattr(row, self.key_id, wrapped.key_id)
        setattr(row, self.data, wrapped.data)


HOLDINGS: list[Holding] = []
"""Each room that has the provider wrap something adds to it when it starts."""


def counted() -> Counter[str]:
    """How many secrets each key-encryption key wraps, by its identifier."""
    found: Counter[str] = Counter()
    for each in HOLDINGS:
        by_key = each.rows.order_by().values_list(each.key_id).annotate(rows=Count("pk"))
        found.update(dict(by_key))
    return found
