"""A summer that is over: Alice and Carol were seen, Alice was written to."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from allauth.account.internal.userkit import user_id_to_str

from tests.server.quality import world
from wellpost.server.clock import time as clock
from wellpost.server.quality.periods import Asked
from wellpost.terms import Period

SUMMER = Asked("stage-3", 2021, Period(world.day("2021-06-01"), world.day("2021-08-31")))
QUERY = {"program": "stage-3:2021", "start": "2021-06-01", "end": "2021-08-31"}


@pytest.fixture(autouse=True)
def january():
    """A day after the year."""
    with clock.held_at(datetime(2022, 1, 10, 14, tzinfo=UTC)):
        yield


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    """A folder of keys of the test's own."""
    settings.HOME = tmp_path


@pytest.fixture
def summer(dr_chen, alice, carol):
    """Two patients seen, one of them written to."""
    for each in (alice, carol):
        world.seen(each, dr_chen, "2021-06-03")
    return world.wrote(dr_chen, alice, "2021-07-04")


@pytest.fixture
def at_reports(as_user):
    """A browser that looks at the summer; `proven` as one who signed in a moment ago."""

    def enter(user, *, proven=False):
        browser = as_user(user)
        if proven:
            session = browser.session
            session["account_authentication_methods"] = [
                {"method": "password", "at": time.time(), "reauthenticated": True}
            ]
            session["account_authentication_methods_user"] = user_id_to_str(user)
            session.save()
        browser.get("/clinic/reports/", QUERY)
        return browser

    return enter
