"""Everything the API answers is valid FHIR R4 by a validator that is not ours."""

from __future__ import annotations

import pytest

from tests.server.conftest import make_patient
from tests.server.fhir_api.conftest import EVALUATE, MESSAGING, SUMMER
from tests.server.quality import world
from tests.unit.adapters.measure_report.validator import issues
from wellpost.server.people.models import Membership, Role

ACI = "/fhir/Measure/mips-aci-secure-messaging-2017/$evaluate-measure"
IN_2017 = {"periodStart": "2017", "periodEnd": "2017"}


@pytest.fixture
def elsewhere(dr_chen, other_practice, bob) -> None:
    """Dr Chen also works at Bob's practice and saw him there."""
    Membership.objects.create(
        practice=other_practice, clinician=dr_chen, role=Role.CLINICIAN, starts_on="2020-02-01"
    )
    world.seen(bob, dr_chen, "2021-06-05")


def test_every_answer_is_valid_r4_to_a_validator_that_knows_these_resources(
    got, dr_chen, rita_reporter, practice, alice, carol, summer, elsewhere, tmp_path
):
    world.seen(alice, dr_chen, "2017-07-01")
    chen, rita = dr_chen.user, rita_reporter
    nobody = make_patient(practice, "Dora Dale")
    answered = {
        "metadata": got(None, "/fhir/metadata"),
        "measures": got(chen, "/fhir/Measure"),
        "none found": got(chen, "/fhir/Measure", _id="none"),
        "measure": got(chen, MESSAGING),
        "count": got(chen, **SUMMER),
        "list": got(chen, **SUMMER, reportType="subject-list"),
        "list of the practice": got(rita, **SUMMER, reportType="subject-list"),
        "pairs": got(chen, ACI, **IN_2017, reportType="subject-list"),
        "one": got(chen, **SUMMER, subject=str(alice.pk)),
        "one not reached": got(chen, **SUMMER, subject=str(carol.pk)),
        "one not seen": got(chen, **SUMMER, subject=str(nobody.pk)),
        "one of a pair": got(chen, ACI, **IN_2017, subject=str(alice.pk)),
        "401": got(None, EVALUATE),
        "400": got(chen),
        "404": got(chen, "/fhir/Claim"),
    }
    (_, statement), (_, refused) = answered["metadata"], answered["404"]
    wrong = [statement | {"kind": 7}, refused | {"issue": []}]
    found = issues([*(resource for _, resource in answered.values()), *wrong], tmp_path)
    assert dict(zip(answered, found[:-2], strict=True)) == {name: [] for name in answered}
    assert all(found[-2:]), found
