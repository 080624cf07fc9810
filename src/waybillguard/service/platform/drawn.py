"""A cache of rendered page fragments that are the same for every request.

Fragments are rendered without the request, so they cannot contain personal data, tokens or nonces.
"""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

_KEPT = 512


@lru_cache(maxsize=_KEPT)
def drawn_once(name: str, language: str | None, given: tuple[tuple[str, str], ...]) -> SafeString:
    """Return a template rendered in a language, with only the values ``given``."""
    with translation.override(language):
        return render_to_string(name, dict(given))
