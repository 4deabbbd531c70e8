"""Finding places in posts: the gazetteer, its aliases, and the linker."""
