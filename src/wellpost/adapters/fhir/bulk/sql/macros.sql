-- Words that the other files here are written in. Each says what its namesake in elements.py says.

-- (What can be written in many ways is asked about first in the way in which nearly all is written:
-- it is a matter of time, not of meaning.)

-- A text without the white space around it; nothing is the empty text.
CREATE OR REPLACE MACRO text_of(written) AS
    CASE
        WHEN left(written, 1) > ' ' AND right(written, 1) > ' ' THEN written
        ELSE coalesce(trim(written, E' \t\n\r\f\v'), '')
    END;

-- The same of what is seldom looked at: shorter, and slower.
CREATE OR REPLACE MACRO trimmed(written) AS coalesce(trim(written, E' \t\n\r\f\v'), '');

-- A resource's id, read as JSON: null for what is no text.
CREATE OR REPLACE MACRO id_of(json) AS
    CASE
        WHEN NOT starts_with(json, '"') OR json = '""' THEN NULL
        WHEN contains(json, '\') THEN json_extract_string(json, '$')
        ELSE substr(json, 2, length(json) - 2)
    END;

-- The local calendar day that a date or a time names, with a zone or without; null when none.
CREATE OR REPLACE MACRO day_of(written) AS
    CASE
        WHEN written IS NULL THEN NULL
        WHEN CAST(try_cast(left(written, 10) AS DATE) AS VARCHAR) = left(written, 10)
            THEN try_cast(left(written, 10) AS DATE)
        WHEN CAST(try_cast(left(text_of(written), 10) AS DATE) AS VARCHAR)
            = left(text_of(written), 10)
            THEN try_cast(left(text_of(written), 10) AS DATE)
    END;

-- Whether a reference is written as nearly all are: `Patient/abc-1`.
CREATE OR REPLACE MACRO is_plain(written) AS
    regexp_full_match(written, '[A-Za-z]+/[A-Za-z0-9.-]+');

-- Such a one.
CREATE OR REPLACE MACRO plainly(written) AS {
    'kind': split_part(written, '/', 1),
    'id': split_part(written, '/', 2),
    'system': '',
    'value': '',
    'display': ''
};

-- Every other way: absolute, of a version, urn:uuid, on a condition (`Patient?identifier=system|value`),
-- by identifier. What leads into the resource itself means nothing here.
CREATE OR REPLACE MACRO seldom(reference) AS
    list_transform(
        list_transform(
            [
                {
                    'written': trimmed(reference.reference),
                    'type': trimmed(reference.type),
                    'display': trimmed(reference.display),
                    'system': trimmed(reference.identifier.system),
                    'value': trimmed(reference.identifier.value)
                }
            ],
            lambda one: {
                'one': one,
                'way': CASE
                    WHEN one.written = '' THEN 'identifier'
                    WHEN starts_with(one.written, '#') THEN 'inside'
                    WHEN contains(one.written, '?identifier=') THEN 'condition'
                    WHEN starts_with(one.written, 'urn:uuid:') THEN 'urn'
                    ELSE 'address'
                END,
                'token': url_decode(substr(one.written, strpos(one.written, '?identifier=') + 12)),
                'address': split_part(one.written, '/_history/', 1)
            }
        ),
        lambda said: {
            'kind': CASE said.way
                WHEN 'identifier' THEN said.one.type
                WHEN 'urn' THEN said.one.type
                WHEN 'condition'
                    THEN split_part(split_part(said.one.written, '?identifier=', 1), '/', -1)
                WHEN 'address' THEN split_part(said.address, '/', -2)
                ELSE ''
            END,
            'id': CASE said.way
                WHEN 'urn' THEN substr(said.one.written, 10)
                WHEN 'address' THEN split_part(said.address, '/', -1)
                ELSE ''
            END,
            'system': CASE
                WHEN said.way = 'identifier' THEN said.one.system
                WHEN said.way = 'condition' AND contains(said.token, '|')
                    THEN split_part(said.token, '|', 1)
                ELSE ''
            END,
            'value': CASE
                WHEN said.way = 'identifier' THEN said.one.value
                WHEN said.way = 'condition' AND contains(said.token, '|')
                    THEN substr(said.token, strpos(said.token, '|') + 1)
                WHEN said.way = 'condition' THEN said.token
                ELSE ''
            END,
            'display': said.one.display
        }
    )[1];

-- Whom or what a reference means, in whichever of FHIR's ways it was written. The name shown beside
-- it only where it may decide: where it is not plain.
CREATE OR REPLACE MACRO meant(reference) AS
    CASE
        WHEN reference IS NULL
            THEN {'kind': '', 'id': '', 'system': '', 'value': '', 'display': ''}
        WHEN is_plain(reference.reference) THEN plainly(reference.reference)
        ELSE seldom(reference)
    END;

-- The type that a reference names.
CREATE OR REPLACE MACRO kind_named(reference) AS
    CASE
        WHEN is_plain(reference.reference) THEN split_part(reference.reference, '/', 1)
        ELSE seldom(reference).kind
    END;

-- The id in a reference that is written as nearly all are and leads to this type; else null. What
-- LIKE decides costs a third of what a regular expression does, and this is asked of every line.
CREATE OR REPLACE MACRO plain_id(kind, written) AS
    CASE
        WHEN written LIKE kind || '/%'
            AND written NOT LIKE kind || '/%/%'
            AND NOT contains(written, '?')
            AND right(written, 1) > '/' -- neither white space, nor nothing at all
            THEN substr(written, length(kind) + 2)
    END;

-- The id of a patient whose reference is such a one.
CREATE OR REPLACE MACRO plain_patient(reference) AS plain_id('Patient', reference.reference);

-- Whether a reference names a practitioner, as far as that is seen at once.
CREATE OR REPLACE MACRO is_clinic(written) AS
    written LIKE 'Practitioner/%'
    AND written NOT LIKE 'Practitioner/%/%'
    AND NOT contains(written, '?');

-- Whether a reference says all that is asked of it, and can stand beside another behind a bar: what
-- leads into the resource, means one by identifier, or needs its type said beside it does not.
CREATE OR REPLACE MACRO says_all(written) AS
    written >= 'A'
    AND written < '{'
    AND NOT starts_with(written, '[')
    AND NOT starts_with(written, 'urn:uuid:')
    AND contains(written, '/')
    AND NOT contains(written, '?')
    AND NOT contains(written, '|');

-- Whether codes can stand beside each other between bars.
CREATE OR REPLACE MACRO needs_no_quotes(codes) AS NOT (contains(codes, '|') OR contains(codes, '"'));

-- Whom a reference means that is no such one.
CREATE OR REPLACE MACRO meant_otherwise(plain, reference) AS
    CASE WHEN plain IS NULL THEN meant(reference) END;

-- The id of the patient meant, plainly or otherwise; null for what cannot be one.
CREATE OR REPLACE MACRO id_of_patient(plain, otherwise) AS
    coalesce(plain, CASE WHEN otherwise.kind IN ('', 'Patient') THEN nullif(otherwise.id, '') END);

-- Whether a reference, plain or otherwise, leads to nobody: it is missing, or is none.
CREATE OR REPLACE MACRO means_nobody(plain, otherwise) AS
    coalesce(plain, '') = '' AND coalesce(otherwise.id || otherwise.value, '') = '';

-- Whom a reference means, as far as two of them are compared; null for nobody. One that names no
-- type means a patient.
CREATE OR REPLACE MACRO whose(plain, otherwise) AS
    CASE
        WHEN plain IS NOT NULL THEN ['', plain, '', '']
        WHEN NOT means_nobody(plain, otherwise)
            THEN [
                CASE WHEN otherwise.kind <> 'Patient' THEN otherwise.kind ELSE '' END,
                otherwise.id,
                otherwise.system,
                otherwise.value
            ]
    END;

-- The types that the references of a list name.
CREATE OR REPLACE MACRO kinds_named(many) AS
    CASE
        WHEN many IS NULL THEN []
        WHEN len(many) = 1 AND is_plain(many[1].reference)
            THEN [split_part(many[1].reference, '/', 1)]
        ELSE list_transform(many, lambda one: kind_named(one))
    END;

-- Whether a reference of a list names a type of the patient's side.
CREATE OR REPLACE MACRO any_named(many, patient_side) AS
    CASE
        WHEN many IS NULL THEN false
        WHEN len(many) = 1 AND is_clinic(many[1].reference) THEN false
        WHEN len(many) = 1 AND is_plain(many[1].reference)
            THEN list_contains(patient_side, split_part(many[1].reference, '/', 1))
        ELSE list_has_any(list_transform(many, lambda one: kind_named(one)), patient_side)
    END;

-- Whether a reference means anything at all.
CREATE OR REPLACE MACRO is_given(one) AS
    coalesce(one.kind || one.id || one.system || one.value || one.display, '') <> '';

-- The references of a list that mean anything.
CREATE OR REPLACE MACRO all_meant(many) AS
    CASE
        WHEN many IS NULL THEN []
        WHEN len(many) = 1 AND is_plain(many[1].reference) THEN [plainly(many[1].reference)]
        ELSE list_filter(
            list_transform(many, lambda each: meant(each)),
            lambda one: is_given(one)
        )
    END;

-- The ids of the same.
CREATE OR REPLACE MACRO ids_meant(many) AS
    CASE
        WHEN many IS NULL THEN []
        WHEN len(many) = 1 AND is_plain(many[1].reference)
            THEN [split_part(many[1].reference, '/', 2)]
        ELSE list_transform(
            list_filter(
                list_transform(many, lambda each: meant(each)),
                lambda one: is_given(one)
            ),
            lambda one: one.id
        )
    END;

-- The id of the only communication of a list, where it is plain; else null.
CREATE OR REPLACE MACRO only_one_meant(many) AS
    CASE WHEN len(many) = 1 THEN plain_id('Communication', many[1].reference) END;

-- Every code of a list of concepts.
CREATE OR REPLACE MACRO codes_of(concepts) AS
    flatten(
        list_transform(
            coalesce(concepts, []),
            lambda each: list_transform(coalesce(each.coding, []), lambda one: text_of(one.code))
        )
    );

-- Who takes part, without which patient it is: for the patient's side the type alone.
CREATE OR REPLACE MACRO side_said(written, patient_side) AS
    CASE
        WHEN list_contains(patient_side, split_part(written, '/', 1))
            THEN split_part(written, '/', 1) || '/'
        ELSE written
    END;

-- Who received a message of which no more is said than the sides, and which patient took part.
CREATE OR REPLACE MACRO plain_recipient(sides, party_id) AS
    plainly(
        split_part(sides, '|', 2)
        || CASE WHEN ends_with(sides, '|Patient/') THEN party_id ELSE '' END
    );

-- Who takes part in a message or a visit, without which patient it is: asked about once for each way
-- it is written. The first is the sender, where there is one.
CREATE OR REPLACE MACRO parties_said(parties, patient_side) AS
    CAST(
        to_json(
            list_transform(
                parties,
                lambda one: CASE
                    WHEN list_contains(patient_side, one.kind)
                        THEN {'kind': one.kind, 'id': '', 'system': '', 'value': '', 'display': ''}
                    ELSE one
                END
            )
        ) AS VARCHAR
    );

-- The first patient who takes part.
CREATE OR REPLACE MACRO patient_among(parties) AS
    CASE
        WHEN parties[1].kind = 'Patient' THEN parties[1]
        WHEN parties[2].kind = 'Patient' THEN parties[2]
        WHEN len(parties) > 2 THEN list_filter(parties, lambda one: one.kind = 'Patient')[1]
    END;

-- Whether the type of one is not said.
CREATE OR REPLACE MACRO is_untyped(one) AS coalesce(one.kind = '' AND one.id <> '', false);

-- Whether the types of some are not said: whoever has the id is meant.
CREATE OR REPLACE MACRO has_untyped(parties) AS
    coalesce(parties[1].kind = '' AND parties[1].id <> '', false)
    OR coalesce(parties[2].kind = '' AND parties[2].id <> '', false)
    OR len(parties) > 2
    AND len(list_filter(parties, lambda one: one.kind = '' AND one.id <> '')) > 0;
