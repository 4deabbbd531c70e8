"""The directory as experts see it, and test messages that show whether what is sent to a contact arrives."""
