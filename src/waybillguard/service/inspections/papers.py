"""Download responses: documents as PDF or Word, chosen by the suffix of the URL."""

from django.http import Http404, HttpResponse

from waybillguard.documents import Document, to_pdf, to_word

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def paper(document: Document, name: str, ending: str) -> HttpResponse:
    """Return a document as ``pdf`` or ``docx``; any other suffix is a 404."""
    if ending == "pdf":
        return file(to_pdf(document), f"{name}.pdf", "application/pdf")
    if ending == "docx":
        return file(to_word(document), f"{name}.docx", _WORD)
    raise Http404


def file(content: bytes, name: str, kind: str) -> HttpResponse:
    """Return a download that must not be cached."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)
