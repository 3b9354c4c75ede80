"""`wellpost retention`: how long messages are kept, and their end."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from wellpost.cli.arguments import Subparsers
from wellpost.cli.progress import counting
from wellpost.errors import RequestError

if TYPE_CHECKING:
    from wellpost.server.messaging.retention.planning import Plan, Record
    from wellpost.server.people.models import Practice


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its three deeds."""
    parser = subparsers.add_parser(
        "retention",
        help="destroy the keys of messages that need not be kept any longer",
        description="A practice says how many years after the last contact with a patient it "
        "keeps messages, and of minors until which age. After that their keys are destroyed, and "
        "nobody opens them again; that they were written stays and counts. Legal holds are set "
        "on the server's pages.",
    )
    deeds: Any = parser.add_subparsers(dest="deed", metavar="DEED", required=True)
    _add_policy(deeds)
    _add_plan(deeds)
    _add_apply(deeds)


def _add_policy(deeds: Subparsers) -> None:
    parser = _add(
        deeds, "policy", "set how long messages are kept",
        "Set how long messages are kept from now on. Nothing is destroyed by it.",
    )  # fmt: skip
    parser.add_argument("--years", type=int, required=True, metavar="N", help="years")
    parser.add_argument(
        "--minors-until", type=int, required=True, metavar="AGE", help="of minors until this age"
    )
    parser.add_argument("--source", default="", metavar="TEXT", help="which law asks for it")
    parser.set_defaults(run=_policy)


def _add_plan(deeds: Subparsers) -> None:
    parser = _add(
        deeds, "plan", "what would be destroyed; nothing is",
        "Print whose conversations need not be kept any longer, by the identifiers of their "
        "records, and the code by which `apply` destroys exactly these. Nothing is done.",
    )  # fmt: skip
    parser.set_defaults(run=_plan)


def _add_apply(deeds: Subparsers) -> None:
    parser = _add(
        deeds, "apply", "destroy what the plan says, for good",
        "Destroy the keys and files of what the plan says. This cannot be undone. It can be "
        "stopped; a new plan shows what is left.",
    )  # fmt: skip
    parser.add_argument("--plan", required=True, metavar="CODE", help="the plan's code")
    parser.set_defaults(run=_apply)


def _add(deeds: Any, name: str, says: str, description: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = deeds.add_parser(name, help=says, description=description)
    parser.add_argument("--practice", required=True, metavar="TIN", help="the practice")
    return parser


def _policy(arguments: argparse.Namespace) -> None:
    practice = _practice(arguments.practice)
    from wellpost.server.messaging.retention.policy import set_policy

    made = set_policy(
        practice=practice, by=None, years=arguments.years, minors_until=arguments.minors_until,
        source=arguments.source,
    )  # fmt: skip
    print(f"{practice.name} keeps messages {_rule(made.years, made.minors_until)}.")


def _plan(arguments: argparse.Namespace) -> None:
    practice = _practice(arguments.practice)
    from wellpost.server.messaging.retention.destroying import planned

    found = planned(practice=practice, by=None)
    rule = _rule(found.policy.years, found.policy.minors_until)
    print(f"{practice.name}, {found.on}: messages are kept {rule}.")
    for each in found.due:
        print(_line(each))
    _say_rest(found)
    if found.due:
        print(f"To destroy these: wellpost retention apply --practice {practice.tin}", end=" ")
        print(f"--plan {found.code}")


def _rule(years: int, age: int) -> str:
    return f"{years} years after the last contact, and at least until age {age}"


def _line(each: Record) -> str:
    return (
        f"  patient {each.patient.pk}: {each.threads:,} conversations, last contact "
        f"{each.last_contact_on}, due {each.due_on}"
    )


def _say_rest(found: Plan) -> None:
    print(f"{len(found.due):,} patients are due.")
    if found.held:
        print(f"{len(found.held):,} more would be, but for a legal hold.")
    if found.unknown:
        print(f"{len(found.unknown):,} have no date of birth; what they wrote is kept.")


def _apply(arguments: argparse.Namespace) -> None:
    practice = _practice(arguments.practice)
    from wellpost.server.messaging.retention.destroying import apply

    with counting("patients") as said:
        done = apply(practice=practice, by=None, code=arguments.plan, said=said)
    keys, files = sum(each.keys for each in done), sum(each.files for each in done)
    print(f"Destroyed for {len(done):,} patients: {keys:,} keys and {files:,} files.")
    print("Backups made before still hold them, until they are let go of.")


def _practice(tin: str) -> Practice:
    from wellpost.server.config import serving

    serving.set_up()
    serving.prepare_database()
    from wellpost.server.people.models import Practice

    found = Practice.objects.filter(tin=tin).first()
    if found is None:
        raise RequestError(f"tin {tin}: the server has no such practice.")
    return found
