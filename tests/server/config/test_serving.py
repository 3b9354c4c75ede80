"""`wellpost serve`: what it refuses, and that it starts, answers and stops."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.worlds.waiting import HUNG, free_port
from wellpost.errors import RequestError
from wellpost.server.config.serving import Listening

MAIN = "import sys; from wellpost.cli.main import main; sys.exit(main())"


@pytest.fixture
def environment(tmp_path):
    kept = {name: value for name, value in os.environ.items() if "WELLPOST" not in name}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return {**kept, "WELLPOST_HOME": str(tmp_path)}


@pytest.fixture
def at_home(environment, tmp_path, empty_database):
    """The same, with the tables there already."""
    empty_database(tmp_path / "wellpost.sqlite3")
    return environment


@pytest.fixture
def checked(environment):
    def check(**variables):
        return subprocess.run(
            [sys.executable, "-c", MAIN, "serve", "--check"],
            env={**environment, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    return check


def test_the_settings_of_one_machine_are_in_order(checked):
    done = checked()
    assert (done.returncode, done.stdout) == (0, "the settings are in order.\n")


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"WELLPOST_SECRET_KEY": "short"}, "WELLPOST_SECRET_KEY has 5 characters"),
        ({"WELLPOST_ADDRESS": "http://mail.example.org"}, "sign-in needs https://"),
        ({"WELLPOST_HOSTS": "*"}, "WELLPOST_HOSTS must hold localhost"),
        ({"WELLPOST_DEBUG": "1"}, "WELLPOST_DEBUG shows data"),
        ({"WELLPOST_STAFF_IDLE_MINUTES": "soon"}, "write a whole number like 15"),
        ({"WELLPOST_MAIL": "mail.example.org"}, "WELLPOST_MAIL does not name a mail server"),
    ],
)
def test_what_is_not_safe_to_serve_with_is_refused(checked, variables, sentence):
    done = checked(**variables)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("address", ["8000", "localhost", "localhost:", "localhost:99999"])
def test_an_address_that_cannot_be_read_is_refused(address):
    with pytest.raises(RequestError, match=r"write it like 127\.0\.0\.1:8000"):
        Listening.at(address, 1, None, None)


def test_a_certificate_without_its_key_is_refused():
    with pytest.raises(RequestError, match="give both"):
        Listening.at("127.0.0.1:8000", 1, "certificate.pem", None)


def test_it_starts_answers_and_stops(at_home):
    port = free_port()
    served = subprocess.Popen(
        [sys.executable, "-c", MAIN, "serve", "--address", f"127.0.0.1:{port}"],
        env={**at_home, "WELLPOST_ADDRESS": f"http://localhost:{port}"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert "Set up this server" in answer_of(f"http://localhost:{port}/account/login/")
        assert answer_of(f"http://127.0.0.1:{port}/health/") == '{"status": "ready"}'
    finally:
        served.send_signal(signal.SIGTERM)
        said = served.communicate(timeout=HUNG)[1]
    assert served.returncode == 0
    assert "stopped." in said
    assert "/set-up/\nwith this code" in said


def answer_of(address):
    for _ in range(240):
        try:
            with urllib.request.urlopen(address, timeout=HUNG) as answer:  # noqa: S310 - our own
                return answer.read().decode()
        except OSError:  # nobody listens yet, or the answer takes longer on a busy machine
            time.sleep(0.5)
    return ""


def test_a_practice_is_set_up_once_with_an_administrator(at_home):
    words = ["practice", "Shore Clinic", "--tin", "900000001", "--time-zone", "America/New_York"]
    person = ["--email", "ada@example.org", "--administrator", "Ada Moss"]

    def set_up(password):
        return subprocess.run(
            [sys.executable, "-c", MAIN, *words, *person],
            env=at_home,
            input=password + "\n",
            capture_output=True,
            text=True,
            check=False,
        )

    assert "at least 12 characters" in set_up("short").stderr
    done = set_up("a long way to Tipperary")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Shore Clinic is set up" in done.stdout
    again = set_up("a long way to Tipperary")
    assert again.returncode == 2
    assert "A practice with tin 900000001 is there already: Shore Clinic." in again.stderr


def test_an_administrator_is_appointed_for_a_practice_that_is_there(at_home):
    def practice(*words, password=""):
        return subprocess.run(
            [sys.executable, "-c", MAIN, "practice", "--administrator", "Ada Moss", *words],
            env=at_home,
            input=password + "\n",
            capture_output=True,
            text=True,
            check=False,
        )

    shore, ada = ("--tin", "900000001"), ("--email", "ada@example.org")
    nowhere = practice(*shore, *ada)
    assert nowhere.returncode == 2
    assert "To set it up, give its NAME and --time-zone too." in nowhere.stderr
    zone = ("Shore Clinic", "--time-zone", "America/New_York")
    assert practice(*shore, *ada, *zone, password="a long way to Tipperary").returncode == 0
    second = practice(*shore, "--email", "ben@example.org", password="it is a long way to go")
    assert "Shore Clinic has a new administrator." in second.stdout
    again = practice(*shore, *ada)
    assert "This address is an administrator's of that practice already." in again.stderr
