"""Everything one signal's page shows, and what this reader may do with it now. It reads; it changes nothing."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from forwarding.cap_export import exportable
from forwarding.next_contact import next_steps
from forwarding.reach import reach
from forwarding.routing import propose
from pipeline.store import last_looks, proposed_corrections, questions, region_handover, waiting
from pipeline.store.case import case
from pipeline.store.claims import READINGS
from pipeline.store.parking import LONGEST_PARKED, term
from pipeline.store.settings import active
from pipeline.store.thread import informed, thread
from pipeline.store.users import User
from pipeline.store.wordings import wordings
from review_ui.answers import words as answer_words
from review_ui.place_search import gazetteer
from review_ui.signal.changed import changed
from review_ui.signal.doubts import doubts
from review_ui.signal.form import JudgingForm, Unclear, places_shown, starting, written
from review_ui.signal.marks import stretches
from review_ui.signal.near_places import names_of_more
from review_ui.signal.small_map import small_map
from review_ui.signal.words import facts_in_words, guide_rule, why_flagged
from review_ui.slang.words import Explained, explained
from signals.label import Level
from signals.post import HUMAN_SOURCES
from signals.referral import ReferralState, may_step
from signals.signal import SignalState


def signal_context(
    connection: Connection,
    signal_id: UUID,
    user: User,
    now: datetime,
    police_excerpt: bool,
    typed: JudgingForm | None = None,
    unclear: Unclear | None = None,
) -> Mapping[str, object]:
    """The template's values for one signal. Raises NoSuchSignal where this reader may not see it."""
    found = case(connection, signal_id, now)
    talk = thread(connection, signal_id)
    form = typed or starting(found)
    own = next((reading for reading in found.readings if reading.user_id == user.id), None)
    held_by_other = found.holder is not None and found.holder != user.id
    second_police = found.state is SignalState.WAITING_SECOND and user.police and found.first_reader_police
    not_blind = found.state is SignalState.WAITING_SECOND and own is None and informed(connection, signal_id)
    may_read = found.state in READINGS and own is None and not held_by_other and not second_police and not not_blind
    place_notice = (
        found.state is SignalState.WAITING_SECOND
        and own is not None
        and (own.reading, own.verdict, own.level) == (1, "confirm", Level.ACUUT)
    )
    by_a_person = found.source in HUMAN_SOURCES
    proposals = propose(connection, signal_id, police_excerpt, place_notice)
    proposed = proposed_corrections.open_one(connection, signal_id) if found.referrals else None
    waits = waiting.of_signal(connection, signal_id) if found.referrals else ()
    settings = active(connection)
    words = explained(found.text, settings.team_terms if settings else ()) if found.text else Explained()
    return {
        "case": found,
        "stretches": stretches(found.text, found.analysis, words.spans) if found.text else [],
        "explained": words,
        "small_map": small_map((place.id for place in found.places), gazetteer()) if found.places else None,
        "changed": changed(found, last_looks.since(connection, signal_id, now)),
        "wordings": wordings(connection, signal_id) if found.sightings > 1 else (),
        "facts": facts_in_words(found.text, found.analysis) if found.text and found.analysis else [],
        "why": why_flagged(found.text, found.analysis, by_a_person) if found.text and found.analysis else [],
        "doubts": doubts(found.analysis, found.source, bool(found.places)) if found.analysis else [],
        "names_of_more": names_of_more(found.analysis.places, {place.id for place in found.places})
        if found.analysis
        else [],
        "guide_rule": guide_rule(found.level),
        "proposals": proposals,
        "reach": reach(found.places, proposals),
        "own": own,
        "others": [reading for reading in found.readings if own is None or reading.user_id != user.id],
        "reading": READINGS[found.state] if may_read else None,
        "mine": found.holder == user.id,
        "held_by_other": held_by_other,
        "second_police": second_police,
        "place_notice": place_notice,
        "may_refer": found.state in {SignalState.CONFIRMED, SignalState.REFERRED},
        "names_masked": "[naam]" in (found.text or ""),
        "has_link": not by_a_person or "tip" in found.source,
        "not_blind": not_blind,
        "talk": talk,
        "term": term(connection, signal_id) if found.state is SignalState.PARKED else None,
        "latest_term": written(now + LONGEST_PARKED),
        "may_withdraw": any(may_step(sent.state, ReferralState.WITHDRAWN) for sent in found.referrals),
        "cap_file": bool(found.referrals) and exportable(connection, signal_id, now),
        "waits": waits,
        "next_steps": next_steps(connection, signal_id, waits, now, police_excerpt),
        "proposed": proposed,
        "proposed_by_me": proposed is not None and proposed.proposed_by == user.id,
        "asked_back": questions.of_signal(connection, signal_id) if found.referrals else (),
        "answer_words": answer_words,
        "form": form,
        "form_places": places_shown(form, found, unclear.offers if unclear else ()),
        "unclear": unclear,
        "region": region_handover.standing(connection, signal_id) if found.handed_over else region_handover.Standing(),
        "my_region": user.region,
    }
