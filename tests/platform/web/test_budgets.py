"""The look stays light: what a phone loads before the page works, in bytes on the wire."""

import re
from pathlib import Path

import brotli

import web

ROOT = Path(web.__file__).parent
STATIC = ROOT / "static" / "web"
TEMPLATES = ROOT / "templates" / "web"
KB = 1024


def weight(*files: Path) -> int:
    """Bytes on the wire, each file compressed alone as the server does it."""
    return sum(len(brotli.compress(file.read_bytes())) for file in files)


def loaded_by(*names: str) -> set[Path]:
    """Modules and everything that they import at once."""
    found: set[Path] = set()
    todo = [STATIC / name for name in names]
    while todo:
        file = todo.pop().resolve()
        if file not in found:
            found.add(file)
            todo += [file.parent / name for name in re.findall(r'^import .* from "(.+)";', file.read_text(), re.M)]
    return found


def test_all_css_weighs_at_most_14_kb() -> None:
    assert weight(*STATIC.glob("**/*.css")) <= 14 * KB


def test_the_scripts_of_a_page_weigh_at_most_20_kb_with_htmx() -> None:
    everywhere = ("app.js", "modules/keys.js", "modules/toast.js", "modules/theme.js", "modules/popover.js")
    for extra in ("modules/register.js", "modules/marks.js", "modules/bulk.js"):
        assert weight(*loaded_by(*everywhere, extra, "vendor/htmx.esm.min.js")) <= 20 * KB, extra


def test_a_page_without_htmx_weighs_less_than_half_of_that() -> None:
    assert weight(*loaded_by("app.js", "modules/keys.js", "modules/toast.js", "modules/register.js")) <= 8 * KB


def test_the_icons_that_every_page_carries_weigh_at_most_3_kb() -> None:
    assert weight(TEMPLATES / "partials" / "sprite.html") <= 3 * KB


def test_every_module_that_the_loader_names_exists_and_the_other_way_round() -> None:
    named = set(re.findall(r"import\(\"\./modules/(\w+)\.js\"\)", (STATIC / "app.js").read_text()))
    files = {file.stem for file in (STATIC / "modules").glob("*.js")}
    assert files - named == {"words", "palette"}
    assert named <= files


def test_no_template_carries_a_style_or_a_handler_of_its_own() -> None:
    for file in ROOT.glob("templates/**/*.html"):
        text = file.read_text()
        assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style|hx-on|javascript:", text), file
        for script in re.findall(r"<script([^>]*)>", text):
            assert "src=" in script or "nonce=" in script, file


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    known = set(re.findall(r'id="i-([a-z]+)"', (TEMPLATES / "partials" / "sprite.html").read_text()))
    texts = [
        file.read_text() for pattern in ("templates/**/*.html", "templatetags/*.py") for file in ROOT.glob(pattern)
    ]
    used = {name for text in texts for name in re.findall(r'(?:{% icon |\bicon\(|#i-)"?([a-z]+)\b', text)}
    assert used - known - {"entry", "name", "size", "self"} == set()
