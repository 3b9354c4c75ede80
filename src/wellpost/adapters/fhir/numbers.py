"""NPIs and TINs of a folder: those it carries, checked, or made-up ones if asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from wellpost.adapters.fhir.mapping import written_npi, written_tin
from wellpost.adapters.fhir.records import Records
from wellpost.adapters.fhir.references import Index, follow, names
from wellpost.adapters.fhir.resources import Organization, Practitioner
from wellpost.errors import DataRefusedError
from wellpost.facts.identifiers import make_npi, make_tin, npi_is_valid, tin_is_valid


@dataclass(frozen=True)
class Numbers:
    """NPI by practitioner id, TIN by organization id, and how many of them were made up.

    `shared_npis` are valid ones that differently named practitioners carry.
    """

    npis: dict[str, str]
    tins: dict[str, str]
    made_up_npis: int = 0
    made_up_tins: int = 0
    shared_npis: int = 0


def numbers_of(records: Records, index: Index, *, synthetic: bool) -> Numbers:
    """The numbers of everybody in the folder.

    Without `synthetic`, a practitioner or organization whose number is missing or fails its check
    is absent from the answer. With it, each such one has a made-up number, the same every time.
    """
    bearers = _bearers(records.practitioners.values())
    shared_npis = _shared(bearers)
    nobodys = shared_npis if synthetic else set()
    npis = {one.id: npi for npi, ones in bearers.items() if npi not in nobodys for one in ones}
    tins = {id_: tin for id_, tin in _own_tins(records).items() if tin_is_valid(tin)}
    holders = {id_: _holder(id_, records, index, tins) for id_ in records.organizations}
    made_npis, made_tins = {}, {}
    if synthetic:
        made_npis = _made_up(records.practitioners.keys() - npis.keys(), npis, make_npi)
        made_tins = _made_up(set(holders.values()) - tins.keys(), tins, make_tin)
    every_tin = tins | made_tins
    tin_of = {id_: every_tin[top] for id_, top in holders.items() if top in every_tin}
    shared = 0 if synthetic else len(shared_npis)
    return Numbers(npis | made_npis, tin_of, len(made_npis), len(made_tins), shared)


def refuse_bad_numbers(records: Records) -> None:
    """DataRefusedError when a written NPI or TIN is wrong; says where, how many, the way out."""
    people = list(records.practitioners.values())
    wrong = [one for one in people if (npi := written_npi(one)) and not npi_is_valid(npi)]
    places = list(records.organizations.values())
    amiss = [one for one in places if (tin := written_tin(one)) and not tin_is_valid(tin)]
    faults = []
    if wrong:
        faults.append(_npi_fault(wrong[0], len(wrong), len(people)))
    if amiss:
        faults.append(_tin_fault(amiss[0], len(amiss), len(places)))
    if faults:
        raise DataRefusedError(*faults)


_WAY_OUT = "correct it, or have made-up ones given with --synthetic-identifiers."


def _npi_fault(first: Practitioner, wrong: int, of: int) -> str:
    return (
        f"{first.place}: npi {written_npi(first)} fails its check digit; {wrong:,} of {of:,} "
        f"practitioners have such an npi; {_WAY_OUT}"
    )


def _tin_fault(first: Organization, wrong: int, of: int) -> str:
    return (
        f"{first.place}: tin {written_tin(first)} has not nine digits; {wrong:,} of {of:,} "
        f"organizations have such a tin; {_WAY_OUT}"
    )


def _bearers(people: Iterable[Practitioner]) -> dict[str, list[Practitioner]]:
    """Who carries each valid NPI."""
    bearers: defaultdict[str, list[Practitioner]] = defaultdict(list)
    for one in people:
        if npi_is_valid(written_npi(one)):
            bearers[written_npi(one)].append(one)
    return bearers


def _shared(bearers: dict[str, list[Practitioner]]) -> set[str]:
    """NPIs that differently named people carry.

    An NPI is one person's for life, so two records with one NPI are one clinician, who may have
    changed name. In made-up data they are two people: there such an NPI is nobody's.
    """
    return {
        npi for npi, ones in bearers.items() if len({frozenset(names(one)) for one in ones}) > 1
    }


def _own_tins(records: Records) -> dict[str, str]:
    return {one.id: written_tin(one) for one in records.organizations.values()}


def _holder(start: str, records: Records, index: Index, tins: dict[str, str]) -> str:
    """The organization whose TIN this one works under: itself, or the nearest above that has one.

    A department or site has none of its own; the topmost stands when none above has one.
    """

    def above(here: str) -> str | None:
        part_of = records.organizations[here].part_of
        if here in tins or part_of is None:
            return None
        return index.find(part_of, "Organization").id or None

    return follow(start, above)


def _made_up(
    ids: Iterable[str], taken: dict[str, str], make: Callable[[str], str]
) -> dict[str, str]:
    """A number for each id, made from the id; two never share one, nor a number that is carried."""
    used = set(taken.values())
    made: dict[str, str] = {}
    for id_ in sorted(ids):
        made[id_] = _unused(id_, used, make)
        used.add(made[id_])
    return made


def _unused(id_: str, used: set[str], make: Callable[[str], str]) -> str:
    number, attempt = make(id_), 1
    while number in used:
        attempt += 1
        number = make(f"{id_}#{attempt}")
    return number
