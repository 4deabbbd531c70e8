"""The practice room: invented posts with explained answers. No real signal enters."""
