"""The ways to tell a recipient that something waits, each behind the interface in `channel`. None carries content."""
