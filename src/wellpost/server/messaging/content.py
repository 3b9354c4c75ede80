"""What stands inside a sealed message: the text, and what its files are."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from uuid import UUID

import orjson

CONTENT_TYPE = "application/vnd.wellpost.message+json"


@dataclass(frozen=True)
class FileNote:
    """A file's name, type, size in bytes and SHA-256, as the message vouches for them."""

    id: UUID
    name: str
    type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Content:
    """A message opened. `covers`: the clinician away, for whom the writer answered."""

    text: str
    files: tuple[FileNote, ...] = ()
    covers: str = ""

    def to_bytes(self) -> bytes:
        """What is sealed."""
        files = [asdict(each) | {"id": str(each.id)} for each in self.files]
        covers = {"covers": self.covers} if self.covers else {}
        said = {"text": self.text, "files": files, **covers}
        return json.dumps(said, ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Content:
        """What was sealed."""
        read = orjson.loads(data)
        files = (FileNote(**each | {"id": UUID(each["id"])}) for each in read["files"])
        return cls(read["text"], tuple(files), read.get("covers", ""))
