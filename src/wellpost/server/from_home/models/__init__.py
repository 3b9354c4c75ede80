"""What patients brought, the files they brought it in, and the limits a practice watches for."""

from .data import Danger, HomeDatum, Source, State
from .files import BatchState, HomeFile, HomeFileChunk, ImportBatch
from .limits import HomeLimit

__all__ = [
    "BatchState",
    "Danger",
    "HomeDatum",
    "HomeFile",
    "HomeFileChunk",
    "HomeLimit",
    "ImportBatch",
    "Source",
    "State",
]
