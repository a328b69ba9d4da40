"""Papers: a Typst template and data become a PDF. What people typed reaches the template as data, never as markup."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import typst

TEMPLATE, DATA = "paper.typ", "data.json"


class Unprintable(RuntimeError):
    """The template could not be set; the message is Typst's own."""


def pdf(
    template: Path, data: Mapping[str, Any], *, files: Mapping[str, bytes] | None = None, tagged: bool = True
) -> bytes:
    """Set a paper. The template reads `data.json` and the `files` beside it, and nothing else of the machine.

    `tagged` keeps the structure that a screen reader follows, at a price on papers of many hundred pieces. The fonts
    are those inside Typst's wheel: Libertinus Serif, DejaVu Sans Mono and New Computer Modern.
    """
    with tempfile.TemporaryDirectory(prefix="shule-paper-") as folder:
        root = Path(folder)
        (root / TEMPLATE).write_bytes(template.read_bytes())
        (root / DATA).write_bytes(orjson.dumps(data, default=str))
        for name, content in (files or {}).items():
            (root / Path(name).name).write_bytes(content)
        try:
            made: bytes = typst.compile(
                root / TEMPLATE,
                root=root,
                ignore_system_fonts=True,
                package_path=root,
                package_cache_path=root,
                pdf_tags=tagged,
            )
        except typst.TypstError as error:
            raise Unprintable(error.message) from error
    return made
