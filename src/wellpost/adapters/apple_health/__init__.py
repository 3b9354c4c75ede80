"""Apple Health: the export that an iPhone makes (export.xml, or the export.zip around it)."""

from .reader import readings
from .unpacking import export_size, xml_inside

__all__ = ["export_size", "readings", "xml_inside"]
