"""Membership by pathling, run by its own Python: pathling_run.py FOLDER OUT [WARM].

Pathling reads and encodes the NDJSON; what it gives are Spark tables, asked by Spark SQL: reading,
encoding and asking are timed, Spark's start is not. With WARM it is asked about those few patients
before, so that its encoders are made already.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from pathling import PathlingContext
from pyspark.sql import SparkSession

JAR = next((Path(__import__("pathling").__file__).parent / "jars").glob("library-runtime-*.jar"))

SEEN = """
SELECT DISTINCT substring(subject.reference, 9) AS patient FROM (
  SELECT subject, substring(period.start, 1, 10) AS day, coalesce(
      filter(participant, p -> exists(p.type, t -> exists(t.coding, c -> c.code = 'PPRF')))[0],
      filter(participant, p -> exists(p.type, t -> exists(t.coding, c -> c.code = 'ATND')))[0],
      filter(participant, p -> exists(p.type, t -> exists(t.coding, c -> c.code = 'SPRF')))[0],
      participant[0]
    ).individual.reference AS clinician
  FROM encounters WHERE status IN ('in-progress', 'onleave', 'finished')
) WHERE clinician = 'Practitioner/chen' AND day BETWEEN '2021-06-01' AND '2021-08-29'
"""
SENT = """
SELECT DISTINCT substring(c.subject.reference, 9) AS patient
FROM communications c
WHERE c.status = 'completed' AND size(c.payload) > 0
  AND c.sender.reference IN ('Practitioner/chen', 'PractitionerRole/chen-north')
  AND NOT coalesce(exists(c.medium, m -> exists(m.coding, d -> d.code IN
    ('PHONE', 'EMAILWRIT', 'FAXWRIT', 'MAILWRIT', 'SMSWRIT', 'VERBAL'))), false)
  AND exists(c.recipient, w -> w.reference = c.subject.reference
    OR w.reference = concat('RelatedPerson/', substring(c.subject.reference, 9), '-r'))
  AND greatest(substring(c.sent, 1, 10), coalesce(substring(c.received, 1, 10), ''))
    BETWEEN '2021-01-01' AND '2021-12-31'
"""


WHOLE = f"""
SELECT s.patient, m.patient IS NOT NULL AS sent FROM ({SEEN}) s LEFT JOIN ({SENT}) m
ON m.patient = s.patient
"""


def asked(context: PathlingContext, folder: str) -> dict[str, bool]:
    """Each patient of the denominator, and whether the numerator holds them."""
    data = context.read.ndjson(folder)
    for kind, name in (("Encounter", "encounters"), ("Communication", "communications")):
        data.read(kind).createOrReplaceTempView(name)
    return {row.patient: row.sent for row in context.spark.sql(WHOLE).collect()}


def main(folder: str, out: str, warm: str = "") -> None:
    """Write each patient's membership, and the seconds."""
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.jars", str(JAR)).config("spark.driver.memory", "6g")
        .config("spark.sql.shuffle.partitions", "4").config("spark.ui.enabled", "false")
        .getOrCreate()
    )  # fmt: skip
    context = PathlingContext.create(spark)
    if warm:
        asked(context, warm)
    began = time.perf_counter()
    members = asked(context, folder)
    seconds = time.perf_counter() - began
    Path(out).write_text(json.dumps({"seconds": seconds, "members": members}))


main(*sys.argv[1:])
