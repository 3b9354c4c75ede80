"""What happened in the demo's practice before one looks at it, dated day by day.

Maine's clarification of 2021: Dr. Alden reports June to August; a hundred patients seen, five of
them written to, which is not more than 5 percent. A sixth, on any day of 2021, makes it so.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from wellpost.server.clock import time as clock
from wellpost.server.quality.actions import choose_period
from wellpost.terms import Period

from .conversations import conversations
from .engagement import engagement
from .founding import clinicians, import_visits, open_accounts, patients_of, practices
from .records import records
from .stage import FIRST_DAY, Cast, at

Say = Callable[[str], None]
SUMMER = Period(date(2021, 6, 1), date(2021, 8, 31))


def tell(say: Say) -> None:
    """Make everything, in the order in which it happened."""
    with clock.held_at(at(FIRST_DAY)):
        say("Setting up two practices and the people who work there")
        here, there, staff = practices()
        alden, reyes, marsh = clinicians(here, there)
        say("Importing Synthea's patients and encounters, moved to 2021")
        seen = import_visits()
        patients = patients_of(here) | patients_of(there)
        people_of = Cast(here, there, alden, reyes, marsh, staff, patients, seen)
        say("Opening accounts by invitation")
        open_accounts(people_of)
    say("Writing to five of Dr. Alden's hundred patients")
    conversations(people_of)
    say("Keeping records, letting patients use them and bring data from home")
    records(people_of)
    engagement(people_of)
    with clock.held_at(at(date(2021, 9, 14))):
        choose_period(practice=here, by=None, program="stage-3", year=2021, period=SUMMER)
