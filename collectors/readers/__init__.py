"""What each kind of source says: from the bytes of an answer to posts. Nothing here connects or keeps state."""
