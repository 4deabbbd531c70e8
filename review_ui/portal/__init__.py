"""The recipients' portal: what was sent to someone, and the answer back."""
