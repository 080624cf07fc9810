"""Every described operation refuses undescribed input, without side effects."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import msgspec
import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from support.devices import Keys, enrolled

from waybillguard.service.identity.models import ShellToken
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.web.api.description import described
from waybillguard.service.web.api.routes import api

pytestmark = pytest.mark.usefixtures("no_keyd")

PREFIX = "/api/v1"
UNTOUCHED_BUT = {"identity_devicenonce"}
"""Tables that a signed call changes even if it is refused."""
STRANGE = "nobody_knows_this"


class Caller:
    """Calls operations as the owner, or signed by an enrolled device where the description asks for that."""

    def __init__(self, secret: str, keys: Keys, reporting: Keys) -> None:
        self.secret, self.keys, self.reporting = secret, keys, reporting

    def __call__(
        self, verb: str, path: str, operation: dict[str, Any], *, query: str = "", **about: Any
    ) -> Any:
        cache.clear()  # the walk would exceed the rate limits
        address = PREFIX + path + query
        headers = {"authorization": f"Bearer {self.secret}"}
        if "DeviceAuth" in str(operation.get("security")):
            keys = self.reporting if path.startswith("/town/") else self.keys
            headers = keys.headers(address, about.get("data", b""))
        return Client().generic(verb.upper(), address, headers=headers, **about)


@pytest.fixture
def call(warehouse: SimpleNamespace) -> Caller:
    with scope(tenant=warehouse.tenant):
        keys = enrolled(warehouse.owner)[1]
        reporting = enrolled(warehouse.owner, station="甲仓", kind="warehouse")[1]
    return Caller(ShellToken.issue(warehouse.owner, "test", timezone.now())[0], keys, reporting)


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, verbs in DESCRIPTION["paths"].items():
        for verb, operation in verbs.items():
            yield verb, path.removeprefix(PREFIX), operation


DESCRIPTION = described(dict(api.get_openapi_schema(path_prefix=PREFIX)))


def rows() -> dict[str, int]:
    with scopes_disabled():
        return {
            model._meta.db_table: model._base_manager.count()
            for model in apps.get_models()
            if model._meta.db_table not in UNTOUCHED_BUT
        }


def body_schema(operation: dict[str, Any]) -> dict[str, Any]:
    """Return the resolved schema of the JSON body; empty if the operation takes none."""
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    return DESCRIPTION["components"]["schemas"][name] if name else schema


def filled(path: str) -> str:
    """Return the path with 1 for each of its parameters."""
    return re.sub(r"{\w+}", "1", path)


def refused(answer: Any, *place: object) -> None:
    assert answer.status_code == 422, (*place, answer.status_code, answer.content)
    assert answer.headers["Content-Type"] == "application/problem+json", place
    assert answer.json()["detail_zh"], place


def sent(value: object) -> dict[str, Any]:
    return {"data": msgspec.json.encode(value), "content_type": "application/json"}


def test_an_unknown_field_or_parameter_is_refused_everywhere_and_nothing_is_done(call: Caller) -> None:
    before = rows()
    walked = 0
    for verb, path, operation in operations():
        walked += 1
        address = filled(path)
        schema = body_schema(operation)
        if schema:
            answer = call(verb, address, operation, **sent({STRANGE: 1}))
            refused(answer, verb, path)
            if "DeviceAuth" not in str(operation.get("security")) and path != "/devices/enrol":
                assert f"body.body.{STRANGE}" in answer.json()["fields"], (verb, path)
        elif "requestBody" not in operation and verb != "get":
            refused(call(verb, address, operation, **sent({STRANGE: 1})), verb, path)
        if not schema:
            answer = call(verb, address, operation, query=f"?{STRANGE}=1")
            refused(answer, verb, path)
            if path != "/imports":  # a file is missing there too
                assert answer.json()["fields"] == [f"query.{STRANGE}"], (verb, path)
    assert walked == len(list(operations())) > 40
    assert rows() == before


def wrong(schema: dict[str, Any]) -> list[object]:
    """Return values of types that the schema does not accept."""
    taken = str(schema)
    return [value for name, value in (("object", {STRANGE: 1}), ("boolean", True)) if name not in taken] or [
        5
    ]


def test_a_value_of_another_type_is_refused_everywhere_and_nothing_is_done(call: Caller) -> None:
    before = rows()
    tried = 0
    for verb, path, operation in operations():
        address = filled(path)
        for name, schema in body_schema(operation).get("properties", {}).items():
            for value in wrong(resolved(schema)):
                tried += 1
                refused(call(verb, address, operation, **sent({name: value})), verb, path, name, value)
        for parameter in operation["parameters"]:
            if parameter["in"] == "path":
                tried += 1
                refused(call(verb, address.replace("/1", "/one"), operation), verb, path)
            elif parameter["in"] == "query" and "enum" in str(resolved(parameter["schema"])):
                tried += 1
                refused(call(verb, address, operation, query=f"?{parameter['name']}=nonsense"), verb, path)
        if body_schema(operation):
            refused(call(verb, address, operation, **sent([1])), verb, path, "a list")
    assert tried > 100
    assert rows() == before


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a property's schema with what it refers to beside it."""
    parts = [schema, *schema.get("anyOf", ()), *schema.get("allOf", ())]
    named = [str(part["$ref"]).rpartition("/")[2] for part in parts if "$ref" in part]
    return {**schema, "referred": [DESCRIPTION["components"]["schemas"][name] for name in named]}


def test_a_parameter_that_comes_twice_is_refused(call: Caller) -> None:
    answer = call("get", "/orders", {}, query="?lane=A&lane=B")
    refused(answer)
    assert answer.json()["fields"] == ["query.lane"]


def test_labels_are_asked_for_by_name_or_all_by_their_word(call: Caller) -> None:
    before = rows()
    for body in ({}, {"orders": None}, {"all": False}, {"orders": ["S1"], "all": True}, {"orders": []},
                 {"all": "true"}, {"all": 1}):  # fmt: skip
        refused(call("post", "/label-runs", {}, **sent(body)), body)
    assert rows() == before


def test_an_unknown_field_of_a_form_is_refused(
    call: Caller, sealing: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeydClient, "call", sealing.caller(sealing.operations(tmp_path), []))
    before = rows()
    answer = Client().post(
        "/api/v1/imports", {"file": SimpleUploadedFile("orders.csv", b"a,b\n1,2\n"), STRANGE: "1"},
        headers={"authorization": f"Bearer {call.secret}"},
    )  # fmt: skip
    refused(answer)
    assert answer.json()["fields"] == [f"form.{STRANGE}"]
    assert rows() == before
