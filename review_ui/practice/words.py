"""What the practice room says: how an answer compares with ours, and the names of the series. No marks, no count."""

from enum import StrEnum

from review_ui.practice.cases import Case, series


class Compared(StrEnum):
    """How an answer stands beside ours."""

    SAME = "same"
    ALSO_FINE = "also_fine"
    SAME_VERDICT = "same_verdict"
    OTHER = "other"


SAID: dict[Compared, str] = {
    Compared.SAME: "Zo lazen wij het ook.",
    Compared.ALSO_FINE: "Dat is ook goed te verdedigen. Wij kozen iets anders.",
    Compared.SAME_VERDICT: "Hetzelfde oordeel, om een andere reden.",
    Compared.OTHER: "Wij lazen het anders. Lees waarom, en kijk of u het ermee eens bent.",
}


def compared(case: Case, choice: str) -> Compared:
    """An answer beside ours."""
    if choice == case.best:
        return Compared.SAME
    if choice in case.also_fine:
        return Compared.ALSO_FINE
    return Compared.SAME_VERDICT if choice.partition(":")[0] == case.answer else Compared.OTHER


def phrases() -> list[str]:
    """Everything of this page that has to be said in English too; the posts bring their own English."""
    return [*SAID.values(), *series()]
