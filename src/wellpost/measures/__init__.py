"""The measures: one short SQL file each, which an auditor can read."""
