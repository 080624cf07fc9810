"""Who looked, when, under which receipt: drawn over the whole page, so that a photo of it speaks."""

from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString


def watermark(person: str, moment: datetime, receipt: str) -> SafeString:
    """Return an SVG that fills its box with slanted lines of person, time and receipt number."""
    return format_html(
        '<svg class="wg-watermark" aria-hidden="true" focusable="false" width="100%" height="100%">'
        '<defs><pattern id="wg-mark" width="300" height="120" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(-24)"><text x="0" y="40">{}</text><text x="0" y="60">{}</text>'
        '<text x="0" y="80">{}</text></pattern></defs>'
        '<rect width="100%" height="100%" fill="url(#wg-mark)"></rect></svg>',
        person,
        f"{moment:%Y-%m-%d %H:%M:%S}",
        receipt,
    )
