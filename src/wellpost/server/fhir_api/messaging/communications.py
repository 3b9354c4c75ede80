"""Reading Communications: one by its id, or those that a search finds."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import HttpRequest

from wellpost.adapters.fhir.measure_words import Resource
from wellpost.server.messaging.company import parties_of
from wellpost.server.messaging.exchange import open_some
from wellpost.server.messaging.models import Message, Thread
from wellpost.server.messaging.sight import Sight
from wellpost.server.messaging.threads import with_names, with_people
from wellpost.server.smart import scopes

from ..outcomes import not_here
from .asker import Asker
from .asking import asked, key
from .on_record import used
from .paging import searchset
from .references import Directory
from .resources import message_resource, thread_resource
from .searching import SEARCHED, Found
from .versions import Json

KIND = "Communication"


def read(asker: Asker, resource_id: str) -> Json:
    """The message or thread; 404 for every other and for none. Reading a message is a receipt."""
    asker.may(KIND, scopes.READ)
    found = find(asker.sight, resource_id)
    (resource,) = opened(asker, asker.sight, [found])
    return resource


def find(sight: Sight, resource_id: str) -> Message | Thread:
    """What has the id within the sight; 404 where nothing does."""
    identifier = key(resource_id)
    if identifier is None:
        raise not_here()
    message = with_people(sight.messages).filter(pk=identifier).first()
    if message:
        return message
    thread = with_tasks(sight).filter(pk=identifier).first()
    if thread is None:
        raise not_here()
    return thread


def with_tasks(sight: Sight) -> QuerySet[Thread]:
    """The threads in sight, with what is told of them joined."""
    return with_names(sight.threads).select_related("task__reason")


def search(request: HttpRequest, asker: Asker) -> Resource:
    """One page of what a search finds."""
    asker.may(KIND, scopes.SEARCH)
    wanted = asked(request, SEARCHED, asker.owner)
    found = Found(asker, wanted)
    if wanted.only_count:
        opened(asker, found.sight, [])
        return searchset([], wanted, asker.owner, total=found.count())
    rows = found.page()
    shown, more = rows[: wanted.most], len(rows) > wanted.most
    resources = opened(asker, found.sight, [each for _, each in shown])
    whole = not more and wanted.after is None
    total = len(shown) if whole else found.count() if wanted.total else None
    after = shown[-1][0] if more else None
    return searchset(resources, wanted, asker.owner, after=after, total=total)


def opened(asker: Asker, sight: Sight, found: Sequence[Message | Thread]) -> list[Json]:
    """The rows opened, on record, in their order."""
    threads = [each for each in found if isinstance(each, Thread)]
    messages = [each for each in found if isinstance(each, Message)]
    held = open_some(sight, threads, messages)
    people, directory = parties_of(threads), Directory(asker.practice)
    used(asker)
    return [
        thread_resource(each, held.subjects[each.id], people[each.id], directory)
        if isinstance(each, Thread)
        else message_resource(each, held.contents[each.id], directory)
        for each in found
    ]
