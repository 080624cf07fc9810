"""Documents as downloads: PDF or Word by the ending of the address."""

from django.http import Http404, HttpResponse

from waybillguard.documents import Document, to_pdf, to_word

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def paper(document: Document, name: str, ending: str) -> HttpResponse:
    """Return a document as ``pdf`` or ``docx``; any other ending is no page."""
    if ending == "pdf":
        return file(to_pdf(document), f"{name}.pdf", "application/pdf")
    if ending == "docx":
        return file(to_word(document), f"{name}.docx", _WORD)
    raise Http404


def file(content: bytes, name: str, kind: str) -> HttpResponse:
    """Return a download that no cache keeps."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)
