"""DuckDB's complaints as sentences of ours: what was found, where, and what would be right."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from wellpost.errors import DataRefusedError, NoRoomError, WellpostError
from wellpost.facts.resources import Resources, shown
from wellpost.facts.scratch import UNFINISHED

FAULTS = {
    "unterminated quote": "a quoted field is never closed; the file may have been cut off",
    "quote should be followed": "a quote stands inside a field; double it and quote the field",
    "not utf-8": "it is not UTF-8 text; save the file as UTF-8",
    "Expected Number of Columns": "it has more or fewer fields than the first line names; "
    "the file may have been cut off",
    "Maximum line size": "it is longer than 2 MB",
    "invalid state": "its lines do not end alike or its quotes do not pair; save it as CSV again",
    "No magic bytes": "it is not whole Parquet; it was cut off, or is of another kind",
    "too small to be a Parquet": "it is not whole Parquet; it was cut off, or is of another kind",
}
"""What is said of a file, by a sign in the complaint."""

OURS = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)
"""Complaints about a query: a fault of Wellpost's, not of a file."""

SPILT = "wellpost-spill-"
"""How the folder for what does not fit in memory begins."""

FILE = re.compile(r"file = (.+)|[Ff]ile '([^']+)'|[Ff]ile \"([^\"]+)\"|\"([^\"]+\.csv)\"")


def in_our_words(error: duckdb.Error, limits: Resources) -> Exception:
    """The error to raise in place of DuckDB's; the same where the fault is not the user's."""
    if isinstance(error, OURS) or "prepared" in str(error):
        return error
    return _no_room(error, limits) or read_fault(error)


def read_fault(error: Exception, usual: str = "a file") -> DataRefusedError:
    """What is wrong with a file, without a line's content; `usual` where none is named."""
    text = str(error)
    file = FILE.search(text)
    name = Path(next(group for group in file.groups() if group)).name if file else usual
    line = re.search(r"on Line: (\d+)", text)
    where = f"{name}:{line[1]}" if line else name
    for sign, says in FAULTS.items():
        if sign in text:
            return DataRefusedError(f"{where}: {says}.")
    return DataRefusedError(f"{where}: it cannot be read; it may be cut off, damaged or no file.")


def disk_is_full(error: Exception) -> bool:
    """Whether DuckDB or the system says so."""
    return "No space left" in str(error)


def _no_room(error: duckdb.Error, limits: Resources) -> WellpostError | None:
    text, full = str(error), disk_is_full(error)
    written = re.search(r'Could not write file \\?"([^"\\]+)', text)
    if full and written and SPILT not in written[1]:
        return NoRoomError(f"the disk is full; {_known(Path(written[1]))} cannot take all of it.")
    if full or "failed to offload" in text:
        return NoRoomError(
            f"the disk of {limits.spill_folder} filled while what does not fit in memory was put "
            f"there; name a folder with more room with --spill{_or_more(limits)}."
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return NoRoomError(f"{_memory(limits)} was not enough; give more with --memory.")
    return None


def _known(path: Path) -> Path:
    """The folder it is in, without the hidden one of what is not finished, which is gone."""
    begun = next((each for each in path.parents if UNFINISHED in each.name), path)
    return begun.parent


def _memory(limits: Resources) -> str:
    return f"memory of {shown(limits.memory)}" if limits.memory else "the memory of this machine"


def _or_more(limits: Resources) -> str:
    return ", or give more with --memory" if limits.memory else ""
