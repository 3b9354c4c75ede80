-- A number from 0 up to 1, decided by the row's number, what it is drawn for, and the seed.
CREATE MACRO chance(number, subject, seed) AS
    (HASH(number, subject, seed) >> 11) / 9007199254740992.0;

-- A whole number from 0 up to `below`; `skew` above 1 makes small ones likelier.
CREATE MACRO draw(number, subject, seed, below, skew) AS
    CAST(FLOOR(POW(chance(number, subject, seed), skew) * below) AS BIGINT);

-- Which clinician a patient usually sees.
CREATE MACRO clinician_of(patient, seed, clinicians) AS
    draw(patient, 'clinician', seed, clinicians, 1.3);
