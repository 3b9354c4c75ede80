"""An export of the Health app, as phones write it and as nobody should."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wellpost.adapters.apple_health import export_size, readings, xml_inside
from wellpost.adapters.readings import Reading, Tally
from wellpost.errors import DataRefusedError
from wellpost.synthetic.apple_health import export

PROLOG = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation)*)>
<!ATTLIST HealthData locale CDATA #REQUIRED>
]>
"""


def record(kind: str, value: str, unit: str = "mmHg", start: str = "2021-06-03 08:00:00 -0400",
           end: str = "", device: str = "Pat&#8217;s iPhone", inside: str = "") -> str:  # fmt: skip
    close = f">{inside}</Record>" if inside else "/>"
    kind = kind if kind.startswith("HK") else f"HKQuantityTypeIdentifier{kind}"
    return (
        f'<Record type="{kind}" sourceName="{device}" device="&lt;&lt;HK&gt;&gt;" unit="{unit}"'
        f' creationDate="{start}" startDate="{start}" endDate="{end or start}" value="{value}"'
        f"{close}\n"
    )


def read(body: str, *, piece: int = 1 << 16, prolog: str = PROLOG) -> tuple[list[Reading], Tally]:
    data = f"{prolog}<HealthData locale='en_US'>{body}</HealthData>".encode()
    seen = Tally()
    pieces = (data[at : at + piece] for at in range(0, len(data), piece))
    return [each for some in readings(pieces, seen) for each in some], seen


def test_upper_and_lower_number_of_one_moment_are_one_reading():
    found, _ = read(record("BloodPressureSystolic", "128") + record("BloodPressureDiastolic", "82"))
    assert [(each.kind, each.value, each.second, each.unit) for each in found] == [
        ("blood_pressure", 128, 82, "mm[Hg]")
    ]
    assert found[0].device == "Pat’s iPhone"
    assert found[0].starts_at.isoformat() == "2021-06-03T08:00:00-04:00"


@pytest.mark.parametrize(
    ("kind", "value", "unit", "expected"),
    [
        ("BloodGlucose", "101", "mg/dL", ("glucose", Decimal(101), "mg/dL")),
        ("BloodGlucose", "5.6", "mmol&lt;180.15588000005408&gt;/L",
         ("glucose", Decimal("5.6"), "mmol/L")),
        ("BodyMass", "180.5", "lb", ("weight", Decimal("180.5"), "[lb_av]")),
        ("BodyTemperature", "98.6", "degF", ("temperature", Decimal("98.6"), "[degF]")),
        ("OxygenSaturation", "0.97", "%", ("oxygen", Decimal(97), "%")),
        ("RestingHeartRate", "61", "count/min", ("pulse", Decimal(61), "/min")),
    ],
)  # fmt: skip
def test_what_is_kept_has_its_unit(kind, value, unit, expected):
    found, _ = read(record(kind, value, unit))
    assert [(each.kind, each.value, each.unit) for each in found] == [expected]


def test_steps_are_a_days_total_of_the_device_that_counted_most():
    body = "".join(
        record("StepCount", value, "count", f"2021-06-03 {hour}:00:00 -0400", device=device)
        for value, hour, device in (("100", "08", "iPhone"), ("200", "09", "Watch"),
                                    ("150", "10", "Watch"), ("90", "23", "iPhone"))
    )  # fmt: skip
    found, _ = read(body)
    assert [(each.kind, each.value, each.device, each.of_day) for each in found] == [
        ("steps", 350, "Watch", True)
    ]


def test_steps_written_in_any_way_are_the_same_steps():
    plain = record("StepCount", "100", "count", device="iPhone")
    noted = record("StepCount", "20", "count", device="iPhone", inside="<MetadataEntry/>")
    turned = plain.replace('value="100"', "").replace("<Record", '<Record value="3"')
    entity = record("StepCount", "4", "count", device="i&#80;hone")
    wrong = record("StepCount", "9", "count", "2021-06-99 08:00:00 -0400", device="iPhone")
    found, seen = read(plain + noted + turned + entity + wrong)
    assert [(each.value, each.device) for each in found] == [(127, "iPhone")]
    assert seen.refused == 1


