"""The linker as a part of a spaCy pipeline."""

import spacy

from nlp.places import component
from nlp.places.linker import shipped


def test_in_a_spacy_pipeline_places_are_spans_with_the_ids_of_their_entries() -> None:
    pipeline = spacy.blank("nl")
    pipeline.add_pipe("seinpost_places")
    text = "morgen bij station Krommenie-Assendelft, daarna naar Zaandam"
    doc = pipeline(text)
    assert [(span.text, span.label_, span.id_) for span in doc.spans[component.SPANS]] == [
        (text[place.start : place.end], place.kind.value, place.id) for place in shipped().link(text).found
    ]
    assert [span.label_ for span in doc.spans[component.SPANS]] == ["station", "city"]


def test_the_region_of_the_source_settles_what_the_text_leaves_open() -> None:
    pipeline = spacy.blank("nl")
    pipeline.add_pipe("seinpost_places", config={"region": "Hilversum"})
    doc = pipeline("toets op het Comenius College")
    [span] = doc.spans[component.SPANS]
    assert shipped().gazetteer.entry(span.id_).municipality == "Hilversum"
