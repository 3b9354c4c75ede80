"""Every command of docs/how-to/deploy.md, run or checked.

Run here as they stand, with the guide's places put into a folder of the test and SQLite in place
of its PostgreSQL: all commands of Wellpost and of curl. The SQL runs on a PostgreSQL. The unit is
checked by `systemd-analyze verify`; nginx stands with the guide's file before that server, where
it is installed (`make nightly` does so); what pip installs is made and looked into. Not run:
apt-get, adduser and venv (they change the machine; `make setup` does the same), and systemctl and
journalctl, which need a running systemd: only their form is looked at.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.server.upkeep.machine import ON_SQLITE, Machine
from tests.worlds.waiting import HUNG, free_port
from wellpost.cli.main import build_parser
from wellpost.server.config.uploads import BESIDE

GUIDE = Path(__file__).parents[3] / "docs/how-to/deploy.md"
BLOCK = re.compile(r"^```(\w+) ?([\w.-]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
KNOWN = {
    ("sh", "root"), ("sql", ""), ("ini", "env"), ("sh", "server"), ("ini", "wellpost.service"),
    ("ini", "wellpost-listen.service"),
    ("nginx", ""), ("sh", "asked"), ("sh", "restored"),
}  # fmt: skip
UNITS = ("wellpost.service", "wellpost-listen.service")
NOT_RUN = {"apt-get", "adduser", "python3.11", "/opt/wellpost/bin/pip", "systemctl", "journalctl"}


def blocks(language, what=""):
    found = BLOCK.findall(GUIDE.read_text())
    return [text for kind, of, text in found if (kind, of) == (language, what)]


def commands(what):
    return [line for text in blocks("sh", what) for line in text.splitlines()]


def test_every_block_is_of_a_kind_that_is_tried():
    found = BLOCK.findall(GUIDE.read_text())
    assert GUIDE.read_text().count("```") == 2 * len(found)
    assert {(kind, of) for kind, of, _ in found} == KNOWN


def test_what_is_not_run_is_what_is_said_not_to_be():
    assert {shlex.split(line)[0] for line in commands("root")} == NOT_RUN | {"nginx"}


def test_every_command_of_wellpost_is_one_that_there_is():
    units = "".join(blocks("ini", each)[0] for each in UNITS)
    begun = re.findall(r"ExecStart=\S+/(wellpost .*)", units)
    for line in [*begun, *commands("server"), *commands("restored")]:
        program, *words = shlex.split(line)
        assert program == "wellpost"
        build_parser().parse_args(words)


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def served(tmp_path, port, first_machine):
    """The server, as the unit starts it, with the guide's settings but its database."""
    settings = dict(line.split("=", 1) for line in blocks("ini", "env")[0].splitlines())
    for name in ("WELLPOST_HOME", "WELLPOST_DATABASE", "WELLPOST_MAIL"):
        del settings[name]
    (tmp_path / "passphrase").write_text("six words drawn by lot here\n")
    machine = Machine(first_machine.home, settings)
    words = shlex.split(re.search(r"serve (.*)", blocks("ini", "wellpost.service")[0])[1])
    words = ["1" if each == "2" else each.replace("8000", str(port)) for each in words]
    process = machine.start("serve", *words)
    yield machine
    process.terminate()
    process.communicate(timeout=HUNG)


@ON_SQLITE
@pytest.mark.django_db(transaction=True)
def test_the_commands_on_a_server_run_one_after_another(served, port, tmp_path):
    def here(line):
        return shlex.split(line.replace("/srv/wellpost", str(tmp_path)))[1:]

    for line in commands("asked"):
        answer = _asked(line.replace("8000", str(port)))
        assert answer in {'{"status": "live"}', '{"status": "ready"}'}
    for line in commands("server"):
        done = served.run(*here(line))
        assert done.returncode == 0, f"{line}: {done.stderr}"
    elsewhere = Machine(tmp_path / "elsewhere", served.variables)
    for line in commands("restored"):
        done = elsewhere.run(*here(line))
        assert done.returncode == 0, f"{line}: {done.stdout} {done.stderr}"
        for key in (served.home / "keys").glob("*.key"):  # "put back", as the guide says
            shutil.copy2(key, elsewhere.home / "keys")


def _asked(line):
    for _ in range(240):
        done = subprocess.run(shlex.split(line), capture_output=True, text=True, check=False)
        if done.returncode == 0:
            break
        time.sleep(0.5)
    return done.stdout


