"""Sheets without content: the standing meeting's agenda and evaluation sheet, and the monthly report."""
