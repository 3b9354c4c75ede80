"""The table of rights: whole, explained, and the same on the page and in the documentation."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from tests.server.conftest import signed_in
from wellpost.server.people.models import Role
from wellpost.server.people.permissions import ALLOWED, may
from wellpost.server.people.reference import NAME, permissions_page
from wellpost.server.people.rights import GROUPS, RIGHTS, STANDINGS, Permission, Standing

PAGE = "/clinic/rights/"
REFERENCE = Path(__file__).parents[3] / "docs/reference" / NAME


def shown(client, user):
    page = signed_in(client, user).get(PAGE).content.decode()
    words = re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")])
    return re.sub(r"\s+", " ", unescape(words))


def test_every_permission_is_explained_once_and_somebody_has_it():
    assert [each.permission for each in RIGHTS if each.held_by] == list(
        dict.fromkeys(each.permission for each in RIGHTS)
    )
    assert {each.permission for each in RIGHTS} == set(Permission)
    assert len({str(each.says) for each in RIGHTS}) == len(RIGHTS)


def test_every_standing_is_called_something_and_every_role_is_one():
    assert set(STANDINGS) == set(Standing)
    assert {each.value for each in Role} == {str(each) for each in list(Standing)[:4]}
    assert [str(STANDINGS[Standing(each.value)]) for each in Role] == [str(r.label) for r in Role]


def test_what_is_decided_is_what_the_table_says():
    said = {(who, each.permission) for each in RIGHTS for who in each.held_by}
    assert said == {(who, each) for who, some in ALLOWED.items() for each in some}


@pytest.mark.parametrize("who", ["dr_chen", "sam_staff", "rita_reporter", "ada_admin"])
def test_the_page_says_what_its_reader_may(request, client, practice, who):
    found = request.getfixturevalue(who)
    user = getattr(found, "user", found)
    page = shown(client, user)
    for each in (right for group in GROUPS for right in group.rights):
        rest = page[page.index(str(each.says)) + len(str(each.says)) :]
        answer = re.match(r".*? (Yes|No)\b", rest).group(1)
        assert (answer == "Yes") is may(user, each.permission, practice), each.permission


def test_the_documentation_is_what_the_table_says():
    assert REFERENCE.read_text() == permissions_page(), (
        "docs/reference/permissions.md is stale: python -m wellpost.server.people.reference"
    )
