"""What an app may send: measurements from home, which the practice looks at before they count."""

from __future__ import annotations

import orjson
from django.http import HttpRequest

from wellpost.server.from_home.receiving import receive_observation
from wellpost.server.smart import scopes

from ..answering import Given
from ..formats import read_body
from ..outcomes import Refused, outcome
from .reader import Reader

TAKEN = (
    "Kept. The practice looks at it before it becomes part of the record; until then it is read "
    "on the patient's own pages."
)


def create(request: HttpRequest, kind: str, reader: Reader) -> Given:
    """Take an Observation in: 202, for it is no resource of the record yet.

    The same one sent again is taken once. 422 says what is wrong with it.
    """
    if kind not in scopes.WRITABLE:
        raise Refused(405, "not-supported", f"A {kind} can only be read here.", {"Allow": "GET"})
    reader.may(kind, scopes.CREATE)
    resource = read_body(request, what=f"the {kind}")
    receive_observation(
        by=reader.connection.user,
        patient=reader.patient,
        resource=resource,
        through=reader.held.app_name,
    )
    said = outcome("informational", TAKEN)
    said["issue"][0]["severity"] = "information"
    return Given(orjson.dumps(said), status=202)
