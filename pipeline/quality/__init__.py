"""How good detection and readings are: draws, samples and measures about the team's work, never about a person."""
