-- Communications that stand above others, if at all: nothing stands above them.
CREATE OR REPLACE VIEW top AS
SELECT id FROM communication WHERE first_above IS NULL
