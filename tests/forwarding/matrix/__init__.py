"""The access matrix: who may see what, as a table made by hand, and every way to ask held against it."""
