"""The versioned JSON API, on the same functions as the pages."""
