"""FHIR R4 as bulk export gives it (NDJSON, gzipped or not), read into records and facts.

`read` makes records of a folder, `facts_of` attributes them and accounts for every resource,
`open_fhir` reads one of any size as a Source that `wellpost measure` runs on.
"""

from wellpost.adapters.fhir.facts import FhirFacts, facts_of
from wellpost.adapters.fhir.lines import is_fhir_folder
from wellpost.adapters.fhir.opening import open_fhir
from wellpost.adapters.fhir.reader import read
from wellpost.adapters.fhir.reconciliation import Reconciliation
from wellpost.adapters.fhir.records import Records

__all__ = [
    "FhirFacts",
    "Reconciliation",
    "Records",
    "facts_of",
    "is_fhir_folder",
    "open_fhir",
    "read",
]
