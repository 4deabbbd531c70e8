"""How the machine's own Chromium is started, for every test and measurement that opens pages."""

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""As root and without asking anybody on the network for anything."""
