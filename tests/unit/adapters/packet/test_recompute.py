"""Every number again from what the packet holds: by its own rules and measures, not by ours."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from tests.worlds import attested
from wellpost.adapters.packet.again import compute_again
from wellpost.adapters.packet.archive import pack, packed
from wellpost.adapters.packet.contents import as_json
from wellpost.adapters.packet.reader import Verified, verify
from wellpost.adapters.packet.signing import public_pem, sign
from wellpost.adapters.packet.writer import make_packet
from wellpost.errors import DataRefusedError
from wellpost.rules.load import programs
from wellpost.terms import Level

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
EVERY = [
    (name, year)
    for name, each in programs().items()
    for year in (each.years if NIGHTLY else [max(each.years)])
]
"""Of each program the last year; in `make nightly` every one."""


def with_changes(members, key, **changed: bytes) -> Verified:
    """A packet with other files, signed anew: as it would be had it been made like that."""
    made = {**members, **changed, "public-key.pem": public_pem(key)}
    manifest = json.loads(made["manifest.json"])
    for name in manifest["files"]:
        manifest["files"][name]["sha256"] = hashlib.sha256(made[name]).hexdigest()
        lies = hashlib.sha256(packed(name, made[name])).hexdigest()
        manifest["files"][name]["packed"] = lies
    made["manifest.json"] = as_json(manifest)
    digest = hashlib.sha256(made["manifest.json"]).hexdigest()
    made["manifest.sha256"] = f"{digest}  manifest.json\n".encode()
    made["manifest.sig"] = sign(key, made["manifest.json"])
    return verify(pack(made), "changed.zip")


def test_every_number_comes_out_again(packet):
    again = compute_again(verify(packet.archive, "packet.zip"))
    assert again.differing == ()
    assert again.today == ()
    counts = {each.rule.measure: each.count for each in again.card.counted.results}
    assert (counts["secure_messaging"].numerator, counts["secure_messaging"].denominator) == (1, 3)
    assert again.card.card.request.overrides == (attested.by_hand(),)


def test_a_result_that_does_not_follow_from_the_facts_is_named(members, key):
    wrong = members["counted.json"].replace(b'"numerator": 1', b'"numerator": 2', 1)
    assert wrong != members["counted.json"]
    again = compute_again(with_changes(members, key, **{"counted.json": wrong}))
    assert again.differing == ("counted.json",)


def test_the_packets_own_rules_are_used_and_todays_difference_is_told(members, key):
    name = "rules/programs/stage_3/secure_messaging.yaml"
    softer = members[name].replace(b"more_than: 5 percent", b"more_than: 33 percent")
    again = compute_again(with_changes(members, key, **{name: softer}))
    assert again.differing == ("results.json", "counted.json")
    (result,) = [
        each for each in again.card.counted.results if each.rule.measure == "secure_messaging"
    ]
    assert result.rule.threshold.text == "> 33 %"
    redone = {
        "results.json": as_json(again.card.card.as_json()),
        "counted.json": as_json(again.card.counted.as_json()),
    }
    agreeing = compute_again(with_changes(members, key, **{name: softer}, **redone))
    assert agreeing.differing == ()
    (sentence,) = agreeing.today
    assert "asked > 33 %" in sentence
    assert "today's rules give" in sentence
    assert "asked > 5 %" in sentence


def test_the_packets_own_measures_are_used(members, key):
    name = "measures/secure_messaging.sql"
    text = members[name].decode()
    nobody = text.replace("m.npi IS NULL THEN 'for_no_clinician'", "TRUE THEN 'for_no_clinician'")
    assert nobody != text
    again = compute_again(with_changes(members, key, **{name: nobody.encode()}))
    counts = {each.rule.measure: each.count.numerator for each in again.card.counted.results}
    assert counts["secure_messaging"] == 0


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT 1 FROM glob('/*')",
        "COPY (SELECT 1) TO '/tmp/wellpost-was-here.csv'",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_csv('https://wellpost.example/x.csv')",
        "SELECT * FROM sqlite_scan('/tmp/any.sqlite3', 'any')",
        f"SELECT {'(' * 5_000}1{')' * 5_000} AS one",
    ],
)
def test_a_hostile_measure_reaches_nothing_of_the_machine(members, key, query):
    sql = f"""
        SELECT m.patient_id, m.npi, m.sent_on AS counted_on, m.sent_on AS happened_on,
            'message' AS act, (SELECT CAST(COUNT(*) AS TEXT) FROM ({query}) AS x) AS act_id,
            CAST(NULL AS TEXT) AS because
        FROM messages AS m
    """
    hostile = with_changes(members, key, **{"measures/secure_messaging.sql": sql.encode()})
    with pytest.raises(DataRefusedError, match="cannot be computed again"):
        compute_again(hostile)
    assert not Path("/tmp/wellpost-was-here.csv").exists()  # noqa: S108 - the query names it


ENDLESS = "WITH RECURSIVE on_and_on AS (SELECT 1 AS n UNION ALL SELECT n FROM on_and_on)"
ACT = """
    'p' AS patient_id, '1' AS npi, DATE '2021-06-03' AS counted_on,
    DATE '2021-06-03' AS happened_on,
    'message' AS act, 'm' AS act_id, CAST(NULL AS TEXT) AS because
