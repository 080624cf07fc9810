"""Forms of the inspection pages."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from waybillguard.inspect.documents_register import DocumentKind
from waybillguard.service.identity.models import Merchant
from waybillguard.service.inspections.acceptances import acceptable
from waybillguard.service.inspections.models import RegisterEntry
from waybillguard.service.tenancy.models import Tenant


def in_language(zh: str, en: str) -> str:
    """Return the Chinese or English text in the language of the page."""
    return zh if (get_language() or "zh").startswith("zh") else en


class _Files(forms.FileInput):
    allow_multiple_selected = True


class _PhotosField(forms.FileField):
    """A field for several files; each is validated like a single upload."""

    def clean(self, data: Any, initial: Any = None) -> Any:  # noqa: ANN401 - Django's signature
        """Return the list of files."""
        return [super(_PhotosField, self).clean(one, initial) for one in data or [None]]


class PhotosForm(forms.Form):
    """A label sample: photos and the two inspectors who sign."""

    place = forms.CharField(label=_("Place"), max_length=80)
    first = forms.CharField(label=_("First inspector"), max_length=60)
    second = forms.CharField(label=_("Second inspector"), max_length=60)
    photos = _PhotosField(
        label=_("Photos of labels (20)"),
        help_text=_(
            "Take them at random from parcels that wait. They are judged and not kept; their hashes are."
        ),
        widget=_Files(attrs={"accept": "image/*", "multiple": True}),
    )


class DocumentForm(forms.Form):
    """A document of one kind: its dates, the fields of that kind, the file."""

    def __init__(self, kind: DocumentKind, tenant: Tenant, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind.merchant:
            self.fields["merchant"] = forms.ModelChoiceField(
                Merchant.objects.filter(tenant=tenant).order_by("name"),
                label=_("Merchant"),
                empty_label=_("Choose"),
            )
        self.fields["effective_on"] = forms.DateField(
            label=_("Effective date"),
            help_text=_("The date on the document, not today."),
            widget=forms.DateInput(attrs={"type": "date"}),
        )
        self.fields["expires_on"] = forms.DateField(
            label=_("Expires"), required=False, widget=forms.DateInput(attrs={"type": "date"})
        )
        for one in kind.fields:
            label = in_language(one.zh, one.en)
            if one.type == "flag":
                self.fields[f"v_{one.id}"] = forms.BooleanField(label=label, required=False)
            elif one.type == "choice":
                self.fields[f"v_{one.id}"] = forms.ChoiceField(
                    label=label, choices=[(option, option) for option in one.options]
                )
            else:
                self.fields[f"v_{one.id}"] = forms.CharField(label=label, max_length=80)
        self.fields["file"] = forms.FileField(label=_("File or photo"))

    def values(self) -> dict[str, str | bool]:
        """Return the values of the kind's own fields."""
        return {one.id: self.cleaned_data[f"v_{one.id}"] for one in self.kind.fields}


class EntryForm(forms.Form):
    """A new entry in the register."""

    kind = forms.ChoiceField(label=_("Kind"), choices=RegisterEntry.Kind)
    title = forms.CharField(
        label=_("Title"), max_length=120, help_text=_("A short name without names or numbers of persons.")
    )
    opened_at = forms.DateTimeField(
        label=_("Found or received at"),
        initial=timezone.localtime,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    persons_high = forms.IntegerField(
        label=_("Upper bound of persons"), required=False, min_value=0, max_value=2_000_000_000,
        help_text=_("From the trace. Leave it empty while it is not known."),
    )  # fmt: skip
    theft = forms.BooleanField(label=_("A theft is confirmed"), required=False)


class AcceptanceForm(forms.Form):
    """An accepted risk: control, reason, substitute measure, end date."""

    control = forms.ChoiceField(label=_("Control"))
    reason = forms.CharField(label=_("Why it is not met"), max_length=200)
    measure = forms.CharField(label=_("Measure taken instead"), max_length=200)
    until = forms.DateField(
        label=_("Accepted until"),
        help_text=_("Within half a year; then it counts as not satisfied again."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        choices = [(one.id, f"{one.id} {in_language(one.title_zh, one.title_en)}") for one in acceptable()]
        self.fields["control"] = forms.ChoiceField(label=_("Control"), choices=choices)
