"""Whether our notices arrive: how each channel is doing, in words, and sending again what failed. It tells nobody."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from forwarding.channels.channel import Outcome
from pipeline.store import endpoints
from pipeline.store.connection import acting
from pipeline.store.notices import ChannelName
from pipeline.store.users import User, UserRole
from review_ui.access.signed_in import NotAllowed, OwnForm, Someone
from review_ui.coverage.watchers import role_to_watch
from review_ui.dependencies import given

router = APIRouter(prefix="/bronnen/berichten", include_in_schema=False)

CHANNELS: dict[ChannelName, str] = {
    ChannelName.EMAIL: "E-mail",
    ChannelName.WEBHOOK: "Systemen van partners (webhook)",
    ChannelName.MISP: "Systemen van partners (MISP)",
    ChannelName.DECISIONS: "Systemen van partners (Kafka)",
}

PROBLEMS: dict[str, tuple[str, str]] = {
    Outcome.UNREACHABLE: ("De andere kant antwoordt niet.", "Vraag de beheerder of dat systeem werkt."),
    Outcome.NOT_ENCRYPTED: (
        "De verbinding is niet veilig, of het certificaat klopt niet.",
        "Laat de beheerder het certificaat nakijken.",
    ),
    Outcome.NOT_SIGNED_IN: ("De andere kant weigert ons wachtwoord.", "Laat de beheerder het wachtwoord nakijken."),
    Outcome.TRY_LATER: ("De andere kant is te druk of heeft een storing.", "Wacht even en verstuur het dan opnieuw."),
    Outcome.SENDER_REFUSED: ("De mailserver weigert onze afzender.", "Laat de beheerder de afzender nakijken."),
    Outcome.NO_KEY: ("Onze sleutel voor dit systeem ontbreekt.", "Laat de beheerder de sleutel terugzetten."),
    Outcome.NOT_VERIFIED: (
        "Het systeem herkent onze handtekening niet.",
        "Laat de sleutel en de klok aan beide kanten nakijken.",
    ),
    Outcome.ADDRESS_REFUSED: (
        "Naar dit adres sturen wij niets.",
        "Laat de beheerder een openbaar https-adres invullen.",
    ),
    Outcome.REDIRECTED: ("Het systeem verwijst naar een ander adres.", "Laat de beheerder het nieuwe adres invullen."),
    Outcome.CERTIFICATE: (
        "Het certificaat van de ontvanger is verlopen of klopt niet. Het bericht is daarom niet verstuurd.",
        "Bel de ontvanger. Laat de beheerder een nieuw certificaat inlezen en verstuur het dan opnieuw.",
    ),
    Outcome.REFUSED: ("De andere kant weigert het bericht.", "Laat het adres in het adresboek nakijken."),
}
"""What keeps a notice from arriving, and what to do."""


def phrases() -> list[str]:
    """Everything here that a screen may say."""
    return [*CHANNELS.values(), *(phrase for pair in PROBLEMS.values() for phrase in pair)]


def sends_again(user: User) -> bool:
    """Who may have it sent again: who reads, tunes or manages. The database asks the same."""
    return any(user.has(role) for role in (UserRole.EXPERT, UserRole.TUNER, UserRole.ADMIN))


@router.post("/{channel}/opnieuw", dependencies=[OwnForm])
def send_again(request: Request, channel: ChannelName, found: Someone) -> Response:
    """Have what failed on a channel told again."""
    role = role_to_watch(found.user)
    if role is None or not sends_again(found.user):
        raise NotAllowed("sending again is for who reads, tunes or manages")
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, role) as connection:
        told = endpoints.again(connection, channel, dependencies.clock())
    return RedirectResponse(f"/bronnen?opnieuw={told}#berichten", 303)


@router.get("/{channel}/opnieuw")
def after_a_press(channel: ChannelName, found: Someone) -> Response:
    """Whoever reloads comes back to the page; nothing is done again."""
    return RedirectResponse("/bronnen#berichten", 303)
