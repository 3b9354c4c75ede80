"""A record as a C-CDA document: valid, whole, and never more certain than the record is."""

from __future__ import annotations

import os
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.unit.adapters.ccda import made_up
from tests.unit.adapters.ccda.conftest import GIVEN, KEEPER, NOW, records
from wellpost.adapters.ccda.record import Given
from wellpost.adapters.ccda.writer import write_ccd

V3 = {"c": "urn:hl7-org:v3", "xsi": "http://www.w3.org/2001/XMLSchema-instance"}
HOW_MANY = 100 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 12
REQUIRED = ["48765-2", "10160-0", "11450-4", "30954-2", "8716-3", "29762-2"]


def written(*resources, given=GIVEN) -> etree._Element:
    return etree.fromstring(write_ccd(resources, KEEPER, given))


def section(document, code: str) -> etree._Element:
    (found,) = document.xpath(f"//c:section[c:code/@code='{code}']", namespaces=V3)
    return found


def at(element, path: str) -> list:
    return element.xpath(path, namespaces=V3)


def test_the_records_of_made_up_patients_are_valid(faults):
    held = records()
    wrong = {
        name: found
        for name in list(held)[:HOW_MANY]
        if (found := faults(write_ccd(held[name], KEEPER, GIVEN)))
    }
    assert len(held) == 100
    assert not wrong


def test_a_record_with_every_kind_of_entry_is_valid_and_has_every_section(faults):
    content = write_ccd(made_up.EVERYTHING, KEEPER, GIVEN)
    assert faults(content) == []
    codes = at(etree.fromstring(content), "//c:section/c:code/@code")
    assert len(codes) == len(set(codes)) == 15
    assert codes[:6] == REQUIRED


def test_an_empty_record_says_that_nothing_is_known(faults):
    content = write_ccd([], KEEPER, GIVEN)
    assert faults(content) == []
    document = etree.fromstring(content)
    assert at(document, "//c:section/c:code/@code") == REQUIRED
    said = at(document, "//c:section[c:code/@code!='29762-2']/@nullFlavor")
    assert said == ["NI"] * 5


def test_a_document_without_its_parts_is_found_invalid(faults):
    content = write_ccd(made_up.EVERYTHING, KEEPER, GIVEN)
    assert faults(content.replace(b"<recordTarget>", b"<recordTarget><id/>"))


def test_every_reference_of_an_entry_leads_to_the_text():
    document = written(*made_up.EVERYTHING)
    names = set(at(document, "//@ID"))
    wanted = {each.removeprefix("#") for each in at(document, "//c:reference/@value")}
    assert wanted and wanted <= names


def test_numbers_units_and_ranges_come_through():
    results = section(written(*made_up.EVERYTHING), "30954-2")
    (a1c,) = at(results, ".//c:observation[c:code/@code='4548-4']")
    assert at(a1c, "c:value/@value | c:value/@unit") == ["6.1", "%"]
    assert at(a1c, "c:interpretationCode/@code") == ["H"]
    assert at(a1c, ".//c:observationRange/c:value/*/@value") == ["4", "5.6"]


def test_more_than_is_an_interval_with_one_open_end():
    results = section(written(*made_up.EVERYTHING), "30954-2")
    (low,) = at(results, ".//c:observation[c:code/@code='33914-3']/c:value/c:low")
    assert (low.get("value"), low.get("inclusive")) == ("60", "false")
    assert at(low, "../@xsi:type") == ["IVL_PQ"]


def test_a_result_that_is_missing_is_unknown_and_says_why():
    results = section(written(*made_up.EVERYTHING), "30954-2")
    (value,) = at(results, ".//c:observation[c:code/@code='2093-3']/c:value")
    assert value.get("nullFlavor") == "UNK"
    assert at(value, "c:originalText/text()") == ["spilt"]


def test_a_blood_pressure_is_two_vital_signs():
    vitals = section(written(made_up.BLOOD_PRESSURE), "8716-3")
    codes = at(vitals, ".//c:component/c:observation/c:code/@code")
    assert codes == ["8480-6", "8462-4"]


