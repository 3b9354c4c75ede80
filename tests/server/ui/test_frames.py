"""The frame every page stands in, and the pages of errors."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from tests.server.conftest import signed_in
from wellpost.server import config, people, ui
from wellpost.server.config import urls
from wellpost.server.people.permissions import NotAllowed

TEMPLATES = [
    file
    for room in (ui, people, config)
    for file in Path(room.__path__[0]).glob("templates/**/*.html")
]


def failing(error):
    def view(request):
        raise error

    return view


urlpatterns = [
    *urls.urlpatterns,
    path("bad/", failing(BadRequest())),
    path("denied/", failing(PermissionDenied())),
    path("not-allowed/", failing(NotAllowed())),
    path("broken/", failing(ZeroDivisionError())),
    path("form/", lambda request: HttpResponse()),
]


@pytest.fixture
def pages(settings):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("place", "status", "words"),
    [
        ("/bad/", 400, "Nothing was changed"),
        ("/denied/", 403, "Your account cannot do this"),
        ("/no-such-page/", 404, "not yours to see"),
        ("/broken/", 500, "It is our fault"),
    ],
)
def test_each_error_has_a_page_that_says_what_now(pages, db, place, status, words):
    answer = pages.get(place)
    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert answer["X-Request-ID"]


def test_what_is_not_allowed_looks_as_what_does_not_exist(pages, alice):
    signed_in(pages, alice.user)
    hidden, missing = pages.get("/not-allowed/"), pages.get("/no-such-page/")
    assert hidden.status_code == missing.status_code == 404
    assert without_numbers(hidden) == without_numbers(missing)


def without_numbers(answer):
    text = answer.content.decode()
    return re.sub(r'[0-9a-f]{32}|value="\w{64}"', "", text)


def test_a_form_without_its_token_is_refused_with_a_way_back(settings, alice):
    settings.ROOT_URLCONF = __name__
    client = signed_in(Client(enforce_csrf_checks=True), alice.user)
    answer = client.post("/form/", {"body": "x"})
    assert answer.status_code == 403
    assert "open too long" in answer.content.decode()


def without_data(text):
    """Without blocks of JSON, which no browser runs and nobody reads."""
    return re.sub(
        r'<script[^>]*type="application/json"[^>]*>.*?</script>', "", text, flags=re.DOTALL
    )


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_no_template_has_script_or_style_in_line(file):
    text = without_data(file.read_text())
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", text)


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_every_word_of_a_template_can_be_translated(file):
    text = without_data(file.read_text())
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", text, flags=re.DOTALL)
    text = re.sub(r"{% blocktrans.*?{% endblocktrans\w* %}", "", text, flags=re.DOTALL)
    text = re.sub(r"{[%{].*?[%}]}|<[^>]*>|Wellpost|·", " ", text, flags=re.DOTALL)
    assert not re.search(r"[A-Za-z]{3,}", text)


def test_a_page_has_its_landmarks_and_a_way_past_the_navigation(client, db):
    text = client.get("/account/login/").content.decode()
    assert 'href="#content"' in text
    assert text.count("<main") == text.count("<h1") == text.count("<footer") == 1
    assert 'role="status"' in text


def test_the_navigation_leads_only_where_one_may(client, dr_chen, rita_reporter, ada_admin):
    def places(user):
        text = signed_in(Client(), user).get("/clinic/measures/").content.decode()
        inside = text.split('aria-label="Main"')[1].split("</nav>")[0]
        return set(re.findall(r">([A-Z]\w+)</a>", inside))

    assert {"Messages", "Patients", "Measures"} <= places(dr_chen.user)
    assert "People" not in places(dr_chen.user)
    assert "Messages" not in places(rita_reporter)
    assert {"People", "Activity"} <= places(ada_admin)
