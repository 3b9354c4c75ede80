"""Reports as workbooks; what looks like a formula stays the text it is."""
