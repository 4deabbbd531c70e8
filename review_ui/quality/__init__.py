"""How well the work goes (*kwaliteit*): for the team, about the team, never about one reader."""
