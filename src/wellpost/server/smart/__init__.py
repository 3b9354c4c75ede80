"""Apps of the patient's choice: SMART App Launch 2, registration, consent and tokens."""
