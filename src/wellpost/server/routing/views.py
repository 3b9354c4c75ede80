"""Saved views of the inbox, and how its user works with it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from wellpost.errors import RequestError
from wellpost.server.people.models import Practice, User

from .filters import Filters
from .models import InboxPreference, SavedView

LONGEST_NAME = 60
MOST_VIEWS = 20


def views_of(by: User, practice: Practice) -> QuerySet[SavedView]:
    """One's own at the practice, by name."""
    return SavedView.objects.filter(user=by, practice=practice)


@transaction.atomic
def save_view(*, by: User, practice: Practice, name: str, filters: Filters) -> SavedView:
    """Keep the filters under the name, over a view of one's own that has it already."""
    named = " ".join(name.split())
    if not 0 < len(named) <= LONGEST_NAME:
        raise RequestError(f"Give the view a name of at most {LONGEST_NAME} characters.")
    held = views_of(by, practice)
    if held.count() >= MOST_VIEWS and not held.filter(name=named).exists():
        raise RequestError(f"There are {MOST_VIEWS} views already. Delete one first.")
    kept, _ = held.update_or_create(
        name=named, defaults={"query": filters.query}, create_defaults={
            "user": by, "practice": practice, "query": filters.query,
        },
    )  # fmt: skip
    return kept


def delete_view(*, by: User, practice: Practice, view_id: UUID) -> bool:
    """Forget one of one's own; whether there was such."""
    return bool(views_of(by, practice).filter(pk=view_id).delete()[0])


def shortcuts_on(by: User) -> bool:
    """Whether single keys do something on the pages of messages (WCAG 2.1.4)."""
    held = InboxPreference.objects.filter(user=by).values_list("shortcuts", flat=True).first()
    return True if held is None else held


def set_shortcuts(*, by: User, on: bool) -> None:
    """Switch them on or off, for this user, on every machine."""
    InboxPreference.objects.update_or_create(user=by, defaults={"shortcuts": on})
