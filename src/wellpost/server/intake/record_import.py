"""Every resource of an export into the record: patients' first, then what follows and is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from wellpost.adapters.fhir import FhirFacts
from wellpost.adapters.fhir.compartment import (
    DIRECTORY,
    FOLLOWS,
    NOT_KEPT,
    attachments,
    followed,
)
from wellpost.adapters.fhir.directory import Key
from wellpost.adapters.fhir.elements import Json, reference
from wellpost.adapters.fhir.lines import Progress
from wellpost.server.people.models import Patient, Practice
from wellpost.server.records.models import Resource

from .record_account import RecordAccount
from .record_folder import Folder
from .record_homes import Homes, NotKept
from .record_writing import RecordWriting
from .writing import Writing

Places = list[tuple[Practice, Patient | None]]


def import_record(
    path: Path,
    facts: FhirFacts,
    writing: Writing,
    *,
    keep_rest: bool,
    progress: Progress | None = None,
) -> RecordAccount:
    """Keep every resource of the folder at the practices that `writing` wrote, and account for all.

    In the caller's transaction. DataRefusedError for lines that are none, unless `keep_rest`.
    """
    account = RecordAccount()
    folder = Folder(path, account)
    folder.scan(keep_rest=keep_rest)
    homes = Homes(facts, writing, folder.directory)
    RecordImport(folder, homes, RecordWriting(homes, account, writing.report), progress).run()
    writing.report.account += account.sentences()
    return account


@dataclass
class RecordImport:
    """`files` are where the files are that documents lead to: ids of Binary to their patients."""

    folder: Folder
    homes: Homes
    writing: RecordWriting
    progress: Progress | None = None
    files: dict[str, set[tuple[str, str]]] = field(default_factory=dict)

    def run(self) -> None:
        """Three passes; what is met in one says what is wanted in the next."""
        self._pass(lambda kind: kind not in DIRECTORY and kind not in FOLLOWS, self._patients)
        if FOLLOWS & self.folder.directory.came.keys():
            self._pass(lambda kind: kind in FOLLOWS, self._followers)
        named = self._named()
        self._pass(lambda kind: kind in DIRECTORY, lambda one: self._directory(one, named))
        self.writing.finish()

    def _pass(self, wanted: Callable[[str], bool], places: Callable[[Json], Places]) -> None:
        for line, resource in self.folder.each(wanted, self._show):
            try:
                self.writing.add(line, resource, places(resource))
            except NotKept as reason:
                self.writing.account.leave_out(resource["resourceType"], reason.why)
        self.writing.flush()

    def _show(self, name: str, done: int, whole: int) -> None:
        if self.progress:
            self.progress(f"{name} into the record", done, whole)

    def _patients(self, resource: Json) -> Places:
        """The practices of the patient whose it is."""
        why = NOT_KEPT.get(resource["resourceType"])
        if why:
            raise NotKept(why)
        patient_id = self.homes.patient_id(resource)
        tins = self.homes.tins(resource, patient_id)
        for address in attachments(resource):
            if address.startswith("Binary/"):
                homes = {(tin, patient_id) for tin in tins}
                self.files.setdefault(address.removeprefix("Binary/"), set()).update(homes)
        return self._at(tins, patient_id)

    def _at(self, tins: list[str], patient_id: str) -> Places:
        practices = self.homes.writing.practices
        return [(practices[tin], self.homes.patient(tin, patient_id)) for tin in tins]

    def _followers(self, resource: Json) -> Places:
        """Where that is which it is about."""
        led_to = self.files.get(resource["id"]) if resource["resourceType"] == "Binary" else None
        if led_to:
            return [place for tin, pid in sorted(led_to) for place in self._at([tin], pid)]
        keys = [self.homes.key_of(reference(one)) for one in followed(resource)]
        found = [
            (practice, patient)
            for practice in self.homes.writing.practices.values()
            if (patient := self._patient_of(practice, [key for key in keys if key]))
        ]
        if not found:
            raise NotKept("follows_nothing")
        return list(found)

    def _patient_of(self, practice: Practice, keys: list[Key]) -> Patient | None:
        """The one patient of the practice whom all that is known of the keys belongs to."""
        ids: list[UUID] = [self.homes.id_at(practice, key) for key in keys]
        held = Resource.objects.filter(pk__in=ids, practice=practice).exclude(patient=None)
        patients = {each.patient for each in held.select_related("patient").only("patient")}
        return patients.pop() if len(patients) == 1 else None

    def _named(self) -> dict[Key, list[Practice]]:
        """By person or place the practices whose resources name it, through one another."""
        found: dict[Key, list[Practice]] = {}
        for practice in self.homes.writing.practices.values():
            met = self.writing.met.get(practice.pk, ())
            for key in self.folder.directory.closure(met, self.homes.key_of):
                found.setdefault(key, []).append(practice)
        return found

    def _directory(self, resource: Json, named: dict[Key, list[Practice]]) -> Places:
        key = Key(resource["resourceType"], resource["id"])
        found: Places = [(each, None) for each in named.get(key, ())]
        if not found:
            raise NotKept("no_patient")
        return found
