"""A reader's own side of the room: settings, care for the reader, and handing over at the end of a shift."""
