"""People and places: names, addresses, telephone numbers, and who is named by an NPI."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import NAMESPACE_URL, uuid5

from wellpost.adapters.ccda.elements import NPI, Element, element, identifier
from wellpost.adapters.fhir.elements import Json, as_object, as_objects, identifiers_of, text_of
from wellpost.facts.identifiers import npi_is_valid

NPI_SYSTEM = "http://hl7.org/fhir/sid/us-npi"
USES = {"home": "HP", "work": "WP", "mobile": "MC"}
SCHEMES = {"phone": "tel:", "email": "mailto:", "fax": "fax:", "url": ""}


def texts(values: object) -> Iterator[str]:
    """The texts of a list."""
    for each in values if isinstance(values, list) else ():
        if isinstance(each, str) and each.strip():
            yield each.strip()


def best_name(resource: Json) -> Json:
    """The official name of somebody, else the first."""
    names = list(as_objects(resource.get("name")))
    return next(
        (each for each in names if each.get("use") == "official"), names[0] if names else {}
    )


def called(resource: Json) -> str:
    """What somebody or something is called, in one line."""
    if isinstance(resource.get("name"), str):
        return text_of(resource, "name")
    name = best_name(resource)
    parts = (*texts(name.get("prefix")), *texts(name.get("given")), text_of(name, "family"))
    return text_of(name, "text") or " ".join(filter(None, parts)) or text_of(resource, "display")


def name_of(resource: Json) -> Element:
    """A `name` in its parts; a name without parts as it stands; nothing known: unknown."""
    name = best_name(resource)
    given, family = list(texts(name.get("given"))), text_of(name, "family")
    if not given or not family:
        whole = called(resource)
        return element("name", text=whole) if whole else element("name", nullFlavor="UNK")
    return element(
        "name",
        *(element("prefix", text=each) for each in texts(name.get("prefix"))),
        *(element("given", text=each) for each in given),
        element("family", text=family),
        *(element("suffix", text=each) for each in texts(name.get("suffix"))),
    )


def patient_name(resource: Json) -> Element:
    """The name of the patient, whose parts C-CDA insists on (CONF:1198-5284)."""
    name = best_name(resource)
    parts = (*texts(name.get("given")), text_of(name, "family"))
    if len(list(filter(None, parts))) > 1 and text_of(name, "family"):
        made = name_of(resource)
        made.set("use", "L")
        return made
    given = [element("given", text=each) for each in texts(name.get("given"))]
    family = text_of(name, "family") or called(resource)
    return element(
        "name",
        *(given or [element("given", nullFlavor="UNK")]),
        element("family", text=family) if family else element("family", nullFlavor="UNK"),
        use="L",
    )


def addresses(resource: Json) -> list[Element]:
    """Every address; at least one that is unknown."""
    written = list(as_objects(resource.get("address")))
    written = written or list(filter(None, [as_object(resource.get("address"))]))
    return [_address(each) for each in written if _is_address(each)] or [unknown("addr")]


def telecoms(resource: Json) -> list[Element]:
    """Every telephone number and email address; at least one that is unknown."""
    found = [_telecom(each) for each in as_objects(resource.get("telecom"))]
    return [each for each in found if each is not None] or [unknown("telecom")]


def unknown(name: str) -> Element:
    """Something that nobody wrote down."""
    return element(name, nullFlavor="UNK")


def npi_of(resource: Json) -> Element:
    """The NPI of a clinician or an organization; that it is unknown where there is none."""
    numbers = (each.value for each in identifiers_of(resource) if each.system == NPI_SYSTEM)
    number = next((each for each in numbers if npi_is_valid(each)), None)
    return (
        element("id", root=NPI, extension=number)
        if number
        else element("id", root=NPI, nullFlavor="UNK")
    )


def person(resource: Json, name: str = "assignedEntity") -> Element:
    """Somebody who did something: id, address, telephone, name."""
    ids = [npi_of(resource)]
    if text_of(resource, "id"):
        ids.append(identifier(resource))
    return element(
        name,
        *ids,
        *addresses(resource),
        *telecoms(resource),
        element("assignedPerson", name_of(resource)),
    )


def place_id(name: str) -> Element:
    """An id for what has none, always the same for the same name."""
    return element("id", root=str(uuid5(NAMESPACE_URL, f"urn:wellpost/{name}")))


def _is_address(given: Json) -> bool:
    return bool(list(texts(given.get("line"))) or text_of(given, "city"))


def _address(given: Json) -> Element:
    lines = list(texts(given.get("line")))[:4]
    parts = {
        "city": text_of(given, "city"),
        "state": text_of(given, "state"),
        "postalCode": text_of(given, "postalCode"),
        "country": text_of(given, "country"),
    }
    return element(
        "addr",
        *(
            [element("streetAddressLine", text=each) for each in lines]
            or [unknown("streetAddressLine")]
        ),
        *(_part(name, text) for name, text in parts.items()),
        use="WP" if given.get("use") == "work" else "HP",
    )


def _part(name: str, text: str) -> Element | None:
    if text:
        return element(name, text=text)
    return None if name == "country" else unknown(name)


def _telecom(given: Json) -> Element | None:
    value = "".join(text_of(given, "value").split())
    scheme = SCHEMES.get(text_of(given, "system"))
    if not value or scheme is None:
        return None
    plain = value if value.startswith(scheme) else f"{scheme}{value}"
    return element("telecom", value=plain, use=USES.get(text_of(given, "use")))
