"""Which thread each communication belongs to, and the parties that others have to tell."""

from __future__ import annotations

from wellpost.adapters.fhir.bulk.asking import Asking
from wellpost.adapters.fhir.bulk.database import Database, statement
from wellpost.adapters.fhir.references import follow


def threads(database: Database) -> None:
    """Make the table `thread`: from a communication to the topmost above it.

    Those right below a `top` are not in it: what they are part of says it already.
    Each round doubles how far up is seen. What still rises when everything could have been seen
    goes in a circle; there the plain reading's own way says where it ends.
    """
    database.run(statement("steps/top"))
    database.run(statement("steps/deeper"))
    database.run(statement("steps/above"))
    database.run("CREATE OR REPLACE TABLE thread AS SELECT id, up AS thread_id FROM above")
    [(many,)] = database.run("SELECT count(*) FROM above")
    if not many:
        return
    for _ in range(many.bit_length() + 1):
        [(rising,)] = database.run(statement("steps/rising"))
        if not rising:
            return
        database.run(statement("steps/rise"))
    _end_circles(database)


def _end_circles(database: Database) -> None:
    above = dict(database.run(statement("steps/circling")))
    columns = {"id": "VARCHAR", "thread_id": "VARCHAR"}
    database.fill("circle", columns, ((id_, follow(id_, above.get)) for id_ in above))
    database.run(
        "UPDATE thread SET thread_id = circle.thread_id FROM circle WHERE circle.id = thread.id"
    )


def settle(asking: Asking) -> None:
    """Give a message without recipients those of its thread, and a party without a type its own.

    Exports that say both need nothing of it.
    """
    database = asking.database
    database.run(statement("steps/unsettled"))
    [(many,)] = database.run("SELECT count(*) FROM unsettled")
    if not many:
        return
    untyped = [id_ for (id_,) in database.each(statement("steps/untyped"))]
    database.fill("type_of", {"id": "VARCHAR", "kind": "VARCHAR"}, asking.kinds(untyped))
    database.run(statement("steps/settled"))
    database.run(statement("steps/settled_communications"))
    database.run(statement("steps/settled_appointments"))
