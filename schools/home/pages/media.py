"""Files of the school behind signed addresses."""

from pathlib import PurePosixPath

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core import storage
from identity import access

TYPES = {
    ".avif": "image/avif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".webp": "image/webp",
}
INLINE = frozenset({".avif", ".jpeg", ".jpg", ".png", ".webp"})


@require_safe
@access.public
def media(request: HttpRequest, token: str) -> HttpResponse:
    """A file for whoever is signed in; what the school shows on its door, such as its logo, for everybody.

    The address must be this school's, unexpired and unaltered. Only pictures are shown in the browser: everything else
    is a download of a fixed type, so that an uploaded file can never act as a page.
    """
    path = storage.path_of(token)
    if not path.startswith(f"{storage.OPEN}/") and not request.user.is_authenticated:
        return access.to_sign_in(request)
    suffix = PurePosixPath(path).suffix.lower()
    response = HttpResponse(storage.read(path), content_type=TYPES.get(suffix, "application/octet-stream"))
    response["Cache-Control"] = f"private, max-age={storage.URL_SECONDS}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if suffix not in INLINE:
        response["Content-Disposition"] = "attachment"
    return response
