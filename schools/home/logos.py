"""A school's logo: any picture is read, checked and written anew, so that nothing but a picture is kept."""

import hashlib
import io
import warnings

from django.utils.translation import gettext as _
from PIL import Image

from core.errors import DomainError

FORMATS = ("PNG", "JPEG", "WEBP")
MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 4096 * 4096
SIDE = 512
SMALLEST = 32


def prepare(content: bytes) -> tuple[bytes, str]:
    """The picture as WebP of at most 512 px a side, and a name of its own; raises DomainError on the field `logo`."""
    if len(content) > MOST_BYTES:
        raise _no(_("The file is larger than 2 MB. Choose a smaller one."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise _no(_("The picture has more than 16 million points. Make it smaller."))
        if min(width, height) < SMALLEST:
            raise _no(_("The picture is too small: 32 points a side at least."))
        small = picture.convert("RGBA")
        small.thumbnail((SIDE, SIDE))
        out = io.BytesIO()
        small.save(out, "WEBP", quality=90, method=4)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        raise _no(_("This is not a picture. Choose a PNG, JPEG or WebP file.")) from None
    made = out.getvalue()
    return made, f"logo-{hashlib.sha256(made).hexdigest()[:16]}.webp"


def _no(message: str) -> DomainError:
    return DomainError(message, errors={"logo": [message]})
