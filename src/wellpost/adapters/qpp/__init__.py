"""Submissions in the JSON of CMS's Quality Payment Program (QPP), written and read."""

from wellpost.adapters.qpp.reader import read_qpp
from wellpost.adapters.qpp.writer import qpp_json, write_qpp

__all__ = ["qpp_json", "read_qpp", "write_qpp"]