def test_the_role_and_its_database_can_be_made(postgresql):
    import psycopg

    with psycopg.connect(postgresql, autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS wellpost")
        server.execute("DROP ROLE IF EXISTS wellpost")
        for statement in blocks("sql")[0].strip().split("\n"):
            server.execute(statement)
        role = server.execute("SELECT rolsuper FROM pg_roles WHERE rolname = 'wellpost'")
        assert role.fetchone() == (False,)
        server.execute("DROP DATABASE wellpost")
        server.execute("DROP ROLE wellpost")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
@pytest.mark.parametrize("name", UNITS)
def test_systemd_reads_the_unit(tmp_path, name):
    text = blocks("ini", name)[0]
    unit = tmp_path / name
    unit.write_text(text.replace("/opt/wellpost/bin/wellpost", sys.executable))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", str(unit)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert name not in done.stderr, done.stderr
    assert done.returncode == 0, done.stderr


WITH_NGINX = pytest.mark.skipif(
    not shutil.which("nginx"), reason="nginx is not installed; make nightly installs it"
)
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@pytest.fixture
def proxy(tmp_path, port):
    """The words that start nginx by the guide's file, for the server on `port`; its two ports."""
    plain, tls = free_port(), free_port()
    text = blocks("nginx")[0].replace("/etc/ssl/wellpost", str(tmp_path))
    for theirs, ours in (("listen 80", plain), ("listen 443", tls), (":8000", port)):
        text = text.replace(theirs, f"{theirs.rstrip('0123456789')}{ours}")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=example",
         "-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "chain.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    places = [f"{each}_temp_path {tmp_path}/{each};" for each in TEMPORARY]
    whole = f"pid {tmp_path}/pid; error_log stderr; daemon off; events {{}} http {{ access_log off;"
    (tmp_path / "nginx.conf").write_text("\n".join([whole, *places, text, "}"]))
    return ["nginx", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")], plain, tls


@WITH_NGINX
def test_nginx_reads_the_proxys_file(proxy):
    done = subprocess.run([*proxy[0], "-t"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@ON_SQLITE
@WITH_NGINX
@pytest.mark.django_db(transaction=True)
def test_people_come_in_through_the_proxy(served, proxy):
    words, plain, tls = proxy
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as process:
        led = _through(plain, "http", "/account/login/")
        page = _through(tls, "https", "/account/login/")
        process.terminate()
    assert "301" in led.splitlines()[0]
    assert "location: https://mail.example.org/account/login/" in led
    assert "200" in page.splitlines()[0], page
    assert "strict-transport-security" in page
    assert "set-cookie: __host-" in page


def _through(port, scheme, path):
    """The head of what is answered, in small letters."""
    name = "mail.example.org"
    return _asked(
        f"curl --fail --silent --insecure --head --request GET --noproxy '*' "
        f"--resolve {name}:{port}:127.0.0.1 {scheme}://{name}:{port}{path}"
    ).lower()


def test_the_proxy_lets_pass_what_the_server_takes(settings):
    most = int(re.search(r"client_max_body_size (\d+)m;", blocks("nginx")[0])[1]) << 20
    assert most >= settings.HOME_FILE_BYTES + BESIDE
    assert most >= (settings.MESSAGE_FILES + 1) * settings.MESSAGE_FILE_BYTES + BESIDE


def test_the_proxy_says_what_the_settings_trust():
    proxy, env = blocks("nginx")[0], blocks("ini", "env")[0]
    assert "WELLPOST_PROXIES=1" in env
    for header in ("Host $host", "X-Forwarded-For $remote_addr", "X-Forwarded-Proto $scheme"):
        assert f"proxy_set_header {header};" in proxy


def test_what_pip_installs_is_all_of_it(tmp_path):
    """Templates, rules and SQL too: what is left out is missed on another machine alone."""
    root = Path(__file__).parents[3]
    for each in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy2(root / each, tmp_path)
    for each in ("src", "requirements"):
        shutil.copytree(root / each, tmp_path / each, ignore=shutil.ignore_patterns(*NOT_OURS))
    words = ["wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir"]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, *words, tmp_path / "made", tmp_path], check=True, capture_output=True)
    (wheel,) = (tmp_path / "made").glob("*.whl")
    ours = {str(each.relative_to(root / "src")) for each in (root / "src").rglob("*")
            if each.is_file() and not any(part in each.parts for part in NOT_OURS)}  # fmt: skip
    ours = {each for each in ours if ".egg-info/" not in each}
    assert ours - set(ZipFile(wheel).namelist()) == set()


NOT_OURS = ("__pycache__", "*.egg-info")
