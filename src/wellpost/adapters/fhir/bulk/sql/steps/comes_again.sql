-- Resources with a subject whose id comes again further on: of whom each is, and of whom the next one.
CREATE OR REPLACE TABLE comes_again (
    came_as VARCHAR,
    file VARCHAR,
    id VARCHAR,
    patient_id VARCHAR,
    patient STRUCT(kind VARCHAR, id VARCHAR, system VARCHAR, value VARCHAR, display VARCHAR),
    next_patient_id VARCHAR,
    next_patient STRUCT(kind VARCHAR, id VARCHAR, system VARCHAR, value VARCHAR, display VARCHAR)
)