"""


@pytest.mark.parametrize(
    "sql",
    [
        f"{ENDLESS} SELECT {ACT} FROM on_and_on AS e",
        f"SELECT {ACT} FROM RANGE(1000000000000) AS r(n) ORDER BY HASH(n)",
        f"SELECT {ACT} FROM RANGE(1000000000) AS a(n), RANGE(1000000000) AS b(m) WHERE n * m = -1",
    ],
)
def test_a_measure_that_never_ends_is_stopped(members, key, sql):
    hostile = with_changes(members, key, **{"measures/secure_messaging.sql": sql.encode()})
    with pytest.raises(DataRefusedError, match="cannot be computed again"):
        compute_again(hostile, seconds=2)


def test_a_measure_longer_than_any_is_not_read(members, key):
    name = "measures/secure_messaging.sql"
    hostile = with_changes(members, key, **{name: members[name] + b" " * 300_000})
    with pytest.raises(DataRefusedError, match=f"{name} has .* at most 200,000"):
        compute_again(hostile)


@pytest.mark.parametrize("text", [b"{{{{", b"&a [*a]", b"a: " * 5_000, b"[" * 5_000, b"\xff\xfe"])
def test_a_rule_that_is_none_is_refused(members, key, text):
    name = "rules/programs/stage_3/secure_messaging.yaml"
    hostile = with_changes(members, key, **{name: text})
    with pytest.raises(DataRefusedError, match="cannot be computed again"):
        compute_again(hostile, seconds=20)


def test_facts_that_nobody_knows_are_refused(members, key):
    made = dict(members)
    manifest = json.loads(made["manifest.json"])
    made["facts/secrets.csv"] = b"a,b\n"
    manifest["files"]["facts/secrets.csv"] = {"sha256": "", "bytes": 4}
    made["manifest.json"] = as_json(manifest)
    with pytest.raises(DataRefusedError, match="facts this Wellpost does not know: secrets"):
        compute_again(with_changes(made, key))


@pytest.mark.parametrize(("program", "year"), EVERY)
def test_packets_of_every_program_and_year_come_out_again(tmp_path, key, program, year):
    path = attested.practice(tmp_path / "facts")
    levels = programs()[program].in_year(year).levels
    for level in levels:
        npi = None if level is Level.GROUP else attested.CHEN
        asked = {"program": program, "year": year, "levels": [level], "npi": npi}
        made = make_packet(attested.attestation(path, **asked), key)
        assert compute_again(verify(made.archive, program)).differing == ()
