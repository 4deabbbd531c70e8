"""The linker as a spaCy pipeline component: places become spans of the document, with their entry's id.

`nlp.analyse` calls the linker itself; this is for pipelines that others build around it.
"""

from collections.abc import Callable

from spacy.language import Language
from spacy.tokens import Doc

from nlp.places.linker import Linker, Links, shipped

SPANS = "places"
"""The span group that the component fills: labels are kinds of places, ids are entries of the gazetteer."""
LINKS = "seinpost_links"
"""Under this key of `Doc.user_data` stands the whole answer, with the candidates and the names that lost."""


@Language.factory("seinpost_places", default_config={"region": ""}, assigns=["doc.spans"])
def make_places(nlp: Language, name: str, region: str) -> Callable[[Doc], Doc]:
    """The component over the shipped gazetteer; `region` is the municipality that the texts are about, if any."""
    return Places(shipped(), region)


class Places:
    """Links the text of a document; the text should be normalised (`nlp.normalise`)."""

    def __init__(self, linker: Linker, region: str = "") -> None:
        self._linker = linker
        self._region = region

    def __call__(self, doc: Doc) -> Doc:
        """Fill the document's spans. Spans grow to whole tokens where a place ends inside one."""
        links: Links = self._linker.link(doc.text, self._region)
        spans = (
            doc.char_span(place.start, place.end, label=place.kind.value, span_id=place.id, alignment_mode="expand")
            for place in links.found
        )
        doc.spans[SPANS] = [span for span in spans if span is not None]
        doc.user_data[LINKS] = links
        return doc
