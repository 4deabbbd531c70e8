"""The single rewrites that `nlp.normalise` makes one after another; each undoes one kind of disguise and says so."""
