-- What is taken of an Appointment.
SELECT
    *,
    parties_said(actors, $patient_side) AS parties,
    patient_among(actors) AS party,
    has_untyped(actors) AS untyped
FROM (
    SELECT
        coalesce(wellpost_file, filename) AS file,
        resourceType IS DISTINCT FROM 'Appointment' OR id_of(id) IS NULL AS odd,
        id_of(id) AS id,
        text_of(status) AS status,
        list_transform(coalesce(participant, []), lambda one: meant(one.actor)) AS actors,
        CAST(to_json({'service': serviceType, 'appointment': appointmentType}) AS VARCHAR) AS what,
        day_of(start) AS planned_on
    FROM read_json(
        $files,
        columns = {
            wellpost_file: 'VARCHAR',
            resourceType: 'VARCHAR',
            id: 'JSON',
            status: 'VARCHAR',
            participant: 'STRUCT(actor ' || $reference || ')[]',
            serviceType: 'STRUCT(coding STRUCT(system VARCHAR, code VARCHAR)[])[]',
            appointmentType: 'STRUCT(coding STRUCT(system VARCHAR, code VARCHAR)[])[]',
            start: 'VARCHAR'
        },
        THE_OPTIONS
    )
)
