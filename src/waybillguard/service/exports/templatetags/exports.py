"""Texts of exports."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from waybillguard.service.exports.models import Export

register = template.Library()
FORMS = {
    "masked": _("Masked data (CSV)"),
    "masked:xlsx": _("Masked data (Excel)"),
    "sealed": _("Contacts, sealed to a recipient"),
}


@register.filter
def export_form(export: Export) -> Any:  # noqa: ANN401 - a lazy translation
    """Return the text for what the file holds."""
    excel = export.form == Export.Form.MASKED and export.table == Export.Table.XLSX
    return FORMS["masked:xlsx" if excel else export.form]
