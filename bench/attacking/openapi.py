"""The CapabilityStatement said again as OpenAPI, which Schemathesis reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]

JSON = "application/fhir+json"
SAMPLES = {
    "token": ["http://loinc.org|8867-4", "8867-4", "final", "|x", "http://loinc.org|"],
    "date": ["2020", "ge2020-01-01", "lt2030-01-01T00:00:00Z", "eq2020-13", "ap2020"],
    "reference": ["Patient/1", "1", "Practitioner/x", "https://elsewhere.example/Patient/1"],
    "string": ["a", "Müller", "%", "_", "'"],
    "uri": ["http://example.org", "urn:uuid:1"],
    "number": ["1", "ge1.5"],
}
REFUSALS = ("400", "401", "403", "404", "405", "406", "409", "410", "412", "413", "415", "422")


def openapi(statement: Mapping[str, Any], server: str) -> Json:
    """Every interaction that the statement names, as a path."""
    paths: dict[str, Json] = {}
    for each in statement["rest"][0]["resource"]:
        for path, method, operation in _operations(each):
            paths.setdefault(path, {})[method] = operation
    return {
        "openapi": "3.0.3",
        "info": {"title": statement["title"], "version": statement["version"]},
        "servers": [{"url": server}],
        "paths": paths,
    }


def _operations(stated: Mapping[str, Any]) -> Iterator[tuple[str, str, Json]]:
    kind = stated["type"]
    codes = {each["code"] for each in stated["interaction"]}
    one = [_in_path("id")]
    if "search-type" in codes:
        yield f"/{kind}", "get", _operation(_searched(stated), "Bundle")
        yield f"/{kind}/_search", "post", _by_form(_searched(stated))
    if "read" in codes:
        yield f"/{kind}/{{id}}", "get", _operation(one, kind)
    if "create" in codes:
        yield f"/{kind}", "post", _with_body([], kind, "201")
    if "update" in codes:
        yield f"/{kind}/{{id}}", "put", _with_body(one, kind, "200")
    for each in stated.get("operation", ()):
        yield from _named(kind, each["name"])


def _named(kind: str, name: str) -> Iterator[tuple[str, str, Json]]:
    """The operations that are called on one resource; `$options` is asked of the kind."""
    if name == "options":
        yield f"/{kind}/$options", "get", _operation([_in_query("patient", "reference")], "Bundle")
        return
    asked = [_in_query(each, "date") for each in ("start", "end", "periodStart", "periodEnd")]
    more = [_in_query(each, "token") for each in ("reportType", "practitioner", "subject")]
    made = _operation([_in_path("id"), *asked, *more], "")
    yield f"/{kind}/{{id}}/${name}", "get", made


def _searched(stated: Mapping[str, Any]) -> list[Json]:
    found = [_in_query(each["name"], each["type"]) for each in stated.get("searchParam", ())]
    return [*found, _in_query("_count", "number"), _in_query("_sort", "string")]


def _in_query(name: str, kind: str) -> Json:
    samples = {"anyOf": [{"type": "string"}, {"type": "string", "enum": SAMPLES[kind]}]}
    return {"name": name, "in": "query", "required": False, "schema": samples}


def _in_path(name: str) -> Json:
    samples: Json = {"type": "string", "minLength": 1, "maxLength": 80}
    return {"name": name, "in": "path", "required": True, "schema": samples}


def _operation(parameters: list[Json], kind: str, done: str = "200") -> Json:
    return {"parameters": parameters, "responses": _responses(kind, done)}


def _by_form(parameters: list[Json]) -> Json:
    fields = {each["name"]: {"type": "string"} for each in parameters}
    schema = {"type": "object", "properties": fields, "additionalProperties": {"type": "string"}}
    form = {"application/x-www-form-urlencoded": {"schema": schema}}
    return {**_operation([], "Bundle"), "requestBody": {"content": form}}


def _with_body(parameters: list[Json], kind: str, done: str) -> Json:
    """Anything at all that is an object; now and then of the right kind."""
    right = {"resourceType": {"type": "string", "enum": [kind]}}
    schema = {"type": "object", "properties": right, "required": ["resourceType"]}
    body = {"content": {JSON: {"schema": schema}}, "required": True}
    return {**_operation(parameters, kind, done), "requestBody": body}


def _responses(kind: str, done: str) -> Json:
    good = {"type": "object", "required": ["resourceType"]}
    bad = {**good, "properties": {"resourceType": {"enum": ["OperationOutcome"]}}}
    if kind:
        good = {**good, "properties": {"resourceType": {"type": "string"}}}
    found = {each: _content(bad) for each in REFUSALS}
    return {
        done: _content(good),
        "200": _content(good),
        "304": {"description": "as it was"},
        **found,
    }


def _content(schema: Json) -> Json:
    return {"description": "an answer", "content": {JSON: {"schema": schema}}}
