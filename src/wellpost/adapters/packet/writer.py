"""Making a packet: the files, a PDF that names their hashes, a manifest, a signature, one ZIP."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from wellpost.adapters.packet.archive import DIGEST, MANIFEST, SIGNATURE, pack, packed
from wellpost.adapters.packet.contents import FORMAT, as_json, contents
from wellpost.adapters.packet.signing import fingerprint, public_pem, sign
from wellpost.adapters.pdf.writer import as_pdf
from wellpost.reports.attestation import Attestation
from wellpost.reports.documents import Made
from wellpost.reports.packet import packet_document

REPORT, KEY = "report.pdf", "public-key.pem"


@dataclass(frozen=True)
class Packet:
    """One packet: the ZIP for machines and the PDF for people, which lies in the ZIP as well."""

    archive: bytes
    report: bytes
    fingerprint: str


def make_packet(attestation: Attestation, key: EllipticCurvePrivateKey) -> Packet:
    """The packet of an attestation; the same attestation and key give the same bytes."""
    members = {**contents(attestation), KEY: public_pem(key)}
    signed_with = fingerprint(members[KEY])
    document = packet_document(attestation, hashes(members), signed_with)
    made = Made(attestation.product, attestation.at, attestation.by)
    members[REPORT] = as_pdf(document, made)
    return Packet(pack(_sealed(members, key)), members[REPORT], signed_with)


def hashes(members: Mapping[str, bytes]) -> dict[str, str]:
    """The SHA-256 of each member, by name."""
    return {name: hashlib.sha256(members[name]).hexdigest() for name in sorted(members)}


def _sealed(members: Mapping[str, bytes], key: EllipticCurvePrivateKey) -> dict[str, bytes]:
    lying = hashes({name: packed(name, data) for name, data in members.items()})
    listed = {
        name: {"sha256": digest, "bytes": len(members[name]), "packed": lying[name]}
        for name, digest in hashes(members).items()
    }
    manifest = as_json({"format": FORMAT, "files": listed})
    digest = hashlib.sha256(manifest).hexdigest()
    return {
        "README.txt": members["README.txt"],
        **{name: members[name] for name in sorted(members) if name != "README.txt"},
        MANIFEST: manifest,
        DIGEST: f"{digest}  {MANIFEST}\n".encode(),
        SIGNATURE: sign(key, manifest),
    }
