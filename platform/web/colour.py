"""A school's own colour: legible on paper and on the dark ground, or refused with the reason (WCAG 2.2, 1.4.11)."""

import colorsys
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LEAST = 3.0
LIGHT_GROUNDS = ("#ffffff", "#f6f7f5")
DARK_GROUNDS = ("#171f1b", "#0f1512")
DEFAULT_ACCENT = "#0b6e4f"
_HEX = re.compile(r"#[0-9a-f]{6}")


def parse(value: str) -> str:
    """A colour as `#rrggbb`, from `#RGB`, `RRGGBB` and the like; raises ValidationError."""
    text = value.strip().lower()
    text = text if text.startswith("#") else f"#{text}"
    if re.fullmatch(r"#[0-9a-f]{3}", text):
        text = "#" + "".join(c * 2 for c in text[1:])
    if not _HEX.fullmatch(text):
        raise ValidationError(_("Type a colour as # and six digits, for example #7a2330."), code="colour")
    return text


def _channels(colour: str) -> tuple[float, float, float]:
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 for black to 1 for white (WCAG 2.2)."""
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def least_contrast(colour: str, grounds: tuple[str, ...]) -> float:
    """The contrast on the worst of some grounds."""
    return min(contrast(colour, ground) for ground in grounds)


def on_dark(colour: str) -> str:
    """The same hue for the dark theme, lightened only as far as the crest needs to be seen there."""
    hue, light, saturation = colorsys.rgb_to_hls(*_channels(colour))
    found = colour
    while least_contrast(found, DARK_GROUNDS) < LEAST and light < 1:
        light = min(1.0, light + 0.01)
        r, g, b = colorsys.hls_to_rgb(hue, light, saturation * 0.85)
        found = f"#{round(r * 255):02x}{round(g * 255):02x}{round(b * 255):02x}"
    return found


def check_accent(value: str) -> str:
    """The colour to keep for a school's crest; raises ValidationError when it would not be seen.

    It must reach 3:1 on paper and on the desk; for the dark theme `on_dark` finds its lighter sister,
    and the pair is refused when either ground falls short.
    """
    colour = parse(value)
    ratio = least_contrast(colour, LIGHT_GROUNDS)
    if ratio < LEAST:
        raise ValidationError(
            _("%(colour)s is too light for white paper: %(ratio)s to 1, and 3 to 1 is needed. Choose a darker shade."),
            code="contrast",
            params={"colour": colour, "ratio": f"{ratio:.1f}"},
        )
    if least_contrast(on_dark(colour), DARK_GROUNDS) < LEAST:
        raise ValidationError(
            _("%(colour)s cannot be seen on the dark theme. Choose another shade."),
            code="contrast",
            params={"colour": colour},
        )
    return colour
