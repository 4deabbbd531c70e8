"""A recipient asks back: the police from a list, others in few masked words; gone with the referral."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from forwarding.answering import answer
from forwarding.referrals import WithdrawReason, withdraw
from pipeline.retention import RULES
from pipeline.store import questions, waiting
from pipeline.store.portal import NoSuchReferral
from pipeline.store.questions import NoSuchQuestion, QuestionTooLong, QuestionWrong, TooManyQuestions, Topic
from signals.referral import RecipientKind
from tests.forwarding.test_referrals import send, stored
from tests.forwarding.town import NOW, STATION, Town

KINDS = {"coordinator.x": RecipientKind.SCHOOL, "wijkagent": RecipientKind.POLICE, "jenv": RecipientKind.MUNICIPALITY}


def sent(town: Town, *names: str) -> tuple[UUID, dict[str, UUID]]:
    signal = town.add_signal(STATION)
    send(town, signal, *names)
    rows = stored(town, "SELECT contact_id, id FROM referrals")
    of_contact = {contact: name for name, contact in town.contacts.items()}
    return signal, {of_contact[contact]: referral for contact, referral in rows}  # type: ignore[index, misc]


def ask(town: Town, name: str, referral: UUID, topic: Topic, words: str = "") -> UUID:
    with town.recipient(name, KINDS[name]) as connection:
        return questions.ask(connection, referral, topic, words, NOW)


def mine(town: Town, name: str, referral: UUID) -> list[questions.Asked]:
    with town.recipient(name, KINDS[name]) as connection:
        return questions.mine(connection, referral)


def test_a_question_is_masked_answered_once_and_both_sides_are_told_without_a_word(town: Town) -> None:
    signal, of = sent(town, "coordinator.x")
    asked = ask(town, "coordinator.x", of["coordinator.x"], Topic.OTHER, "Is @iemand erbij? Bel 0612345678 maar")
    (open_one,) = mine(town, "coordinator.x", of["coordinator.x"])
    assert "iemand" not in open_one.body
    assert "0612345678" not in open_one.body
    with town.expert() as connection:
        assert waiting.pressing(connection, NOW).questions == 1
        assert [one.topic for one in waiting.open_questions(connection, NOW)] == [Topic.OTHER]
        answer(connection, signal, asked, "Ja, vanaf vier uur. Mail a@b.nl", town.reader, NOW)
    with town.expert() as connection, pytest.raises(NoSuchQuestion):
        answer(connection, signal, asked, "Nog eens", town.second, NOW)
    (done,) = mine(town, "coordinator.x", of["coordinator.x"])
    assert done.answer.startswith("Ja, vanaf vier uur.")
    assert "a@b.nl" not in done.answer
    assert stored(town, "SELECT kind FROM notices ORDER BY kind") == [("answered",), ("new",)]
    told = str(stored(town, "SELECT payload FROM trail")) + str(stored(town, "SELECT detail FROM referral_events"))
    assert "erbij" not in told
    assert "vier uur" not in told
    assert "referral_question" in told
    assert "referral_answer" in told


def test_the_police_choose_from_the_list_and_the_database_takes_no_word_of_theirs(town: Town) -> None:
    _, of = sent(town, "wijkagent", "coordinator.x")
    ask(town, "wijkagent", of["wijkagent"], Topic.WHERE)
    for topic, words in ((Topic.OTHER, "Wie is dit?"), (Topic.WHERE, "bij de flat"), (Topic.OTHER, "")):
        with pytest.raises(QuestionWrong):
            ask(town, "wijkagent", of["wijkagent"], topic, words)
    with town.owner() as owner:
        owner.execute("UPDATE users SET police = true WHERE id = %s", (town.users["coordinator.x"],))
    with pytest.raises(QuestionWrong):  # who works for the police writes nothing, wherever the contact stands
        ask(town, "coordinator.x", of["coordinator.x"], Topic.OTHER, "Wie is dit?")
    with town.owner() as owner, pytest.raises(Exception, match="violates check"):
        owner.execute("UPDATE referral_questions SET body = 'x' WHERE police")
    assert stored(town, "SELECT topic, body FROM referral_questions") == [("where", "")]


def test_it_is_short_says_something_and_is_not_asked_without_end(town: Town) -> None:
    signal, of = sent(town, "coordinator.x")
    referral = of["coordinator.x"]
    with pytest.raises(QuestionTooLong):
        ask(town, "coordinator.x", referral, Topic.OTHER, "a" * 281)
    with pytest.raises(QuestionWrong):
        ask(town, "coordinator.x", referral, Topic.OTHER, "   ")
    made = [ask(town, "coordinator.x", referral, Topic.WHERE) for _ in range(3)]
    with pytest.raises(TooManyQuestions):
        ask(town, "coordinator.x", referral, Topic.WHEN)
    with town.expert() as connection:
        for one in made:
            answer(connection, signal, one, "Bij het station.", town.reader, NOW)
    ask(town, "coordinator.x", referral, Topic.WHEN)


def test_nobody_else_asks_reads_or_answers(town: Town) -> None:
    _, of = sent(town, "coordinator.x", "jenv")
    asked = ask(town, "coordinator.x", of["coordinator.x"], Topic.OTHER, "Komt de wijkagent ook?")
    assert mine(town, "jenv", of["coordinator.x"]) == []
    with pytest.raises(NoSuchReferral):
        ask(town, "jenv", of["coordinator.x"], Topic.WHERE)
    with (
        town.recipient("jenv", RecipientKind.MUNICIPALITY) as connection,
        pytest.raises(Exception, match="permission denied"),
    ):
        connection.execute(text("SELECT * FROM seinpost.referral_questions"))
    other = town.add_signal(STATION)
    with town.expert() as connection, pytest.raises(NoSuchQuestion):  # of another signal
        answer(connection, other, asked, "Ja", town.reader, NOW)
    with town.expert(town.users["jenv"]) as connection:  # in the experts' role, but no expert
        assert connection.execute(text("SELECT count(*) FROM seinpost.referral_questions")).scalar_one() == 0


def test_the_words_go_with_the_referral_and_at_once_when_it_is_withdrawn(town: Town) -> None:
    signal, of = sent(town, "coordinator.x", "jenv")
    for name in ("coordinator.x", "jenv"):
        asked = ask(town, name, of[name], Topic.OTHER, "Is dit nog zo?")
        with town.expert() as connection:
            answer(connection, signal, asked, "Ja, nog zeker een uur.", town.reader, NOW)
    rule = next(rule for rule in RULES if rule.name == "questions")
    retention = town.database.engine_for("seinpost_retention")
    words = "SELECT DISTINCT body || answer FROM referral_questions"
    for after, left in ((timedelta(days=27), 1), (timedelta(days=28), 0)):
        with retention.begin() as connection:
            connection.execute(text(rule.statement), {"due": NOW + after - rule.keep, "now": NOW + after})
            kept = connection.execute(
                text("SELECT count(*) FROM seinpost.referral_questions WHERE body <> '' OR answer <> ''")
            ).scalar_one()
            assert (kept > 0) == bool(left)
            if not left:
                connection.rollback()
    retention.dispose()
    with town.expert() as connection:
        withdraw(connection, signal, town.reader, NOW, WithdrawReason.OVER)
    assert stored(town, words) == [("",)]
    assert mine(town, "jenv", of["jenv"]) == []
