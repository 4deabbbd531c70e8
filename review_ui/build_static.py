"""Copies the style sheets and scripts that the screens serve from node_modules to static/vendor.

Run after `npm ci --prefix review_ui`. It downloads nothing and changes no file's content but source map pointers.
"""

import re
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parent
NODE = HERE / "node_modules"
VENDOR = HERE / "static" / "vendor"

_UTRECHT = (
    "alert",
    "checkbox",
    "document",
    "form-field",
    "form-field-description",
    "form-label",
    "radio-button",
    "root",
    "table",
    "textarea",
    "textbox",
    "unordered-list",
)
_CANDIDATE = ("button", "data-badge", "heading", "link", "mark", "number-badge", "paragraph", "skip-link")

THEME = "@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css"
STYLES = (
    THEME,
    *(f"@utrecht/{name}-css/dist/index.min.css" for name in _UTRECHT),
    *(f"@nl-design-system-candidate/{name}-css/dist/{name}.css" for name in _CANDIDATE),
)
SCRIPTS = ("htmx.org/dist/htmx.min.js",)
_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/|^//# sourceMappingURL=.*$", re.MULTILINE)


class NodePartsMissing(Exception):
    """A file that the screens need is not in node_modules."""


def build(node: Path = NODE, vendor: Path = VENDOR) -> list[Path]:
    """Write one style sheet of all components, the scripts, and the licences; answers what was written."""
    missing = [name for name in (*STYLES, *SCRIPTS) if not (node / name).is_file()]
    if missing:
        raise NodePartsMissing(f"{missing[0]} is not there; run: npm ci --prefix review_ui")
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    components = vendor / "components.css"
    components.write_text("\n".join(f"/* {name} */\n{_without_map(node / name)}" for name in STYLES))
    written = [components]
    for name in SCRIPTS:
        target = vendor / Path(name).name
        target.write_text(_without_map(node / name))
        written.append(target)
    return written


def _without_map(file: Path) -> str:
    return _MAP.sub("", file.read_text())


if __name__ == "__main__":
    for path in build():
        sys.stdout.write(f"{path.relative_to(HERE)}\n")
