"""Submissions as QRDA Category III (HL7 CDA, CMS's guide of each performance year)."""

from wellpost.adapters.qrda3.reader import read_qrda3
from wellpost.adapters.qrda3.sender import Sender
from wellpost.adapters.qrda3.writer import write_qrda3

__all__ = ["Sender", "read_qrda3", "write_qrda3"]
