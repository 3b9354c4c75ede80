-- The files in which a line is no resource of the type that the file begins with.
SELECT DISTINCT file FROM read_parquet($parts) WHERE odd
