"""What recipients still have to answer, their questions, and correcting what was sent."""
