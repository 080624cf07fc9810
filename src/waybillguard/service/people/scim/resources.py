"""SCIM resources: the few attributes of people and groups that the warehouse stores."""

from typing import Annotated, Any, Final

from pydantic import Field
from scim2_models import (
    CaseExact,
    ComplexAttribute,
    External,
    Mutability,
    Reference,
    Required,
    Resource,
    ResourceType,
    ScimProvider,
    ServiceProviderConfig,
    Uniqueness,
)
from scim2_models.resources.service_provider_config import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    ETag,
    Filter,
    Pagination,
    Patch,
    Sort,
)
from scim2_models.urn import URN

MOST_LISTED: Final = 200
"""Most resources in one answer."""


class User(Resource[Any]):
    """A person of the warehouse, by the core schema of users (RFC 7643 section 4.1); nothing else is stored.

    ``active`` is required: a person without it could not be mapped to an active or ended account.
    """

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    display_name: str | None = None
    active: Annotated[bool | None, Required.true] = None


class Member(ComplexAttribute):
    """A member of a group, by id. Names are read from the person's own resource."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference[User] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])


class Group(Resource[Any]):
    """A group of the directory, by the core schema of groups (RFC 7643 section 4.2)."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true] = None
    members: Annotated[list[Member] | None, Mutability.read_write] = None


CONFIG: Final = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=MOST_LISTED),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=True),
    etag=ETag(supported=False),
    pagination=Pagination(cursor=False, index=True, default_page_size=MOST_LISTED, max_page_size=MOST_LISTED),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Bearer token",
            description="A token of one warehouse, made and revoked by an owner",
            spec_uri=Reference[External]("https://www.rfc-editor.org/rfc/rfc6750"),
            primary=True,
        )
    ],
)

PROVIDER: Final = ScimProvider(
    models=[User, Group],
    resource_types=[
        ResourceType.from_resource(User),
        ResourceType.from_resource(Group),
    ],
    config=CONFIG,
)
