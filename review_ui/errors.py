"""What a reader sees when something goes wrong: one plain sentence and what to do next, as a page or as JSON.

Every named outcome of judging has its sentence here. Nothing of a request or a post is repeated.
"""

from dataclasses import dataclass
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from sqlalchemy.exc import DataError, OperationalError, SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from collectors.refused import Refused
from forwarding.cap_export import NotForwarded
from forwarding.channels.cap import NoAreaKnown
from forwarding.correcting import NotASignal, NotToCorrect, SexualStays
from forwarding.referrals import CannotBeSent, NeedsTwoReaders, NotReadyToRefer, NotSettledYet, UnknownReferral
from forwarding.views import UnknownContact
from pipeline.store.assessments import DuidingTooLong, NeedsNonPolice, SignalMovedOn
from pipeline.store.claims import AlreadyRead, ClaimedByAnother, NoSuchSignal, NotBlind, NothingToRead
from pipeline.store.closing import NotToClose
from pipeline.store.corrections import OwnSchoolNamed, TooManyPlaces
from pipeline.store.dead_letters import NoSuchLetter
from pipeline.store.handovers import NoteTooLong
from pipeline.store.parking import NeedsSecondPerson, NoSuchTerm, NotParked
from pipeline.store.period_numbers import NotToldYet
from pipeline.store.proposed_corrections import BothPolice, NoSuchProposal, OwnProposal
from pipeline.store.questions import NoSuchQuestion, QuestionTooLong, QuestionWrong, TooManyQuestions
from pipeline.store.region_handover import RegionNotPossible
from pipeline.store.saved_views import TooManyViews, ViewNameTaken
from pipeline.store.situation import LineTooLong, NoSuchThread, NothingChosen
from pipeline.store.thread import LastBlindReader, MessageTooLong, NothingSaid, NotInOverleg
from pipeline.store.undo import AlreadyLeft, CannotUndo, TextForgotten, UndoTooLate
from pipeline.unseal_client import UnsealUnreachable
from review_ui.access.signed_in import FormNotOurs, NotAllowed, NotSignedIn, maybe_signed_in
from review_ui.language import translations
from review_ui.meeting.months import NoSuchMonth
from review_ui.security_headers import HEADERS
from review_ui.templating import language_of, render

API = "/api/"


@dataclass(frozen=True)
class Outcome:
    """How one kind of error is told: status, code for programs, and two Dutch sentences for people."""

    status: int
    code: str
    what: str
    next: str


_BACK = "Ga terug naar de werkvoorraad; daar staat het volgende signaal klaar."