def test_sleep_is_what_was_slept_on_the_night_before_one_woke():
    stages = (("Core", "23:00", "01:30"), ("Deep", "01:30", "02:30"), ("Awake", "02:30", "03:30"))
    body = "".join(
        record(
            "HKCategoryTypeIdentifierSleepAnalysis",
            f"HKCategoryValueSleepAnalysis{'' if stage == 'Awake' else 'Asleep'}{stage}",
            start=f"2021-06-{'02' if start == '23:00' else '03'} {start}:00 -0400",
            end=f"2021-06-03 {end}:00 -0400",
        )
        for stage, start, end in stages
    )
    found, _ = read(body)
    nights = {each.starts_at.date().isoformat(): each.value for each in found}
    assert nights == {"2021-06-03": Decimal("3.5")}


def test_other_kinds_are_left_out_and_counted_wherever_the_file_is_cut():
    note = '<MetadataEntry key="a" value="&lt;b&gt;"/>'
    odd = record("HeartRate", "70", inside="<HeartRateVariabilityMetadataList/>")
    body = record("HeartRate", "70", inside=note) * 3 + record("StandTime", "1") + odd
    body += record("BodyMass", "80", "kg")
    for piece in (1, 7, 100, 4_096):
        found, seen = read(body, piece=piece)
        assert ([each.kind for each in found], seen.left_out) == (["weight"], 5)


def test_what_cannot_be_right_is_told_without_stopping_the_others():
    body = (
        record("BodyMass", "eighty", "kg") + record("BodyMass", "8" * 10_000, "kg")
        + record("BodyMass", "80", "elephants") + record("BodyMass", "80", "kg", "yesterday")
        + record("BodyMass", "80", "kg")
    )  # fmt: skip
    found, seen = read(body)
    assert len(found) == 1
    assert seen.refused == len(seen.faults) == 4
    assert "'eighty' is not a number" in seen.faults[0]
    assert max(map(len, seen.faults)) < 200


BOMB = '<!DOCTYPE HealthData [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("body", "prolog", "says"),
    [
        ("&b;", BOMB, "declares entities"),
        ("", '<!DOCTYPE H [<!entity % x SYSTEM "file:///etc/passwd"> %x;]>', "declares entities"),
        ("&nothing;", "", "undefined entity"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]>", "", "no whole export"),
        ("<a>" * 100, "", "24 deep"),
        (f"<Record type='{'x' * 6_000_000}'/>", "", "longer than any"),
        ("<Record", "", "no whole export"),
        ("</HealthData><HealthData>", "", "no whole export"),
        ("", '<?xml version="1.0" encoding="UTF-16"?>', "UTF-8"),
        ("\x00", "", "no whole export"),
    ],
)
def test_what_xml_can_be_made_to_do_is_refused(body, prolog, says):
    with pytest.raises(DataRefusedError, match=says):
        read(body, prolog=prolog)


def test_a_cut_off_file_is_refused_and_says_so():
    data = b"".join(export("cut", 300_000))[:-40]
    with pytest.raises(DataRefusedError, match="no whole export"):
        list(readings([data], Tally()))


def test_memory_does_not_grow_with_the_file():
    def peak(size: int) -> int:
        tracemalloc.start()
        for _some in readings(export("flat", size), Tally()):
            pass
        high = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return high

    assert peak(4_000_000) < peak(1_000_000) + 2_000_000


def packed(data: bytes, name: str) -> io.BytesIO:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("apple_health_export/export_cda.xml", b"<ClinicalDocument/>")
        archive.writestr(name, data)
    return held


@pytest.mark.parametrize("name", ["apple_health_export/export.xml", "Export/\u5bfc\u51fa.xml"])
def test_the_export_is_found_in_its_zip_by_content(name):
    data = b"".join(export("zip", 100_000))
    assert b"".join(xml_inside(packed(data, name))) == data
    assert export_size(packed(data, name)) == len(data)


@given(st.binary(max_size=2_000))
def test_no_bytes_do_anything_but_be_refused(data):
    assume(b"HealthData" not in data)  # with its end, an export may hold nothing
    for whole in (data, b"<HealthData>" + data, b"PK\x03\x04" + data):
        with pytest.raises(DataRefusedError):
            list(readings([whole], Tally()))
    with pytest.raises(DataRefusedError):
        list(xml_inside(io.BytesIO(data)))


@given(st.lists(st.text(alphabet="<>&\"' /=Recordtypevalue\n", max_size=60), max_size=20))
def test_no_markup_does_anything_but_be_read_or_refused(parts):
    try:
        found, _ = read("".join(parts))
    except DataRefusedError:
        return
    assert found == []
