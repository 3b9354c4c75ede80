"""Who sends a QRDA III file, and when it was made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from wellpost import __version__

SOFTWARE = f"Wellpost {__version__}"


@dataclass(frozen=True)
class Sender:
    """The practice by the name it gives itself, and the moment of making (with its time zone)."""

    practice: str
    made_at: datetime

    @property
    def moment(self) -> str:
        """The moment as CDA writes it, like 20180131061231+0000."""
        return self.made_at.strftime("%Y%m%d%H%M%S%z")

    def identifier(self, *parts: object) -> str:
        """A UUID that the same parts of the same document always have, and no others."""
        document: UUID = uuid5(NAMESPACE_OID, f"{self.practice} {self.moment}")
        return str(uuid5(document, " ".join(map(str, parts))))
