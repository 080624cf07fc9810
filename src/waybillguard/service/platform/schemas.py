"""Base shapes of the machine API: what comes in is read strictly, what goes out is described."""

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from ninja import Schema
from pydantic import ConfigDict, Field
from pydantic.fields import FieldInfo

type Flag = Annotated[bool, Field(strict=True)]
"""True or false in JSON; "yes" and 1 are neither."""
type Whole = Annotated[int, Field(strict=True)]
"""A whole number in JSON; "7", 7.0 and true are none."""
type Id = Annotated[int, Field(strict=True, ge=1, lt=2**63)]
"""The number of a row."""


def listed(values: Iterable[object]) -> FieldInfo:
    """Describe the values that an answer may have there, for ``Annotated``."""
    info: FieldInfo = Field(json_schema_extra={"enum": [str(value) for value in values]})
    return info


def file_answer(media_type: str) -> dict[str, Any]:
    """Describe an operation that answers a file (``openapi_extra`` of a route)."""
    content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    return {"responses": {200: {"content": content}}}


class Body(Schema):
    """Base of everything that comes in as JSON: a field that is not described is refused (422), never ignored."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
