"""Resources as wide as those of Synthea's bulk export, made by filling in a text.

Each function gives one line: the bytes of a resource without the end of line. The same number
always gives the same line. Nobody in it is anybody.
"""

from __future__ import annotations

from wellpost.facts.identifiers import make_npi, make_tin

PATIENTS_PER_CLINICIAN = 180
CLINICIANS_PER_PRACTICE = 4
_MASK = (1 << 64) - 1
_US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core"
_TERMS = "http://terminology.hl7.org/CodeSystem"
_SNOMED = "http://snomed.info/sct"


def scattered(kind: int, number: int) -> int:
    """64 bits that look like chance and are not."""
    value = (number * 0x9E3779B97F4A7C15 + kind * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 29)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 32)


def key(kind: int, number: int) -> str:
    """An id as exports have them."""
    text = f"{scattered(kind, number):016x}{number:016x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


PATIENT, ENCOUNTER, MESSAGE, OBSERVATION, DOCUMENT, PROVENANCE, EVENT, DEVICE = range(8)


def day(chance: int) -> str:
    """A day of 2021."""
    return f"2021-{1 + chance % 12:02d}-{1 + (chance >> 8) % 28:02d}"


def clinician_of(patient: int, clinicians: int) -> int:
    """Whom a patient mostly sees: a few clinicians have many patients."""
    chance = scattered(90, patient) % 1_000_003
    return int((chance / 1_000_003) ** 2 * clinicians)


def organization(number: int) -> str:
    """A practice."""
    return (
        f'{{"resourceType":"Organization","id":"org-{number}","meta":{{"profile":["{_US_CORE}-organization"]}},'
        f'"identifier":[{{"system":"https://github.com/synthetichealth/synthea","value":"org-{number}"}},'
        f'{{"system":"urn:oid:2.16.840.1.113883.4.4","value":"{make_tin(str(number))}"}}],"active":true,'
        f'"type":[{{"coding":[{{"system":"{_TERMS}/organization-type","code":"prov","display":"Healthcare '
        f'Provider"}}],"text":"Healthcare Provider"}}],"name":"Practice {number}","telecom":[{{"system":'
        f'"phone","value":"555-010-{number % 10_000:04d}"}}],"address":[{{"line":["{number} Main St"],"city":'
        f'"Emporia","state":"KS","postalCode":"66801","country":"US"}}]}}'
    )


def practitioner(number: int) -> str:
    """A clinician."""
    return (
        f'{{"resourceType":"Practitioner","id":"prac-{number}","meta":{{"profile":["{_US_CORE}-practitioner"]}},'
        f'"identifier":[{{"system":"http://hl7.org/fhir/sid/us-npi","value":"{make_npi(str(number))}"}}],'
        f'"active":true,"name":[{{"family":"Family{number}","given":["Given{number}"],"prefix":["Dr."]}}],'
        f'"telecom":[{{"system":"email","value":"given.{number}@example.com","use":"work"}}],"address":'
        f'[{{"line":["{number} Main St"],"city":"Emporia","state":"KS","postalCode":"66801","country":'
        f'"US"}}],"gender":"female"}}'
    )


def role(number: int) -> str:
    """A clinician in a practice."""
    return (
        f'{{"resourceType":"PractitionerRole","id":"role-{number}","meta":{{"profile":["{_US_CORE}-practitionerrole"]}},'
        f'"active":true,"practitioner":{{"reference":"Practitioner/prac-{number}","display":"Dr. Given{number} '
        f'Family{number}"}},"organization":{{"reference":"Organization/org-{number // CLINICIANS_PER_PRACTICE}"}},'
        f'"code":[{{"coding":[{{"system":"http://nucc.org/provider-taxonomy","code":"208D00000X","display":'
        f'"General Practice Physician"}}],"text":"General Practice Physician"}}]}}'
    )


