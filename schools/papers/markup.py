"""The small markup of letters, and the fields in braces: text becomes data for the typesetter, never its code."""

import re
from collections.abc import Mapping

FIELD = re.compile(r"\{([a-z_]+)\}")
_RUNS = re.compile(r"(\*\*.+?\*\*|_[^_\s][^_]*_)")

Run = tuple[str, str]
Block = dict[str, object]


def fields_in(text: str) -> list[str]:
    """The fields that a text asks for, each once, in order."""
    return list(dict.fromkeys(FIELD.findall(text)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in; a field without a value stays as it is."""
    return FIELD.sub(lambda match: values.get(match[1]) or match[0], text)


def blocks(text: str) -> list[Block]:
    """Paragraphs and lists: `{"kind": "p" | "list", "lines": [[(words, "" | "b" | "i"), …], …]}`."""
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        if lines and all(line.startswith("- ") for line in lines):
            found.append({"kind": "list", "lines": [runs(line[2:]) for line in lines]})
        elif lines:
            found.append({"kind": "p", "lines": [runs(line) for line in lines]})
    return found


def runs(line: str) -> list[Run]:
    """Words with their weight: `**bold**`, `_italic_`."""
    found: list[Run] = []
    for piece in _RUNS.split(line):
        if piece.startswith("**") and piece.endswith("**") and len(piece) > 4:
            found.append((piece[2:-2], "b"))
        elif piece.startswith("_") and piece.endswith("_") and len(piece) > 2:
            found.append((piece[1:-1], "i"))
        elif piece:
            found.append((piece, ""))
    return found
