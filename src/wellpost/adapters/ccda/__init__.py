"""A patient's record as a C-CDA 2.1 Continuity of Care Document, for systems and for people."""
