"""Sources and coverage: which kinds run, which are silent, and what only comes in when a person hands it in."""
