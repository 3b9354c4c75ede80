"""A search in the messages of many patients, by staff with that right: a job that opens and scans
the conversations chosen. No index is shared by two patients, so there is no quicker way; and every
conversation that is opened for it is named on record before the first one is.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connections, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record, record_for_patients
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Clinician, Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission, may, require

from ..keys.parties import party_of
from ..models import ChartSearch, Finding, Message, SearchState, Thread
from ..reader import Reader
from ..sealed_words import seal_search, words_of
from ..threads import with_parties
from .finding import PAGE_SIZE, Found, opened
from .reading import texts_of
from .words import matches, terms_of

MOST_THREADS = 5_000
TOGETHER = 50
LONGEST_WORDS = 200
STOPPED_AFTER = timedelta(minutes=2)
logger = logging.getLogger("wellpost.search")
_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chart-search")


@transaction.atomic
def begin_chart_search(
    *,
    practice: Practice,
    by: User,
    words: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    clinician: Clinician | None = None,
) -> ChartSearch:
    """Look for the words in the practice's conversations in which something was written on one of
    these days (both in it), and in which the clinician takes part.

    NotAllowed for who may not; RequestError where no word is given, or where that would be more
    than MOST_THREADS conversations, or none.
    """
    require(by, Permission.SEARCH_CHARTS, practice)
    if not terms_of(words):
        raise RequestError("Write at least one word to look for.")
    chosen = _chosen(practice, starts_on, ends_on, clinician)
    made = ChartSearch(
        id=uuid.uuid4(), practice=practice, by=by, clinician=clinician, starts_on=starts_on,
        ends_on=ends_on, chosen=chosen, asked_at=clock.now(),
    )  # fmt: skip
    seal_search(made, words.strip()[:LONGEST_WORDS])
    made.save(force_insert=True)
    record(by=by, deed=Deed.CHARTS_SEARCHED, target=made, details={"threads": chosen})
    transaction.on_commit(lambda: run_soon(made.pk))
    return made


def searches_of(by: User, practice: Practice) -> QuerySet[ChartSearch]:
    """One's own searches, the latest first: nobody sees another's."""
    require(by, Permission.SEARCH_CHARTS, practice)
    return ChartSearch.objects.filter(by=by, practice=practice).order_by("-asked_at", "pk")


def search_for(by: User, search_id: UUID) -> ChartSearch:
    """One of them; NotAllowed for any other. One that stopped is taken up again."""
    found = ChartSearch.objects.select_related("practice").filter(pk=search_id, by=by).first()
    if found is None or not may(by, Permission.SEARCH_CHARTS, found.practice):
        raise NotAllowed("there is no such search here.")
    if ChartSearch.objects.filter(_free(), pk=found.pk).exists():
        run_soon(found.pk)
        found.refresh_from_db()
    return found


@transaction.atomic
def results_of(search: ChartSearch, by: User, page: int = 1) -> tuple[list[Found], bool]:
    """A page of what was found so far, the latest first, and whether there is more; on record, for
    each patient with the messages of theirs that are shown.
    """
    held = search_for(by, search.pk)
    first = (max(page, 1) - 1) * PAGE_SIZE
    messages = Message.objects.filter(
        retracted_at=None, pk__in=Finding.objects.filter(search=held).values("message")
    ).order_by("-sent_at", "-sequence")
    shown = list(messages.only("pk", "thread")[first : first + PAGE_SIZE + 1])
    threads = _threads({each.thread_id for each in shown[:PAGE_SIZE]})
    reader = Reader(by, [party_of(held.practice)], list(threads))
    found = opened(terms_of(words_of(held)), shown[:PAGE_SIZE], threads, reader)
    details = {
        "threads": sorted({str(each.thread_id) for each in found}),
        "messages": len(found),
        "keys_opened": reader.opened,
    }
    record(by=by, deed=Deed.MESSAGES_SEARCHED, target=held, category="charts", details=details)
    _record_shown(held, by, found, threads)
    return found, len(shown) > PAGE_SIZE


def run_soon(search_id: UUID) -> None:
    """Run it without keeping the request waiting; the setting CHART_SEARCHES_AT_ONCE waits."""
    if getattr(settings, "CHART_SEARCHES_AT_ONCE", False):
        run(search_id)
    else:
        _worker.submit(_in_background, search_id)


def run(search_id: UUID) -> None:
    """Scan what a search has left, if nobody else does; it can be stopped at any moment."""
    free = ChartSearch.objects.filter(_free(), pk=search_id)
    if free.update(state=SearchState.RUNNING, alive_at=timezone.now()):
        search = ChartSearch.objects.select_related("practice", "by").get(pk=search_id)
        terms = terms_of(words_of(search))
        while _scan_some(search, terms):
            pass


def _chosen(
    practice: Practice, starts_on: date | None, ends_on: date | None, clinician: Clinician | None
) -> list[str]:
    zone = ZoneInfo(practice.time_zone)
    wanted = Q()
    if starts_on:
        wanted &= Q(last_message_at__gte=_midnight(starts_on, zone))
    if ends_on:
        wanted &= Q(started_at__lt=_midnight(ends_on + timedelta(days=1), zone))
    if clinician:
        wanted &= Q(participants__membership__clinician=clinician)
    held = practice.threads.filter(wanted, destruction=None).order_by("-last_message_at", "pk")
    many = held.distinct().count()
    if not many:
        raise RequestError("There is no conversation in these days. Choose others.")
    if many > MOST_THREADS:
        raise RequestError(
            f"That would open {many:,} conversations; at most {MOST_THREADS:,} can be looked "
            "through at once. Choose fewer days, or one clinician."
        )
    return [str(each) for each in held.distinct().values_list("pk", flat=True)]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, datetime.min.time(), zone)


def _free() -> Q:
    stopped = Q(state=SearchState.RUNNING, alive_at__lt=timezone.now() - STOPPED_AFTER)
    return Q(state=SearchState.WAITING) | stopped


@transaction.atomic
def _scan_some(search: ChartSearch, terms: Sequence[str]) -> bool:
    """The next conversations; whether there are more. Nothing is opened for who may no more."""
    some = search.chosen[search.done : search.done + TOGETHER]
    if not some or not may(search.by, Permission.SEARCH_CHARTS, search.practice):
        _finish(search)
        return False
    threads = _threads({UUID(each) for each in some})
    reader = Reader(search.by, [party_of(search.practice)], list(threads))
    _record_for_patients(search, threads)
    Finding.objects.bulk_create(
        [Finding(search=search, message=each) for each in _hits(search, terms, threads, reader)],
        ignore_conflicts=True,
    )
    search.done += len(some)
    search.alive_at = timezone.now()
    search.save(update_fields=["done", "alive_at"])
    return True


def _record_for_patients(search: ChartSearch, threads: dict[UUID, Thread]) -> None:
    """Besides the row of the search, one for each patient, who can see that one."""
    opened_of: dict[object, dict[str, list[str]]] = {}
    for each in sorted(threads.values(), key=lambda thread: str(thread.pk)):
        opened_of.setdefault(each.patient.surviving.pk, {"threads": []})["threads"].append(
            str(each.pk)
        )
    record_for_patients(
        opened_of, by=search.by, deed=Deed.MESSAGES_SEARCHED, target=search, category="charts"
    )


def _record_shown(
    search: ChartSearch, by: User, found: Sequence[Found], threads: dict[UUID, Thread]
) -> None:
    """One row for each patient whose messages are on the page: of which conversations, and how
    many; never the words that were looked for.
    """
    shown_of: dict[object, dict[str, Any]] = {}
    for each in sorted(found, key=lambda one: str(one.thread_id)):
        patient = threads[each.thread_id].patient.surviving
        shown = shown_of.setdefault(patient.pk, {"threads": [], "messages": 0})
        shown["messages"] += 1
        if str(each.thread_id) not in shown["threads"]:
            shown["threads"].append(str(each.thread_id))
    record_for_patients(shown_of, by=by, deed=Deed.FOUND_READ, target=search, category="charts")


def _hits(
    search: ChartSearch, terms: Sequence[str], threads: dict[UUID, Thread], reader: Reader
) -> list[Message]:
    """Messages of the days that hold every term; what does not open is an alarm, and no hit."""
    held = Message.objects.filter(thread__in=threads, retracted_at=None).select_related("epoch")
    if search.starts_on:
        held = held.filter(sent_on__gte=search.starts_on)
    if search.ends_on:
        held = held.filter(sent_on__lte=search.ends_on)
    found = []
    for each in held:
        texts = texts_of(each, threads[each.thread_id], reader)
        if texts is not None and matches(terms, texts):
            found.append(each)
    return found


def _finish(search: ChartSearch) -> None:
    search.state, search.finished_at = SearchState.DONE, clock.now()
    search.save(update_fields=["state", "finished_at"])


def _threads(ids: set[UUID]) -> dict[UUID, Thread]:
    return {
        each.pk: each for each in with_parties(Thread.objects.filter(pk__in=ids, destruction=None))
    }


def _in_background(search_id: UUID) -> None:
    try:
        run(search_id)
    except Exception:
        logger.exception("a search stopped; whoever looks at it takes it up again")
    finally:
        connections.close_all()
