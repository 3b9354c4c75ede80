"""Users, practices, clinicians, staff, patients, representatives: who they are and what they may."""
