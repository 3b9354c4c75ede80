"""Who counts at once with somebody else collides with nobody, and no count goes before its time."""

from __future__ import annotations

import base64
import pickle
import threading
import time

import pytest
from django.core.cache import cache, caches
from django.db import connection, connections, transaction

from wellpost.server.config.shared_cache import Rounds
from wellpost.server.people.models import User

pytestmark = pytest.mark.postgresql
DAY = 86_400


def at_once(ask, times=8):
    """What `ask` answered in each of so many threads, or the fault it raised."""
    gate, said = threading.Barrier(times), []

    def one():
        try:
            gate.wait()
            said.append(ask())
        except Exception as fault:
            said.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(times)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return said


@pytest.fixture
def refused(monkeypatch):
    """What the database refused, whoever caught it."""
    found = []
    usual = transaction.Atomic.__exit__

    def watched(self, kind, fault, trace):
        if fault is not None:
            found.append(fault)
        return usual(self, kind, fault, trace)

    monkeypatch.setattr(transaction.Atomic, "__exit__", watched)
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("taken", [False, True])
def test_of_many_who_add_a_key_at_once_one_has_it_and_none_is_refused(refused, taken):
    if connection.vendor != "postgresql":
        pytest.skip("the tests' SQLite is in memory and of one thread")
    for turn in range(10):
        if taken:
            cache.set(f"turn-{turn}", "before", timeout=-1)
        said = at_once(lambda turn=turn: cache.add(f"turn-{turn}", threading.get_ident(), 60))
        assert sorted(said) == [False] * 7 + [True]
        assert at_once(lambda turn=turn: cache.set(f"set-{turn}", 1, 60)) == [None] * 8
    assert not refused


@pytest.mark.django_db
def test_it_keeps_as_any_cache_does():
    assert cache.add("a", [1.5, "x"], 60) and not cache.add("a", 2, 60)
    assert cache.get("a") == [1.5, "x"]
    cache.set("a", 3, 60)
    assert cache.get("a") == 3 and cache.get_or_set("b", 4, 60) == 4
    assert cache.touch("a", 60) and not cache.touch("nothing", 60)
    cache.set("for-ever", 5, None)
    assert cache.get("for-ever") == 5 and not cache.add("for-ever", 6, 60)
    cache.set("a", 7, -5)
    assert cache.get("a") is None and cache.add("a", 8, 60)
    assert cache.incr("a") == 9 and cache.delete("a") and cache.get("a") is None


@pytest.mark.django_db
def test_one_that_fails_leaves_the_transaction_about_it_whole(monkeypatch):
    monkeypatch.setattr(caches["default"], "_table", "there is none")
    assert cache.add("a", 1, 60) is False
    assert User.objects.count() == 0


@pytest.mark.django_db
def test_a_count_stays_however_many_others_there_are(django_assert_num_queries):
    cache.set("count-of-tries", [1, 2, 3], DAY)
    for each in range(350):
        cache.add(f"other-{each}", each, DAY)
    assert cache.get("count-of-tries") == [1, 2, 3]
    with django_assert_num_queries(3):  # with the savepoint about it
        cache.set("count-of-tries", [1, 2, 3, 4], DAY)


@pytest.mark.django_db
def test_what_is_over_is_swept_away_and_nothing_else(monkeypatch):
    cache.clear()
    cache.set("over", 1, -5)
    cache.set("holds", 2, DAY)
    rounds = Rounds()
    rounds()
    assert _keys() == [":1:holds"]
    cache.set("over", 1, -5)
    rounds()
    assert len(_keys()) == 2  # it is not due
    soon = time.monotonic() + 601
    monkeypatch.setattr(time, "monotonic", lambda: soon)
    rounds()
    assert _keys() == [":1:holds"]


def _keys():
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM wellpost_cache ORDER BY cache_key")
        return [key for (key,) in cursor.fetchall()]


class Bomb:
    """What sets off a deed where somebody reads it as Python keeps objects."""

    def __reduce__(self):
        return (_set_off, ())


def _set_off():
    SET_OFF.append("run in the server")


SET_OFF = []


@pytest.mark.django_db
def test_what_somebody_put_into_the_database_is_not_run(django_assert_num_queries):
    cache.set_many({"tries": [1, 2], "other": 3}, DAY)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE wellpost_cache SET value = %s WHERE cache_key = ':1:tries'",
            [base64.b64encode(pickle.dumps(Bomb())).decode()],
        )
    with django_assert_num_queries(1):
        assert cache.get_many(["tries", "other", "nothing"]) == {"other": 3}
    assert SET_OFF == [] and cache.get("tries") is None
    with pytest.raises(TypeError):
        cache.set("what JSON has no words for", Bomb(), DAY)
