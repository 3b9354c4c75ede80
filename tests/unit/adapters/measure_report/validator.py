"""Medplum's FHIR validator, run in Chromium: what somebody else's code says of our resources."""

from __future__ import annotations

import gzip
import html
import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.worlds.waiting import HUNG

DATA = Path(__file__).parents[3] / "data/medplum"
DEFINITIONS = ("definitions.json.gz", "record.json.gz", "messages.json.gz")
PAGE = """<!doctype html><meta charset="utf-8"><body><pre id="found">not run</pre>
<script src="core.js"></script><script src="given.js"></script><script>
definitions.forEach((each) => core.indexStructureDefinitionBundle(each));
const judge = (resource) => {
  try { return core.validateResource(resource).filter((each) => each.severity === "error"); }
  catch (refused) { return refused.outcome ? refused.outcome.issue : [String(refused)]; }
};
document.getElementById("found").textContent = JSON.stringify(resources.map(judge));
</script>"""


def issues(resources: Sequence[dict[str, Any]], folder: Path) -> list[list[Any]]:
    """For each resource, what the validator finds wrong."""
    (folder / "core.js").write_text(_core())
    texts = [gzip.decompress((DATA / name).read_bytes()).decode() for name in DEFINITIONS]
    definitions = f"[{','.join(texts)}]"
    given = f"const definitions = {definitions};\nconst resources = {json.dumps(resources)};"
    (folder / "given.js").write_text(given)
    (folder / "page.html").write_text(PAGE)
    found = re.search(r'<pre id="found">(.*?)</pre>', _shown(folder / "page.html"), re.S)
    assert found, "the browser showed no page"
    return json.loads(html.unescape(found[1]))


def _core() -> str:
    """The module as a script: what it exports becomes `core`."""
    text = gzip.decompress((DATA / "core.mjs.gz").read_bytes()).decode()
    start = text.rindex("export{")
    names = dict(
        re.findall(r"([\w$]+) as (validateResource|indexStructureDefinitionBundle)\b", text)
    )
    exported = ",".join(f"{public}:{private}" for private, public in names.items())
    return f"const core = (() => {{ {text[:start]}; return {{{exported}}}; }})();"


def _shown(page: Path) -> str:
    # Without a window it has a third less to do.
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert chromium, "The validator runs in Chromium. Run: sudo apt-get install chromium"
    flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={page.parent}/user"]
    return subprocess.run(
        [chromium, *flags, "--dump-dom", page.as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=2 * HUNG,
    ).stdout
