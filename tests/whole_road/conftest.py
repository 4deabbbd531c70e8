"""Nothing of its own; see the import."""

# Playwright's greenlets confuse CPython 3.11's recursion count, and a module compiled after a failed browser test then
# fails to parse. Hypothesis' plugin imports late, in the summary: import it before any browser runs.
import hypothesis  # noqa: F401
