"""Reports as PDF: headings, long tables, page numbers, and a structure for screen readers."""