def patient(number: int) -> str:
    """A patient: names, address, race and ethnicity, five identifiers, as US Core has them."""
    id_ = key(PATIENT, number)
    return (
        f'{{"resourceType":"Patient","id":"{id_}","meta":{{"profile":["{_US_CORE}-patient"]}},"text":{{"status":'
        '"generated","div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\">Made up for a timing: nobody lives under '
        f'this name. Seed {scattered(91, number)}, population 54321.</div>"}},"extension":[{{"url":"{_US_CORE}-race",'
        '"extension":[{"url":"ombCategory","valueCoding":{"system":"urn:oid:2.16.840.1.113883.6.238","code":"2106-3",'
        '"display":"White"}},{"url":"text","valueString":"White"}]},{"url":"'
        f'{_US_CORE}-ethnicity","extension":[{{"url":"ombCategory","valueCoding":{{"system":"urn:oid:2.16.840.1.113883.6.238",'
        '"code":"2186-5","display":"Not Hispanic or Latino"}},{"url":"text","valueString":"Not Hispanic or Latino"}]},'
        '{"url":"http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName","valueString":"Mother'
        f'{number}"}},{{"url":"{_US_CORE}-birthsex","valueCode":"F"}},{{"url":"http://hl7.org/fhir/StructureDefinition/'
        'patient-birthPlace","valueAddress":{"city":"Olathe","state":"Kansas","country":"US"}},{"url":'
        '"http://synthetichealth.github.io/synthea/quality-adjusted-life-years","valueDecimal":57.177223184091154}],'
        f'"identifier":[{{"system":"https://github.com/synthetichealth/synthea","value":"{id_}"}},{{"type":{{"coding":'
        f'[{{"system":"{_TERMS}/v2-0203","code":"MR","display":"Medical Record Number"}}],"text":"Medical Record Number"}},'
        f'"system":"http://hospital.example.org","value":"{id_}"}},{{"type":{{"coding":[{{"system":"{_TERMS}/v2-0203",'
        '"code":"SS","display":"Social Security Number"}],"text":"Social Security Number"},"system":'
        f'"http://hl7.org/fhir/sid/us-ssn","value":"999-{number % 100:02d}-{number % 10_000:04d}"}},{{"type":{{"coding":'
        f'[{{"system":"{_TERMS}/v2-0203","code":"DL","display":"Driver\'s license number"}}],"text":"Driver\'s license '
        f'number"}},"system":"urn:oid:2.16.840.1.113883.4.3.25","value":"S{number}"}},{{"type":{{"coding":[{{"system":'
        f'"{_TERMS}/v2-0203","code":"PPN","display":"Passport Number"}}],"text":"Passport Number"}},"system":'
        f'"http://standardhealthrecord.org/fhir/StructureDefinition/passportNumber","value":"X{number}X"}}],"name":[{{"use":'
        f'"official","family":"Family{number}","given":["Given{number}","Middle"],"prefix":["Mrs."]}},{{"use":"maiden",'
        f'"family":"Maiden{number}","given":["Given{number}","Middle"],"prefix":["Mrs."]}}],"telecom":[{{"system":"phone",'
        f'"value":"555-810-{number % 10_000:04d}","use":"home"}}],"gender":"female","birthDate":"19{20 + number % 80}-05-21",'
        '"address":[{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/geolocation","extension":[{"url":'
        '"latitude","valueDecimal":38.37796654358168},{"url":"longitude","valueDecimal":-96.17060814119407}]}],"line":['
        f'"{number} Landing"],"city":"Emporia","state":"KS","postalCode":"66801","country":"US"}}],"maritalStatus":{{"coding":'
        f'[{{"system":"{_TERMS}/v3-MaritalStatus","code":"M","display":"Married"}}],"text":"Married"}},'
        '"multipleBirthBoolean":false,"communication":[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"en-US",'
        '"display":"English (United States)"}],"text":"English (United States)"}}]}'
    )


def encounter(number: int, of_patient: int, clinicians: int) -> str:
    """A visit; of one in twenty the status says that nobody was seen."""
    id_, chance = key(ENCOUNTER, number), scattered(92, number)
    whom = clinician_of(of_patient, clinicians)
    if chance % 5 == 0:
        whom = (whom + chance) % clinicians
    on, status = day(chance >> 16), "finished" if chance % 19 else "cancelled"
    return (
        f'{{"resourceType":"Encounter","id":"{id_}","meta":{{"profile":["{_US_CORE}-encounter"]}},"identifier":[{{"use":'
        f'"official","system":"https://github.com/synthetichealth/synthea","value":"{id_}"}}],"status":"{status}","class":'
        f'{{"system":"{_TERMS}/v3-ActCode","code":"{"VR" if chance % 7 == 0 else "AMB"}"}},"type":[{{"coding":[{{"system":"{_SNOMED}","code":'
        '"185347001","display":"Encounter for problem (procedure)"}],"text":"Encounter for problem (procedure)"}],'
        f'"subject":{{"reference":"Patient/{key(PATIENT, of_patient)}","display":"Mrs. Given{of_patient} Family{of_patient}"}},'
        f'"participant":[{{"type":[{{"coding":[{{"system":"{_TERMS}/v3-ParticipationType","code":"PPRF","display":'
        f'"primary performer"}}],"text":"primary performer"}}],"period":{{"start":"{on}T08:25:16-05:00","end":'
        f'"{on}T09:20:16-05:00"}},"individual":{{"reference":"Practitioner/prac-{whom}","display":"Dr. Given{whom} '
        f'Family{whom}"}}}}],"period":{{"start":"{on}T08:25:16-05:00","end":"{on}T09:20:16-05:00"}},"reasonCode":[{{"coding":'
        f'[{{"system":"{_SNOMED}","code":"46177005","display":"End-stage renal disease (disorder)"}}]}}],"location":'
        '[{"location":{"reference":"Location/3b23bdf7-5bd6-30bf-85a9-a37d7d74938a","display":"NEWMAN MEMORIAL COUNTY '
        f'HOSPITAL"}}}}],"serviceProvider":{{"reference":"Organization/org-{whom // CLINICIANS_PER_PRACTICE}","display":'
        '"NEWMAN MEMORIAL COUNTY HOSPITAL"}}'
    )


