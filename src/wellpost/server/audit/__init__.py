"""Who did what to whose data and when: rows that are written once and never changed."""
