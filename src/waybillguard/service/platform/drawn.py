"""Parts of pages that stay the same from request to request: drawn once, kept as text.

What is kept here is the same for everybody: it is drawn without the request, so nothing of a person, no token and no
nonce can get into it.
"""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

_KEPT = 512


@lru_cache(maxsize=_KEPT)
def drawn_once(name: str, language: str | None, given: tuple[tuple[str, str], ...]) -> SafeString:
    """Return a template drawn in a language, with nothing but the values ``given``."""
    with translation.override(language):
        return render_to_string(name, dict(given))
