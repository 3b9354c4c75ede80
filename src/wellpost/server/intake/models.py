"""The tables of `intake`: what came by HL7 v2."""

from .hl7v2.models import LatestWord, ReceivedMessage

__all__ = ["LatestWord", "ReceivedMessage"]
