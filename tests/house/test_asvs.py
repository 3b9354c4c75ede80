"""SECURITY.md decides every requirement of the OWASP ASVS that Wellpost answers for."""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from wellpost.server.config import settings as server_settings

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src/wellpost").rglob("*.py"))
ALL_LEVELS = {"6", "8", "11", "14", "16"}
"""Chapters of which level 3 is held too: sign-in, rights, cryptography, data, records."""
STANDINGS = {"held", "design", "operator", "not applicable", "unmet"}
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| *([^|]*?) *\| *([^|]*?) *\| *([^|]*?) *\|$", re.M)
TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


@dataclass(frozen=True)
class Decided:
    """A row of the table."""

    number: str
    standing: str
    tests: str
    says: str


@cache
def decided() -> list[Decided]:
    return [Decided(*found) for found in ROW.findall((ROOT / "SECURITY.md").read_text())]


def asked() -> set[str]:
    """Levels 1 and 2 of every chapter, and all of some."""
    with (ROOT / "tests/data/asvs/requirements.csv").open() as file:
        return {
            row["requirement"]
            for row in csv.DictReader(file)
            if row["level"] in {"1", "2"} or row["requirement"].split(".")[0] in ALL_LEVELS
        }


def test_every_requirement_is_decided_once() -> None:
    numbers = Counter(each.number for each in decided())
    assert len(asked()) == 286
    assert not {number for number, times in numbers.items() if times > 1}
    assert asked() - set(numbers) == set()
    assert set(numbers) - asked() == set()


@pytest.mark.parametrize("standing", sorted(STANDINGS))
def test_what_stands_in_a_row_is_one_of_five_and_is_used(standing: str) -> None:
    assert standing in {each.standing for each in decided()}
    assert {each.standing for each in decided()} <= STANDINGS


def test_what_is_held_names_a_test_and_what_is_not_says_why() -> None:
    for each in decided():
        named = TEST.findall(each.tests)
        assert bool(named) == (each.standing == "held"), each
        assert len(each.tests.split()) == len(named), f"{each.number}: not a test: {each.tests}"
        assert each.standing == "held" or len(each.says) >= 6, each


def test_every_test_that_is_named_is_there() -> None:
    for file, name in {found for each in decided() for found in TEST.findall(each.tests)}:
        path = ROOT / "tests" / file
        assert path.exists(), file
        assert re.search(rf"^def {name}\(", path.read_text(), re.M), f"{file}::{name}"


def test_what_is_unmet_is_counted_where_it_is_read_first() -> None:
    counted = Counter(each.standing for each in decided())
    said = ", ".join(f"{counted[each]} {each}" for each in ("held", "design", "operator"))
    rest = f"{counted['not applicable']} not applicable, {counted['unmet']} unmet"
    assert f"{said}, {rest}" in " ".join((ROOT / "SECURITY.md").read_text().split())


def test_the_documents_it_leans_on_are_there() -> None:
    named = {
        name
        for each in decided()
        for name in re.findall(r"docs/[\w/.-]+\.md", each.says)
    }  # fmt: skip
    assert len(named) > 5
    assert not [name for name in named if not (ROOT / name).is_file()]
    told = (ROOT / "SECURITY.md").read_text()
    threats = (ROOT / "docs/explanation/threat-model.md").read_text()
    for heading in ("## Tries", "## Libraries", "## Cryptography"):
        assert heading in told
    for heading in ("Ways in", "What decides", "What is worth protecting", "What costs much"):
        assert f"## {heading}" in threats


# Cryptography


def imported(source: Path) -> set[str]:
    """The whole names of what a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{each.name}" for each in node.names}
    return found


SECRETIVE = ("cryptography", "jwcrypto", "hmac", "secrets", "argon2", "authlib", "jwt")


def test_every_use_of_cryptography_is_in_the_inventory() -> None:
    """Whoever brings in another use says in SECURITY.md what it is for."""
    told = set(re.findall(r"`(src/wellpost/[\w/]+?)`", (ROOT / "SECURITY.md").read_text()))
    using = {
        path.relative_to(ROOT).with_suffix("").as_posix()
        for path in SOURCES
        if any(each.split(".")[0] in SECRETIVE for each in imported(path))
    }
    assert len(using) > 15
    assert sorted(each for each in using if not _is_told(each, told)) == []


def _is_told(module: str, told: set[str]) -> bool:
    return any(module == each or module.startswith(f"{each}/") for each in told)


def test_no_weak_hash_or_mode_is_named_in_the_code() -> None:
    weak = re.compile(r"\b(md5|sha1|SHA1|MD5|ECB|CBC|DES|RC4|PKCS1v15)\b")
    found = {
        path.relative_to(ROOT).as_posix(): names
        for path in SOURCES
        if (names := {n.attr for n in ast.walk(ast.parse(path.read_text()))
                      if isinstance(n, ast.Attribute) and weak.fullmatch(n.attr)})
    }  # fmt: skip
    assert found == {}


def test_no_key_is_weaker_than_128_bits() -> None:
    """RSA of 3,072 bits, P-256 and AES-256 are the least (NIST SP 800-57, part 1, table 2)."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    from wellpost.server.messaging.envelope import KEY_SIZE

    pem = server_settings.OAUTH2_PROVIDER["OIDC_RSA_PRIVATE_KEY"].encode()
    assert getattr(load_pem_private_key(pem, None), "key_size", 0) >= 3072
    assert KEY_SIZE * 8 == 256


def test_passwords_are_kept_by_argon2() -> None:
    (hasher,) = server_settings.PASSWORD_HASHERS
    assert hasher.endswith("Argon2PasswordHasher")


# The browser


def test_no_script_keeps_anything_in_the_browser() -> None:
    scripts = [
        each for each in (ROOT / "src/wellpost").rglob("static/**/*.js")
        if "vendor" not in each.parts
    ]  # fmt: skip
    assert len(scripts) > 2
    for each in scripts:
        assert not re.search(
            r"localStorage|sessionStorage|indexedDB|document\.cookie|innerHTML|postMessage|eval\(",
            each.read_text(),
        ), each.name
