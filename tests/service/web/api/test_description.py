"""The description is valid OpenAPI 3.1 and complete for generated clients."""

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from schemathesis.specs.openapi import definitions

from waybillguard.service.identity.devices.messages import spoken_schemas
from waybillguard.service.print_room.runs.services import FILE_KINDS
from waybillguard.service.vault.models import OrderState
from waybillguard.service.web.api.description import TAGS, described
from waybillguard.service.web.api.routes import api
from waybillguard.service.web.api.schemas import FileKind


@pytest.fixture(scope="module", name="description")
def published() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(
        json.dumps(described(dict(api.get_openapi_schema(path_prefix="/api/v1"))))
    )
    return made


def operation(description: dict[str, Any], verb: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = description["paths"][f"/api/v1{path}"][verb]
    return found


def references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from references(one)


def test_it_is_valid_openapi(description: dict[str, Any]) -> None:
    assert list(definitions.OPENAPI_31_VALIDATOR.iter_errors(description)) == []
    named = {f"#/components/schemas/{name}" for name in description["components"]["schemas"]}
    assert set(references(description)) <= named


def test_names_of_the_agents_messages_are_no_others() -> None:
    generated = api.get_openapi_schema(path_prefix="/api/v1")["components"]["schemas"]
    assert not generated.keys() & spoken_schemas().keys()


def test_every_operation_has_a_tag_and_a_readable_name_of_its_own(description: dict[str, Any]) -> None:
    every = [one for verbs in description["paths"].values() for one in verbs.values()]
    assert (
        {tag for one in every for tag in one["tags"]} == set(TAGS) == {t["name"] for t in description["tags"]}
    )
    names = [one["operationId"] for one in every]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) < 24


def test_files_are_described_as_bytes(description: dict[str, Any]) -> None:
    for path, media_type in (
        ("/label-runs/{run_id}/file", "application/octet-stream"),
        ("/notice-answers/{answer_id}/files", "application/zip"),
    ):
        content = operation(description, "get", path)["responses"]["200"]["content"]
        assert content == {media_type: {"schema": {"type": "string", "format": "binary"}}}
    upload = operation(description, "post", "/imports")["requestBody"]["content"]["multipart/form-data"]
    assert upload["schema"]["properties"]["file"]["format"] == "binary"


def test_a_device_reads_what_it_may_send_and_what_comes_back(description: dict[str, Any]) -> None:
    lease = operation(description, "post", "/devices/lease")
    assert lease["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/LeaseRequest")
    assert lease["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/Leased")
    assert description["components"]["schemas"]["LeaseRequest"]["additionalProperties"] is False


@pytest.mark.parametrize("path", ["/orders/seal", "/orders/state"])
def test_changes_that_may_be_sent_again_describe_their_key(path: str, description: dict[str, Any]) -> None:
    (header,) = operation(description, "post", path)["parameters"]
    assert (header["in"], header["name"], header["required"]) == ("header", "Idempotency-Key", False)
    assert "7 days" in header["description"]


def test_values_of_a_closed_set_are_listed(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    assert schemas["OrderOut"]["properties"]["state"]["enum"] == OrderState.values
    assert schemas["FileKind"]["enum"] == list(FILE_KINDS) == list(get_args(FileKind.__value__))
    assert schemas["RunOut"]["properties"]["state"]["enum"]