OUTCOMES: dict[type[Exception], Outcome] = {
    NotAllowed: Outcome(403, "not_allowed", "U heeft geen toegang tot deze pagina.", "Ga naar het begin."),
    FormNotOurs: Outcome(
        403, "form_out_of_date", "Dit formulier is verlopen. Er is niets veranderd.", "Ga terug en probeer het opnieuw."
    ),
    NoSuchSignal: Outcome(404, "no_such_signal", "Dit signaal is er niet (meer) voor u.", _BACK),
    NoSuchLetter: Outcome(404, "no_such_letter", "Dit bericht ligt hier niet.", "Ga terug naar wat terzijde ligt."),
    UnknownContact: Outcome(404, "unknown_contact", "Deze ontvanger staat niet in het adresboek.", _BACK),
    UnknownReferral: Outcome(404, "unknown_referral", "Deze ontvanger kreeg dit signaal niet (meer).", _BACK),
    ClaimedByAnother: Outcome(409, "claimed_by_another", "Een collega leest dit signaal nu.", _BACK),
    AlreadyRead: Outcome(
        409, "already_read", "U heeft dit signaal al beoordeeld. De andere lezing doet een collega.", _BACK
    ),
    NothingToRead: Outcome(409, "nothing_to_read", "Dit signaal hoeft niet meer beoordeeld te worden.", _BACK),
    NotBlind: Outcome(
        409, "not_blind", "U weet wat een collega hiervan vindt. De tweede lezing doet iemand die dat niet weet.", _BACK
    ),
    UndoTooLate: Outcome(
        409, "undo_too_late", "Ongedaan maken kan één minuut. Uw oordeel blijft staan.", "Bespreek het met het team."
    ),
    AlreadyLeft: Outcome(
        409,
        "already_left",
        "Er is al iets verstuurd. Dat kunt u niet ongedaan maken, wel intrekken.",
        "Ga naar het signaal en kies Intrekken.",
    ),
    TextForgotten: Outcome(
        409, "text_forgotten", "De tekst is met het besluit vergeten; het oordeel blijft staan.", _BACK
    ),
    CannotUndo: Outcome(409, "cannot_undo", "Hier is niets meer ongedaan te maken; een collega ging al verder.", _BACK),
    NoSuchThread: Outcome(404, "no_such_thread", "Hier is geen gesprek (meer) voor u.", _BACK),
    NothingChosen: Outcome(
        422, "nothing_chosen", "Er staat niets in uw bericht.", "Ga terug en schrijf wat u wilt zeggen."
    ),
    LineTooLong: Outcome(
        422, "line_too_long", "Uw bericht is te lang: hooguit 280 tekens.", "Ga terug en maak het korter."
    ),
    NothingSaid: Outcome(
        422, "nothing_said", "Er staat niets in uw bericht.", "Ga terug en schrijf wat u wilt zeggen."
    ),
    MessageTooLong: Outcome(
        409,
        "message_too_long",
        "Het bericht is te lang (hooguit 1000 tekens), of het gesprek is vol.",
        "Ga terug en maak het korter, of neem een besluit.",
    ),
    NotInOverleg: Outcome(409, "not_in_overleg", "Dit signaal is niet (meer) in casusoverleg.", _BACK),
    LastBlindReader: Outcome(
        409,
        "last_blind_reader",
        "U bent de laatste die dit signaal nog onbevangen kan lezen. Doe niet mee; u wordt de tweede lezer.",
        _BACK,
    ),
    TooManyPlaces: Outcome(
        409, "too_many_places", "Een signaal noemt hooguit 30 plaatsen.", "Ga terug en haal er plaatsen af."
    ),
    OwnSchoolNamed: Outcome(
        409,
        "own_school",
        "Bij een school die u toevoegt hoort een van de lezers zelf. Er is niets opgeslagen.",
        "Laat een collega van buiten die school oordelen.",
    ),
    NoSuchTerm: Outcome(
        409, "no_such_term", "Kies een moment in de komende 14 dagen.", "Ga terug en kies een ander moment."
    ),
    NoSuchMonth: Outcome(
        422, "no_such_month", "Zo'n maand is er niet. Schrijf een maand als 2026-11.", "Ga terug en kies een maand."
    ),
    NotToldYet: Outcome(
        409,
        "not_told_yet",
        "Deze cijfers zijn er pas als de maand een week voorbij is.",
        "Ga terug en kies een maand.",
    ),
    NotParked: Outcome(409, "not_parked", "Dit signaal wordt niet (meer) aangehouden.", _BACK),
    NeedsSecondPerson: Outcome(
        409,
        "needs_second_person",
        "Verlengen kan één keer, door een collega van wie het aanhield.",
        "Vraag een collega, of hervat het signaal.",
    ),
    RegionNotPossible: Outcome(
        409,
        "region_not_possible",
        "Overdragen kan zo niet: een collega was eerder, dat team heeft het al, of een ander team moet antwoorden.",
        "Ga terug naar het signaal en kijk welk team aan zet is.",
    ),
    NotToClose: Outcome(409, "not_to_close", "Alleen wat bevestigd of doorgezet is kunt u afsluiten.", _BACK),
    NoSuchProposal: Outcome(409, "no_such_proposal", "Deze wijziging wacht niet meer.", _BACK),
    OwnProposal: Outcome(
        409, "own_proposal", "U stelde deze wijziging zelf voor. Een collega moet akkoord gaan.", "Vraag een collega."
    ),
    BothPolice: Outcome(
        409,
        "both_police",
        "Twee mensen van de politie kunnen een signaal niet samen wijzigen.",
        "Vraag een collega van buiten de politie.",
    ),
    NotToCorrect: Outcome(409, "not_to_correct", "Alleen wat doorgezet is en nog loopt kunt u wijzigen.", _BACK),
    NotASignal: Outcome(
        409,
        "not_a_signal",
        "Is het geen signaal meer? Dan wijzigt u het niet.",
        "Ga naar het signaal en kies Intrekken.",
    ),
    SexualStays: Outcome(
        409,
        "sexual_stays",
        "De soort van dit signaal blijft zoals zij is: anders zou de ontvanger meer zien.",
        "Trek het in en beoordeel het opnieuw.",
    ),
    NoSuchQuestion: Outcome(
        404, "no_such_question", "Deze vraag is er niet (meer), of een collega heeft haar al beantwoord.", _BACK
    ),
    QuestionWrong: Outcome(
        422, "question_wrong", "Er staat niets in uw antwoord.", "Ga terug en schrijf een antwoord."
    ),
    QuestionTooLong: Outcome(
        409, "question_too_long", "Dit is te lang: hooguit 280 tekens.", "Ga terug en maak het korter."
    ),
    TooManyQuestions: Outcome(
        409, "too_many_questions", "Er wachten al drie vragen op antwoord.", "Wacht op een antwoord, of bel."
    ),
    SignalMovedOn: Outcome(
        409, "moved_on", "Een collega was net eerder met deze beoordeling. Uw oordeel is niet opgeslagen.", _BACK
    ),
    NeedsNonPolice: Outcome(
        409,
        "needs_non_police",
        "Twee lezers van de politie kunnen een signaal niet samen bevestigen. Er is niets opgeslagen.",
        "Vraag een collega van buiten de politie als tweede lezer.",
    ),
    DuidingTooLong: Outcome(
        409, "duiding_too_long", "De duiding is te lang: hooguit 1000 tekens.", "Ga terug en maak de duiding korter."
    ),
    NoteTooLong: Outcome(
        409, "note_too_long", "De notitie is te lang: hooguit 500 tekens.", "Ga terug en maak de notitie korter."
    ),
    TooManyViews: Outcome(
        409, "too_many_views", "U heeft al twintig weergaven bewaard.", "Verwijder er eerst een bij Mijn instellingen."
    ),
    ViewNameTaken: Outcome(
        409, "view_name_taken", "U heeft al een weergave met deze naam.", "Ga terug en kies een andere naam."
    ),
    NotSettledYet: Outcome(
        409,
        "not_settled",
        "De lezers kunnen hun oordeel nog een minuut terugnemen. Er is niets verstuurd.",
        "Probeer het zo opnieuw, of laat een van hen doorzetten. Bel bij spoed.",
    ),
    NotForwarded: Outcome(409, "not_forwarded", "Dit signaal is niet doorgezet, of de tijd is voorbij.", _BACK),
    NoAreaKnown: Outcome(
        409, "no_area", "Van geen van de plaatsen weten wij in welk gebied zij ligt.", "Bel de meldkamer."
    ),
    NotReadyToRefer: Outcome(409, "not_ready", "Dit signaal kan nu niet worden doorgezet.", _BACK),
    NeedsTwoReaders: Outcome(
        409,
        "needs_two_readers",
        "Twee lezers moeten eerst bevestigen. Minstens één van hen is niet van de politie.",
        _BACK,
    ),
    CannotBeSent: Outcome(
        409,
        "cannot_be_sent",
        "Minstens één gekozen ontvanger mag dit signaal niet krijgen. Er is niets verstuurd.",
        "Ga terug en haal die ontvanger van de lijst.",
    ),
    UnsealUnreachable: Outcome(
        503, "unseal_unreachable", "De dienst die links en namen opent, antwoordt niet.", "Probeer het straks opnieuw."
    ),
    # Such as a character that PostgreSQL cannot hold, in a field that nobody can type it in.
    DataError: Outcome(422, "wrong_request", "Er klopt iets niet aan de invoer.", "Ga terug en kijk de velden na."),
    Refused: Outcome(409, "refused", "Deze tekst kan niet worden aangenomen.", "Ga terug en pas de tekst aan."),
    OperationalError: Outcome(
        503,
        "database_away",
        "De database antwoordt niet. Er is niets veranderd.",
        "Probeer het over een minuut opnieuw.",
    ),
}

