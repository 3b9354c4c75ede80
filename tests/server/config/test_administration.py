"""Administration from the practice's own networks alone, where the operator names them."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from tests.server.conftest import signed_in
from tests.server.test_matrix import decided
from wellpost.errors import RequestError
from wellpost.server.audit.models import AuditRow
from wellpost.server.config.administration import ADMINISTRATION
from wellpost.server.config.networks import admin_networks

pytestmark = pytest.mark.django_db
PEOPLE = "/clinic/people/"
AT_THE_PRACTICE, ELSEWHERE = {"REMOTE_ADDR": "10.20.3.4"}, {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def held(settings):
    """The practice's own network, and one by IPv6."""
    settings.ADMIN_NETWORKS = (ip_network("10.20.0.0/16"), ip_network("2001:db8::/32"))


@pytest.fixture
def ada(client, ada_admin):
    return signed_in(client, ada_admin)


def test_every_page_that_only_an_administrator_opens_is_administration():
    opens = {"200", "302"}
    seen: dict[str, set[str]] = {}
    for (name, _method), got in decided().items():
        seen.setdefault(name, set()).update(who for who, what in got.items() if what in opens)
    assert {name for name, who in seen.items() if who == {"ada"}} == ADMINISTRATION


def test_without_the_setting_it_is_open_from_everywhere(ada):
    assert ada.get(PEOPLE, **ELSEWHERE).status_code == 200


def test_from_elsewhere_it_is_refused_in_words_and_on_record(held, ada, ada_admin):
    assert ada.get(PEOPLE, **AT_THE_PRACTICE).status_code == 200
    answer = ada.get(PEOPLE, **ELSEWHERE)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "open only from: 10.20.0.0/16, 2001:db8::/32." in page
    assert "You come from 203.0.113.9." in page
    row = AuditRow.objects.get(deed="refused")
    assert (row.actor_id, row.address) == (str(ada_admin.pk), "203.0.113.9")
    assert (row.details["page"], row.details["why"]) == ("clinic:people", "network")


def test_nothing_is_changed_from_elsewhere(held, ada):
    sent = {"name": "Eve", "email": "eve@example.org", "role": "staff"}
    assert ada.post(f"{PEOPLE}staff/add/", sent, **ELSEWHERE).status_code == 403


def test_the_audit_by_fhir_is_held_to_it_in_a_programs_words(held, ada):
    assert ada.get("/fhir/AuditEvent", **AT_THE_PRACTICE).status_code == 200
    answer = ada.get("/fhir/AuditEvent", **ELSEWHERE)
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/fhir+json")
    assert "open from 10.20.0.0/16, 2001:db8::/32 only" in answer.json()["issue"][0]["diagnostics"]


def test_it_ends_within_a_session_when_one_leaves_and_comes_back_with_one(held, ada):
    asked = [AT_THE_PRACTICE, ELSEWHERE, AT_THE_PRACTICE]
    assert [ada.get(PEOPLE, **each).status_code for each in asked] == [200, 403, 200]


def test_care_goes_on_from_everywhere(held, client, dr_chen, alice, as_user):
    chen = signed_in(client, dr_chen.user)
    assert chen.get("/clinic/", **ELSEWHERE).status_code == 200
    assert as_user(alice.user).get("/portal/", follow=True, **ELSEWHERE).status_code == 200


def test_patients_learn_no_networks_and_strangers_sign_in(held, client, alice, as_user):
    asked = as_user(alice.user).get(PEOPLE, **ELSEWHERE)
    assert asked.status_code == 404 and b"10.20" not in asked.content
    assert client.get(PEOPLE, **ELSEWHERE).url.startswith("/account/login/")


def test_behind_a_proxy_it_is_the_address_the_proxy_saw(held, ada, settings):
    settings.PROXIES = 1
    through = {"REMOTE_ADDR": "127.0.0.1"}
    made_up = {**through, "HTTP_X_FORWARDED_FOR": "10.20.3.4, 203.0.113.9"}
    assert ada.get(PEOPLE, **made_up).status_code == 403
    seen = {**through, "HTTP_X_FORWARDED_FOR": "203.0.113.9, 10.20.3.4"}
    assert ada.get(PEOPLE, **seen).status_code == 200
    settings.PROXIES = 0
    assert ada.get(PEOPLE, **seen).status_code == 403


@pytest.mark.parametrize(
    ("address", "status"),
    [("2001:db8::7", 200), ("2001:db9::7", 403), ("::ffff:10.20.3.4", 200), ("", 403)],
)
def test_other_ways_to_write_an_address(held, ada, address, status):
    assert ada.get(PEOPLE, REMOTE_ADDR=address).status_code == status


def test_what_the_operator_writes(monkeypatch):
    monkeypatch.setenv("WELLPOST_ADMIN_NETWORKS", " 10.20.0.0/16, 192.0.2.7 ,")
    assert admin_networks() == (ip_network("10.20.0.0/16"), ip_network("192.0.2.7/32"))
    monkeypatch.setenv("WELLPOST_ADMIN_NETWORKS", "")
    assert admin_networks() == ()
    for wrong in ("10.20.0.1/16", "the office"):
        monkeypatch.setenv("WELLPOST_ADMIN_NETWORKS", wrong)
        with pytest.raises(RequestError, match="Write networks like 10"):
            admin_networks()
