"""Tells a photo, film or scan from words: in what someone typed, and in the bytes someone piped in.

It opens no picture and keeps none: faces, screens with names and metadata never come in.
"""

import re
from pathlib import PurePath

PICTURE_ENDINGS = frozenset(
    {
        *(".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".heif", ".avif", ".bmp", ".tif", ".tiff", ".svg"),
        *(".mp4", ".mov", ".webm", ".mkv", ".avi", ".3gp", ".m4v", ".pdf"),
    }
)
"""File endings of photos, films and scans."""

_INLINE = re.compile(r"data:(?:image|video)/", re.IGNORECASE)
# What a picture's first bytes look like when someone pastes it as base64: PNG, JPEG, GIF, WebP, PDF.
_BASE64 = re.compile(r"^\s*(?:iVBORw0KGgo|/9j/|R0lGOD|UklGR|JVBERi0)[A-Za-z0-9+/=\s]*$")
_LOCAL = re.compile(r"^\s*(?:file|content|blob)://?\S+\s*$", re.IGNORECASE)
_OPENINGS = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\x00", b"MM\x00*", b"%PDF-", b"\x1aE\xdf\xa3")


def is_photo_in_words(text: str) -> bool:
    """Whether what was typed or pasted is a picture or the name of one, and no words about it."""
    if _INLINE.search(text) or _BASE64.match(text) or _LOCAL.match(text):
        return True
    name = text.strip()
    return "\n" not in name and PurePath(name).suffix.lower() in PICTURE_ENDINGS and _is_a_name(name)


def is_photo(content: bytes) -> bool:
    """Whether bytes are a picture, film or scan, by how such files begin."""
    if content.startswith(_OPENINGS):
        return True
    if content[:2] == b"BM" and content[6:10] == bytes(4):  # two letters alone may well begin a sentence
        return True
    return content[4:8] == b"ftyp" or (content[:4] == b"RIFF" and content[8:12] in (b"WEBP", b"AVI "))


def _is_a_name(name: str) -> bool:
    """A path or a file name, with spaces as phones and screenshots make them; a sentence that ends in one is neither.

    A whole link to a picture is one too: there are no words in it.
    """
    if len(name.split()) == 1 or "/" in name or "\\" in name:
        return True
    return len(name) <= 80 and bool(re.search(r"\d", PurePath(name).stem))
