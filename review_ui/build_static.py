"""Copies the style sheets and scripts that the screens serve from node_modules to static/vendor.

Run after `npm ci --prefix review_ui`. It downloads nothing. Of the theme it takes the tokens that some rule uses: a
browser works out every token of a page anew, and the theme has four times as many as these components ask for.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent
NODE = HERE / "node_modules"
OWN = HERE / "static"
VENDOR = OWN / "vendor"

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
SCRIPTS = ("htmx.org/dist/htmx.min.js", "leaflet/dist/leaflet.js", "uplot/dist/uPlot.iife.min.js")
APART = ("leaflet/dist/leaflet.css", "uplot/dist/uPlot.min.css")
"""Style sheets of a map and of charts: only the pages that have one ask for them."""
USES = re.compile(r"var\(\s*(--[\w-]+)")
"""A token that a rule or another token asks for."""
_TOKEN = re.compile(r"^[ \t]*(--[\w-]+):([^;{}]*);[^\n;{}]*\n", re.MULTILINE)
_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/|^//# sourceMappingURL=.*$", re.MULTILINE)


class NodePartsMissing(Exception):
    """A file that the screens need is not in node_modules."""


def build(node: Path = NODE, vendor: Path = VENDOR) -> list[Path]:
    """Write one style sheet of all components, the scripts, and the licences; answers what was written."""
    missing = [name for name in (*STYLES, *APART, *SCRIPTS) if not (node / name).is_file()]
    if missing:
        raise NodePartsMissing(f"{missing[0]} is not there; run: npm ci --prefix review_ui")
    vendor.mkdir(parents=True, exist_ok=True)
    parts = {name: _without_map(node / name) for name in STYLES}
    rules = [words for name, words in parts.items() if name != THEME]
    parts[THEME] = tokens_used(parts[THEME], [*rules, *(sheet.read_text() for sheet in sorted(OWN.glob("*.css")))])
    served = {"components.css": "\n".join(f"/* {name} */\n{words}" for name, words in parts.items())}
    served |= {Path(name).name: _without_map(node / name) for name in (*APART, *SCRIPTS)}
    served |= _licences(node)
    for name, words in served.items():
        fresh = vendor / f".{name}.new"
        fresh.write_text(words)
        fresh.replace(vendor / name)  # at once: a server may be reading it
    for other in vendor.iterdir():
        if other.name not in served:
            other.unlink()
    return [vendor / name for name in served]


def _licences(node: Path) -> dict[str, str]:
    packages = {_package(name) for name in (*STYLES, *APART, *SCRIPTS)}
    found = {package: sorted((node / package).glob("LICEN[CS]E*")) for package in packages}
    return {
        f"licence-{package.strip('@').replace('/', '-')}.txt": files[0].read_text()
        for package, files in sorted(found.items())
        if files
    }


def _package(name: str) -> str:
    return "/".join(name.split("/")[: 2 if name.startswith("@") else 1])


def tokens_used(theme: str, rules: Iterable[str]) -> str:
    """The theme without the tokens that neither these rules use nor a token that they use."""
    asks: dict[str, set[str]] = {}
    for name, value in _TOKEN.findall(theme):
        asks.setdefault(name, set()).update(USES.findall(value))
    wanted = {name for words in rules for name in USES.findall(words)}
    used: set[str] = set()
    while wanted:
        used |= wanted
        wanted = {name for token in wanted for name in asks.get(token, ())} - used
    return _TOKEN.sub(lambda found: found[0] if found[1] in used else "", theme)


def _without_map(file: Path) -> str:
    return _MAP.sub("", file.read_text())


if __name__ == "__main__":
    for path in build():
        sys.stdout.write(f"{path.relative_to(HERE)}\n")