def test_what_a_report_holds_is_said_once():
    results = section(written(*made_up.PANEL), "30954-2")
    assert at(results, ".//c:organizer/c:code/@code") == ["58410-2"]
    assert at(results, ".//c:component/c:observation/c:code/@code") == ["718-7"]


def test_no_known_allergy_is_a_negation_without_a_substance():
    allergies = section(written(made_up.NO_ALLERGY), "48765-2")
    (observed,) = at(allergies, ".//c:observation")
    assert observed.get("negationInd") == "true"
    assert at(observed, ".//c:playingEntity/c:code/@nullFlavor") == ["NA"]


def test_a_vaccine_that_was_refused_was_not_given():
    vaccines = section(written(made_up.VACCINE_REFUSED), "11369-6")
    assert at(vaccines, ".//c:substanceAdministration/@negationInd") == ["true"]


def test_a_medicine_that_is_contained_and_how_often_it_is_taken():
    medicines = section(written(made_up.MEDICINE), "10160-0")
    assert at(medicines, ".//c:manufacturedMaterial/c:code/@code") == ["314076"]
    (period,) = at(medicines, ".//c:effectiveTime/c:period")
    assert (period.get("value"), period.get("unit")) == ("12", "h")


def test_what_was_entered_in_error_is_no_entry():
    wrong = {**made_up.MEDICINE, "status": "entered-in-error"}
    medicines = section(written(wrong), "10160-0")
    assert at(medicines, "c:entry") == [] and medicines.get("nullFlavor") == "NI"


def test_the_text_of_a_note_can_be_read_and_a_file_is_inside():
    notes = section(written(*made_up.EVERYTHING), "34109-9")
    assert "She is well." in at(notes, "c:text//c:paragraph/text()")
    (file,) = at(notes, ".//c:act/c:text[@representation='B64']")
    assert file.get("mediaType") == "application/pdf"
    assert "".join(file.itertext()) == "JVBERi0xLjc="


def test_the_days_asked_for_stand_in_the_header():
    some = Given(NOW, date(2021, 1, 1), date(2021, 12, 31))
    document = written(made_up.PATIENT, given=some)
    days = at(document, "//c:serviceEvent/c:effectiveTime/*/@value")
    assert days == ["20210101", "20211231"]


def test_a_clinician_without_a_valid_npi_has_none():
    doubtful = {**made_up.CHEN, "identifier": [{**made_up.CHEN["identifier"][0], "value": "0"}]}
    document = written(doubtful, *made_up.REST)
    assert (
        set(at(document, "//c:performer//c:id[@root='2.16.840.1.113883.4.6']/@extension")) == set()
    )


def test_the_same_record_at_the_same_moment_gives_the_same_bytes():
    once, again = (write_ccd(made_up.EVERYTHING, KEEPER, GIVEN) for _ in range(2))
    assert once == again


odd = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda some: (
        st.lists(some, max_size=2) | st.dictionaries(st.text(max_size=8), some, max_size=2)
    ),
    max_leaves=4,
)


@given(st.data())
def test_whatever_an_element_holds_the_document_stays_valid(faults, data):
    resource = dict(data.draw(st.sampled_from(made_up.EVERYTHING)))
    name = data.draw(st.sampled_from(sorted(set(resource) - {"resourceType", "id"})))
    resource[name] = data.draw(odd)
    assert faults(write_ccd([made_up.PATIENT, resource], KEEPER, GIVEN)) == []


@pytest.mark.parametrize(
    ("fhir", "cda"),
    [
        ("2021", "2021"),
        ("2021-06", "202106"),
        ("2021-06-03", "20210603"),
        ("2021-06-03T09:30:00Z", "20210603093000+0000"),
        ("2021-06-03T09:30:00.123-04:00", "20210603093000-0400"),
        ("2021-06-03T09:30:00", "20210603"),
        ("yesterday", None),
        ("", None),
    ],
)
def test_times_are_as_exact_as_they_were(fhir, cda):
    from wellpost.adapters.ccda.times import moment

    assert moment(fhir) == cda