def communication(number: int, of_patient: int, clinicians: int) -> str:
    """Four to a thread: the thread itself, a question, the answer to it, a machine's reminder."""
    id_, chance, place = key(MESSAGE, number), scattered(93, number), number % 4
    patient_, whom = (
        f"Patient/{key(PATIENT, of_patient)}",
        f"Practitioner/prac-{clinician_of(of_patient, clinicians)}",
    )
    sender, recipient = [
        ("", whom),
        (patient_, whom),
        (whom, patient_),
        ("Device/robot", patient_),
    ][place]
    thread = key(MESSAGE, number - place)
    words = "We looked at what you wrote and think that it can wait until the next visit. " * 3
    part = f'"partOf":[{{"reference":"Communication/{thread}"}}],' if place else ""
    answers = (
        f'"inResponseTo":[{{"reference":"Communication/{key(MESSAGE, number - 1)}"}}],'
        if place == 2
        else ""
    )
    said = f'"payload":[{{"contentString":"{words}"}}],' if place else ""
    by = f'"sender":{{"reference":"{sender}"}},' if sender else ""
    return (
        f'{{"resourceType":"Communication","id":"{id_}","meta":{{"versionId":"1","lastUpdated":"2021-12-31T00:00:00Z",'
        f'"profile":["http://hl7.org/fhir/StructureDefinition/Communication"]}},"identifier":[{{"system":'
        f'"https://portal.example.org/messages","value":"{number}"}}],{part}{answers}"status":"completed","category":'
        f'[{{"coding":[{{"system":"{_TERMS}/communication-category","code":"notification"}}],"text":"notification"}}],'
        f'"medium":[{{"coding":[{{"system":"{_TERMS}/v3-ParticipationMode","code":"WRITTEN"}}]}}],"subject":{{"reference":'
        f'"{patient_}"}},{by}"recipient":[{{"reference":"{recipient}"}}],{said}"topic":{{"text":"About visit {chance % 997}"}},'
        f'"sent":"{day(chance >> 16)}T11:20:16-05:00"}}'
    )


def observation(number: int, of_patient: int, clinicians: int) -> str:
    """One in six is of the patient's own scales, the others are the clinic's laboratory."""
    id_, chance = key(OBSERVATION, number), scattered(94, number)
    whom = clinician_of(of_patient, clinicians)
    own = number % 6 == 0
    by = f"Patient/{key(PATIENT, of_patient)}" if own else f"Practitioner/prac-{whom}"
    on = day(chance >> 16)
    return (
        f'{{"resourceType":"Observation","id":"{id_}","meta":{{"profile":["{_US_CORE}-observation-lab"]}},"status":"final",'
        f'"category":[{{"coding":[{{"system":"{_TERMS}/observation-category","code":"laboratory","display":"Laboratory"}}],'
        '"text":"Laboratory"}],"code":{"coding":[{"system":"http://loinc.org","code":"2339-0","display":"Glucose '
        '[Mass/volume] in Blood"}],"text":"Glucose [Mass/volume] in Blood"},"subject":{"reference":'
        f'"Patient/{key(PATIENT, of_patient)}","display":"Mrs. Given{of_patient} Family{of_patient}"}},"encounter":{{"reference":'
        f'"Encounter/{key(ENCOUNTER, number)}"}},"effectiveDateTime":"{on}T08:25:16-05:00","issued":"{on}T08:25:16.123-05:00",'
        f'"performer":[{{"reference":"{by}"}}],"valueQuantity":{{"value":{chance % 200}.25,"unit":"mg/dL","system":'
        '"http://unitsofmeasure.org","code":"mg/dL"},"referenceRange":[{"low":{"value":70,"unit":"mg/dL"},"high":{"value":'
        '99,"unit":"mg/dL"},"text":"70 to 99 mg/dL"}]}'
    )


