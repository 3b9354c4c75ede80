"""Users, practices, clinicians, staff, patients, representatives: who they are, what they may."""
