"""Apple Health: the export that an iPhone makes (export.xml, or the export.zip around it)."""

from .reader import readings
from .unpacking import xml_inside

__all__ = ["readings", "xml_inside"]