def document(number: int, of_patient: int, clinicians: int) -> str:
    """One in three is the patient's own paper, the others are notes of the clinic."""
    id_, chance = key(DOCUMENT, number), scattered(95, number)
    own = number % 3 == 0
    by = (
        f"Patient/{key(PATIENT, of_patient)}"
        if own
        else f"Practitioner/prac-{clinician_of(of_patient, clinicians)}"
    )
    return (
        f'{{"resourceType":"DocumentReference","id":"{id_}","meta":{{"profile":["{_US_CORE}-documentreference"]}},"identifier":'
        f'[{{"system":"urn:ietf:rfc:3986","value":"urn:uuid:{id_}"}}],"status":"current","type":{{"coding":[{{"system":'
        '"http://loinc.org","code":"34117-2","display":"History and physical note"}]},"category":[{"coding":[{"system":'
        f'"{_US_CORE}-documentreference-category","code":"clinical-note","display":"Clinical Note"}}]}}],"subject":{{"reference":'
        f'"Patient/{key(PATIENT, of_patient)}"}},"date":"{day(chance >> 16)}T08:25:16.123-05:00","author":[{{"reference":"{by}"}}],'
        f'"custodian":{{"reference":"Organization/org-0"}},"content":[{{"attachment":{{"contentType":"text/plain; charset=utf-8",'
        f'"data":"{"TWFkZSB1cCBmb3IgYSB0aW1pbmcuIA" * 20}"}},"format":{{"system":"http://ihe.net/fhir/ValueSet/IHE.FormatCode.codesystem",'
        '"code":"urn:ihe:iti:xds:2017:mimeTypeSufficient","display":"mimeType Sufficient"}}],"context":{"encounter":[{"reference":'
        f'"Encounter/{key(ENCOUNTER, number)}"}}]}}}}'
    )


def provenance(number: int, of_patient: int, clinicians: int) -> str:
    """That a clinician took an observation of the patient's into the record."""
    id_, chance = key(PROVENANCE, number), scattered(96, number)
    whom = clinician_of(of_patient, clinicians)
    return (
        f'{{"resourceType":"Provenance","id":"{id_}","meta":{{"profile":["{_US_CORE}-provenance"]}},"target":[{{"reference":'
        f'"Observation/{key(OBSERVATION, number * 6)}"}}],"recorded":"{day(chance >> 16)}T18:25:16.123-05:00","agent":[{{"type":'
        f'{{"coding":[{{"system":"{_TERMS}/provenance-participant-type","code":"author","display":"Author"}}],"text":"Author"}},'
        f'"who":{{"reference":"Practitioner/prac-{whom}","display":"Dr. Given{whom} Family{whom}"}},"onBehalfOf":{{"reference":'
        f'"Organization/org-{whom // CLINICIANS_PER_PRACTICE}"}}}}]}}'
    )


def event(number: int, of_patient: int, clinicians: int) -> str:
    """One in three is the patient looking at the portal, the others are the clinic at work."""
    id_, chance = key(EVENT, number), scattered(97, number)
    whom = clinician_of(of_patient, clinicians)
    own = number % 3 == 0
    by = f"Patient/{key(PATIENT, of_patient)}" if own else f"Practitioner/prac-{whom}"
    return (
        f'{{"resourceType":"AuditEvent","id":"{id_}","type":{{"system":"http://dicom.nema.org/resources/ontology/DCM","code":'
        '"110110","display":"Patient Record"},"subtype":[{"system":"http://hl7.org/fhir/restful-interaction","code":"read",'
        f'"display":"read"}}],"action":"R","recorded":"{day(chance >> 16)}T18:25:16.123-05:00","outcome":"0","agent":[{{"type":'
        f'{{"coding":[{{"system":"{_TERMS}/v3-ParticipationType","code":"AUT","display":"author (originator)"}}]}},"role":[{{"text":'
        f'"user"}}],"who":{{"reference":"{by}"}},"altId":"{chance}","name":"Name{number}","requestor":true,"network":{{"address":'
        '"192.0.2.7","type":"2"}}],"source":{"site":"portal","observer":{"reference":'
        f'"Organization/org-{whom // CLINICIANS_PER_PRACTICE}"}},"type":[{{"system":"{_TERMS}/security-source-type","code":"4","display":'
        f'"Application Server"}}]}},"entity":[{{"what":{{"reference":"Patient/{key(PATIENT, of_patient)}"}},"type":{{"system":'
        f'"{_TERMS}/audit-entity-type","code":"1","display":"Person"}},"role":{{"system":"{_TERMS}/object-role","code":"1","display":'
        '"Patient"},"securityLabel":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"N"}]}]}'
    )