NOT_FOUND = Outcome(404, "not_found", "Deze pagina bestaat niet.", "Ga naar het begin.")
WRONG = Outcome(422, "wrong_request", "Er klopt iets niet aan de invoer.", "Ga terug en kijk de velden na.")
BROKEN = Outcome(
    500, "unexpected", "Er ging iets mis. Er is niets veranderd.", "Probeer het opnieuw. Blijft het misgaan? Meld het."
)


def add_handlers(app: FastAPI) -> None:
    """Tell the app how each error is answered."""

    def not_signed_in(request: Request, _: Exception) -> Response:
        if request.url.path.startswith(API):
            return JSONResponse({"error": "not_signed_in"}, 401)
        wanted = request.url.path if request.method == "GET" else "/"
        return RedirectResponse(f"/inloggen?verder={quote(wanted)}", 303)

    def known(request: Request, error: Exception) -> Response:
        return _tell(request, next(OUTCOMES[kind] for kind in type(error).__mro__ if kind in OUTCOMES))

    def http(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        if status == 404:
            return _tell(request, NOT_FOUND)
        return _tell(request, Outcome(status, "wrong_request", WRONG.what, WRONG.next))

    def unexpected(request: Request, _: Exception) -> Response:
        response = _tell(request, BROKEN)
        response.headers.update(HEADERS)  # this answer is made outside the middleware that adds them
        return response

    app.add_exception_handler(NotSignedIn, not_signed_in)
    for kind in OUTCOMES:
        app.add_exception_handler(kind, known)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, lambda request, _: _tell(request, WRONG))
    app.add_exception_handler(Exception, unexpected)


def _tell(request: Request, outcome: Outcome) -> Response:
    catalogue = translations(language_of(request))
    if request.url.path.startswith(API):
        return JSONResponse({"error": outcome.code, "message": catalogue.gettext(outcome.what)}, outcome.status)
    try:
        return render(request, "error.html", {"outcome": outcome}, maybe_signed_in(request), outcome.status)
    except SQLAlchemyError:  # the database is what went wrong; the page shows without a name
        return render(request, "error.html", {"outcome": outcome}, None, outcome.status)
