"""Reports as CSV for a spreadsheet; what looks like a formula stays the text it is."""
