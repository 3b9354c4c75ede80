"""Playing a power cut: of PostgreSQL's log, what was written and never flushed is put back."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("power_cut.c")
HEAD = struct.Struct("<4Q")
WRITTEN, FLUSH_BEGUN, FLUSHED = 1, 2, 3


@dataclass(frozen=True)
class Noted:
    """One write to a file of the log, with what stood there, or the flushing of one."""

    kind: int
    inode: int
    offset: int
    before: bytes


class PowerCut:
    """The shim, its notes, and the undoing. `None` where there is no C compiler."""

    def __init__(self, folder: Path) -> None:
        self.notes, self.library = folder / "notes", folder / "power_cut.so"
        compiler = shutil.which("cc") or shutil.which("gcc") or "cc"
        command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(self.library), str(SOURCE)]
        subprocess.run([*command, "-ldl"], check=True, capture_output=True)
        self.library.chmod(0o755)
        self.forget()

    @classmethod
    def made_in(cls, folder: Path) -> PowerCut | None:
        """The shim, compiled there; None where nothing compiles C."""
        return cls(folder) if shutil.which("cc") or shutil.which("gcc") else None

    @property
    def environment(self) -> dict[str, str]:
        """What a process is started with that is to be watched."""
        return {"LD_PRELOAD": str(self.library), "POWER_CUT_LOG": str(self.notes)}

    def forget(self) -> None:
        """From now on all that was written counts as flushed."""
        self.notes.write_bytes(b"")
        self.notes.chmod(0o666)

    def cut(self, data: Path) -> int:
        """Put back what was not flushed, after every process of `data` was killed; how many
        bytes that changed.
        """
        lost = list(_unflushed(list(_read(self.notes.read_bytes()))))
        watched = [*(data / "pg_wal").iterdir(), *(data / "global").glob("pg_control")]
        files = {each.stat().st_ino: each for each in watched}
        changed = sum(_put_back(files[each.inode], each) for each in lost if each.inode in files)
        os.sync()
        self.forget()
        return changed


def _read(notes: bytes) -> Iterator[Noted]:
    at = 0
    while at + HEAD.size <= len(notes):
        kind, inode, offset, length = HEAD.unpack_from(notes, at)
        at += HEAD.size + length
        yield Noted(kind, inode, offset, notes[at - length : at])


def _unflushed(notes: list[Noted]) -> Iterator[Noted]:
    """The writes that no flushing begun after them ended, the last first."""
    flushed: set[int] = set()
    ended: dict[int, int] = {}
    for each in reversed(notes):
        if each.kind == FLUSHED:
            ended[each.inode] = ended.get(each.inode, 0) + 1
        elif each.kind == FLUSH_BEGUN and ended.get(each.inode):
            flushed.add(each.inode)
        elif each.kind == WRITTEN and each.inode not in flushed:
            yield each


def _put_back(file: Path, noted: Noted) -> int:
    with file.open("r+b") as held:
        held.seek(noted.offset)
        differs = held.read(len(noted.before)) != noted.before
        held.seek(noted.offset)
        held.write(noted.before)
    return len(noted.before) if differs else 0
