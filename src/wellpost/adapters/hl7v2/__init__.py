"""HL7 v2 ADT messages: what a registration system says of patients and visits, as typed values."""

from .answers import answers, own_fault, unreadable
from .reader import read, read_header
from .refusal import MessageRefusedError
from .values import Admission, Header, Identifier, Merge, Message, Moment, Person, Place, Visit

__all__ = [
    "Admission",
    "Header",
    "Identifier",
    "Merge",
    "Message",
    "MessageRefusedError",
    "Moment",
    "Person",
    "Place",
    "Visit",
    "answers",
    "own_fault",
    "read",
    "read_header",
    "unreadable",
]
