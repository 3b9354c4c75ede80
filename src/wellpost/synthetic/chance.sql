-- Every row is decided by hashes of its own number, for a subject, under the seed in force.

-- A number from 0 up to 1. (HASH of several arguments only combines their hashes, so that the
-- numbers of one row for two subjects would depend on each other; the hash of one mixes all bits.)
CREATE MACRO chance(number, subject) AS
    (HASH(XOR(number, CAST(HASH(subject, GETVARIABLE('seed')) >> 1 AS BIGINT))) >> 11)
    / 9007199254740992.0;

-- A number from 0 up to 1: those near 0 are `ratio` times as likely as those near 1, and evenly
-- so on the way (a truncated exponential). Sizes drawn so are spread evenly over orders of magnitude.
CREATE MACRO skewed(share, ratio) AS
    -LN(1 - share * (1 - 1.0 / ratio)) / LN(ratio);

-- A whole number from 0 up to `below`, each as likely as another.
CREATE MACRO draw(number, subject, below) AS
    CAST(FLOOR(chance(number, subject) * below) AS BIGINT);

-- A whole number from 0 up to `below`, 0 `ratio` times as likely as the last.
CREATE MACRO draw_skewed(number, subject, below, ratio) AS
    LEAST(CAST(FLOOR(skewed(chance(number, subject), ratio) * below) AS BIGINT), below - 1);

-- Few patients come and write most often.
CREATE MACRO patient_of(number, subject, ratio) AS
    draw_skewed(number, subject, GETVARIABLE('patients'), ratio);

-- Few clinicians have most patients: panels from tens to thousands.
CREATE MACRO clinician_of(number, subject) AS
    draw_skewed(number, subject, GETVARIABLE('clinicians'), 150);

-- A day of the year, the last too in a leap year.
CREATE MACRO day_of(number, subject) AS
    GETVARIABLE('starts_on') + CAST(draw(number, subject, GETVARIABLE('days')) AS INTEGER);

-- The numbers of the rows of this part.
CREATE MACRO numbers() AS TABLE
    SELECT range AS i FROM RANGE(GETVARIABLE('first'), GETVARIABLE('past'));
