"""Making the detection models from labelled posts. Not used when posts are analysed."""
