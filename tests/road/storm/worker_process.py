"""`seinpost work …` as it is, with the invented analysis in place of the models: a run is about the road."""

from seinpost import composition
from seinpost.cli import main
from seinpost.settings import Settings
from tests.road.invented import analyse

if __name__ == "__main__":

    def invented(settings: Settings) -> composition.Analyse:
        """Words decide, nothing else."""
        return analyse

    composition.analyser = invented
    main.main()
