"""Links and mentions as a platform shows them: an address cut short is told from words of the author's own."""

MENTION = "@x"
"""Stands for a mention that is not written as one; masking then takes it for a mention."""


def is_the_address(shown: str, address: str) -> bool:
    """Whether a link's words are its address, cut or whole. Other words are the author's own and stay."""
    return _bare(address).startswith(_bare(shown.strip()).removesuffix("…").removesuffix("..."))


def _bare(link: str) -> str:
    return link.casefold().removeprefix("https://").removeprefix("http://").removeprefix("www.")
