"""The invented people of the demo: experts, recipients, approvers, an administrator, an auditor. It stores nobody."""

from dataclasses import dataclass

from pipeline.store.users import HeldRole, NewUser, ScopeKind, UserRole


@dataclass(frozen=True)
class DemoPerson:
    """Someone who can log in to the demo, and what there is to see as this person."""

    user: NewUser
    what: str


def demo_people(password: str) -> tuple[DemoPerson, ...]:
    """Everybody in the demo, all with the same password, which is made when the demo starts."""
    return (*_experts(password), *_recipients(password), *_others(password))


def _experts(password: str) -> tuple[DemoPerson, ...]:
    expert = HeldRole(UserRole.EXPERT)
    return (
        DemoPerson(
            NewUser(
                "noor", "Noor Adema", "lezer 1", password, (expert, *_school("brin:02TZ00")), languages=("nl", "en")
            ),
            "expert; veiligheidscoördinator van een school in Zaandam, en voor die school alleen ontvanger",
        ),
        DemoPerson(NewUser("jamal", "Jamal Verwey", "lezer 2", password, (expert,)), "expert; jongerenwerker"),
        DemoPerson(
            NewUser("petra", "Petra Holtrop", "lezer 3", password, (expert,), police=True),
            "expert; leest namens de politie",
        ),
        DemoPerson(
            NewUser("ilse", "Ilse Brandsma", "lezer 4", password, (expert,), languages=("nl", "en")),
            "expert; team Jeugd & Veiligheid",
        ),
    )


def _recipients(password: str) -> tuple[DemoPerson, ...]:
    rows = (
        ("marit", "Marit Sijmons", "coördinator van Scholengroep Krommenie", "brin:20EY00", False),
        ("bas", "Bas Oudkerk", "coördinator van Trias VMBO in Krommenie", "brin:20EY07", False),
        ("hanna", "Hanna Kuijt", "coördinator van Praktijkschool De Brug in Assendelft", "brin:20FF00", False),
        ("rick", "Rick Tolhuis", "wijkagent Krommenie en Assendelft", None, True),
        ("wendy", "Wendy Prins", "wijkagent Zaandam, Koog aan de Zaan en Wormerveer", None, True),
        ("farida", "Farida Benning", "team Jeugd & Veiligheid Zaanstad", None, False),
        ("dennis", "Dennis Rozing", "jongerenwerk Zaanstad", None, False),
        ("karin", "Karin Zwaan", "handhaving Zaanstad", None, False),
        ("lotte", "Lotte Vermaas", "hulppartner Zaanstad", None, False),
        ("samira", "Samira Post", "coördinator van een school in Amsterdam-Zuidoost", "brin:14RF04", False),
        ("joost", "Joost Kramer", "jeugdagent, eenheid Amsterdam", None, True),
        ("nadia", "Nadia Wolters", "team Jeugd & Veiligheid, stadsdeel Zuidoost", None, False),
        ("pim", "Pim Haverkort", "jongerenwerk Zuidoost", None, False),
        ("elif", "Elif de Boer", "Ouder- en Kindteam Amsterdam", None, False),
        ("mirjam", "Mirjam Haan", "OTSV Amsterdam: scholen die vastlopen", None, False),
    )
    return tuple(
        DemoPerson(
            NewUser(
                username,
                name,
                f"ontvanger {number}",
                password,
                _school(school) if school else (HeldRole(UserRole.RECIPIENT),),
                police,
            ),
            f"ontvanger; {what}",
        )
        for number, (username, name, what, school, police) in enumerate(rows, start=1)
    )


def _others(password: str) -> tuple[DemoPerson, ...]:
    rows = (
        ("truus", "Truus Meerman", UserRole.ORDER_APPROVER, "keurt opdrachten goed"),
        ("henk", "Henk Langedijk", UserRole.ORDER_APPROVER, "keurt opdrachten goed"),
        ("beheer", "Mo Lindeman", UserRole.ADMIN, "beheer"),
        ("controle", "Vera Duin", UserRole.AUDITOR, "controleur van het logboek"),
    )
    return tuple(
        DemoPerson(NewUser(username, name, f"medewerker {number}", password, (HeldRole(role),)), what)
        for number, (username, name, role, what) in enumerate(rows, start=1)
    )


def _school(school_id: str) -> tuple[HeldRole, ...]:
    """Recipient, attached to this school."""
    return (HeldRole(UserRole.RECIPIENT, ScopeKind.SCHOOL, school_id),)
