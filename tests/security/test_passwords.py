"""What a password may be, and how it is changed."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from tests.server.conftest import PASSWORD
from wellpost.server.people.passwords import NotBreached

pytestmark = pytest.mark.django_db

NEW = "a completely different set of words"
ODD = [
    "Ünïcödé pässwörter sind gut", "пароль из нескольких слов", "          spaces around  ",
    "'; DROP TABLE people_user; --", "aB3$" * 16, "x y" * 40,
]  # fmt: skip


@pytest.mark.parametrize("password", ODD)
def test_any_characters_make_a_password(alice, password):
    validate_password(password, alice.user)
    alice.user.set_password(password)
    assert alice.user.check_password(password)


@pytest.mark.parametrize("password", ["q1w2e3r4t5y6", "1234567891011", "qwerty123456"])
def test_common_passwords_of_twelve_characters_are_refused(alice, password):
    with pytest.raises(ValidationError, match="too common"):
        validate_password(password, alice.user)


@pytest.mark.parametrize("words", ["Wellpost-Wellpost-1", "my doctor and patient", "{0} 2021 {0}!"])
def test_words_of_the_practice_and_the_product_alone_are_refused(alice, words):
    password = words.format(alice.practice.name)
    with pytest.raises(ValidationError, match="anybody would try here"):
        validate_password(password, alice.user)
    validate_password(f"{password} umbrella", alice.user)


KNOWN = ["correct horse battery", "umbrellas in the rain", "a third that was stolen"]


@pytest.fixture(params=["{0}", "{0}:3"])
def stolen(request, settings, tmp_path):
    """The operator's list, without and with counts: sorted hashes of many passwords."""
    many = [*KNOWN, *(f"password number {each}" for each in range(1000))]
    hashes = sorted(
        hashlib.sha1(each.encode(), usedforsecurity=False).hexdigest().upper() for each in many
    )
    file = tmp_path / "pwned.txt"
    file.write_text("\r\n".join(request.param.format(each) for each in hashes))
    settings.BREACHED_PASSWORDS = str(file)
    return many


def test_every_breached_password_is_found_and_no_other(alice, stolen):
    for each in stolen:
        with pytest.raises(ValidationError, match="known from a theft"):
            NotBreached().validate(each, alice.user)
    for number in range(1000):
        NotBreached().validate(f"nobody has this {number}", alice.user)


@pytest.mark.parametrize("content", [b"", b"\n", b"no hash at all\n", b"\xff\x00" * 50])
def test_a_list_that_holds_no_hash_finds_nothing(alice, settings, tmp_path, content):
    file = tmp_path / "odd"
    file.write_bytes(content)
    settings.BREACHED_PASSWORDS = str(file)
    NotBreached().validate(KNOWN[0], alice.user)


def test_a_password_is_taken_exactly_as_typed(alice):
    """No letter is changed, nothing is cut off, spaces at the ends count."""
    long = "Correct Horse " * 8
    alice.user.set_password(long)
    for other in (long.strip(), long.lower(), long[:72], long + " "):
        assert not alice.user.check_password(other)
    assert alice.user.check_password(long)


def _change(client: Client, old: str) -> None:
    path = reverse("account_change_password")
    client.post(path, {"oldpassword": old, "password1": NEW, "password2": NEW})


@pytest.fixture
def alices(alice) -> Client:
    client = Client()
    client.force_login(alice.user)
    return client


def test_a_password_is_changed_with_the_current_one_only(alice, alices):
    _change(alices, "a guess at the old one")
    alice.user.refresh_from_db()
    assert alice.user.check_password(PASSWORD)
    _change(alices, PASSWORD)
    alice.user.refresh_from_db()
    assert alice.user.check_password(NEW)


def test_fields_of_passwords_hide_what_is_typed_and_take_a_paste(alice, alices):
    for client, name in ((Client(), "account_login"), (alices, "account_change_password")):
        page = client.get(reverse(name)).content.decode()
        fields = re.findall(r"<input[^>]*name=\"[a-z]*password[0-9]?\"[^>]*>", page)
        assert fields
        for field in fields:
            assert 'type="password"' in field
            assert "onpaste" not in field
            assert 'autocomplete="off"' not in field
        assert len(fields) == len(re.findall(r"autocomplete=\"(?:current|new)-password\"", page))
