"""Base types of the machine API: strict request bodies and described responses."""

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from ninja import Schema
from pydantic import ConfigDict, Field
from pydantic.fields import FieldInfo

type Flag = Annotated[bool, Field(strict=True)]
"""A JSON boolean; "yes" and 1 are refused."""
type Whole = Annotated[int, Field(strict=True)]
"""A JSON integer; "7", 7.0 and true are refused."""
type Id = Annotated[int, Field(strict=True, ge=1, lt=2**63)]
"""The primary key of a row."""


def listed(values: Iterable[object]) -> FieldInfo:
    """Describe the possible values of a response field, for ``Annotated``."""
    info: FieldInfo = Field(json_schema_extra={"enum": [str(value) for value in values]})
    return info


def file_answer(media_type: str) -> dict[str, Any]:
    """Describe an operation that returns a file (``openapi_extra`` of a route)."""
    content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    return {"responses": {200: {"content": content}}}


class Body(Schema):
    """Base of everything that comes in as JSON: a field that is not described is refused (422), never ignored."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
