"""FHIR to facts at the size of a state: read once by DuckDB, held on disk, asked about by SQL.

`sql/read` says what is taken of each type, `sql/judge` what becomes of it and why not. Whom a
reference means and what a code says is asked of the plain reading (`people`, `attribution`,
`conversations`, `mapping`), once for each way it is written: a state writes it in some ten
thousand ways, however many resources it has.
"""

from wellpost.adapters.fhir.bulk.source import open_bulk

__all__ = ["open_bulk"]
