"""What stands on every report: what was asked, the policies, the law, what was changed by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from wellpost.reports.attested import shown, title
from wellpost.reports.documents import Column, Document, Made, Section, Table
from wellpost.reports.request import Request
from wellpost.reports.words import name
from wellpost.rules.describe import statements
from wellpost.rules.policies import checked_ground, policies
from wellpost.terms import spoken


def heading(request: Request) -> str:
    """Program, year and period in a line."""
    attested = f", attested on {request.attested_on}" if request.attested_on else ""
    return (
        f"{request.rules.name} {request.rules.year}, {request.period} "
        f"({request.period.days} days){attested}"
    )


def asked(request: Request, made: Made) -> Section:
    """Program, period, when it was made and by what."""
    pairs = [
        ("Program", f"{request.rules.program.title} ({request.rules.name}), {request.rules.year}"),
        ("Reporting period", f"{request.period}, {request.period.days} days"),
        ("Made", f"{made.at:%Y-%m-%d %H:%M} UTC by {made.product}"),
    ]
    if made.by:
        pairs.append(("Made for", made.by))
    if request.attested_on:
        pairs.append(("Attested on", str(request.attested_on)))
    return Section("What this report is about", pairs=pairs)


def closing(request: Request) -> Iterator[Section]:
    """Exclusions and changes by hand where there are any, then policies and the law."""
    if request.overrides:
        yield changed_by_hand(request)
    if request.claims:
        yield _claims(request)
    if request.attested:
        yield _answers(request)
    yield _policies(request)
    yield _law(request)


def changed_by_hand(request: Request) -> Section:
    """Each override: what stands there now, who put it there and why."""
    columns = (
        Column("measure", "Measure"),
        Column("reporter", "Reporter"),
        Column("numerator", "Numerator", "number"),
        Column("denominator", "Denominator", "number"),
        Column("by", "Changed by"),
        Column("reason", "Reason"),
    )
    rows = [
        (spoken(o.measure), name(o.reporter), o.numerator, o.denominator, o.by, o.reason)
        for o in request.overrides
    ]
    lines = ("These numbers were not counted. Somebody put them there by hand.",)
    return Section("Changed by hand", lines, table=Table(columns, rows))


def warnings(request: Request) -> Sequence[str]:
    """What must be said above the numbers."""
    number = len(request.overrides)
    if not number:
        return ()
    subject = "1 number was" if number == 1 else f"{number} numbers were"
    return (f"{subject} changed by hand; see “Changed by hand”.",)


def alike(request: Request, made: Made) -> tuple[tuple[str, str], ...]:
    """What every line of a spreadsheet repeats, so that it is never without its law."""
    return (
        ("program", request.rules.name),
        ("year", str(request.rules.year)),
        ("period_start", str(request.period.start)),
        ("period_end", str(request.period.end)),
        ("policies", policies_line(request)),
        ("made_at", f"{made.at:%Y-%m-%dT%H:%M:%SZ}"),
        ("made_by", made.product),
    )


def policies_line(request: Request) -> str:
    """Every policy in force: `seen=any_encounter, …`."""
    settled = request.policies_in_force().items()
    return ", ".join(f"{policy}={_value(value)}" for policy, value in settled)


def with_frame(request: Request, made: Made, document: Document) -> Document:
    """The document between what was asked and what stands on every report."""
    return Document(
        document.name,
        document.title,
        heading(request),
        document.main,
        (asked(request, made), *document.before),
        (*document.after, *closing(request)),
        alike(request, made),
        document.whole,
        warnings(request),
    )


def _answers(request: Request) -> Section:
    columns = (Column("measure", "Measure"), Column("answer", "Answer"))
    rows = [(title(name, request.rules), shown(each)) for name, each in request.attested.items()]
    lines = ("Wellpost did not count these: the practice answered for itself.",)
    return Section("Answered by the practice", lines, table=Table(columns, rows))


def _claims(request: Request) -> Section:
    columns = (
        Column("measure", "Measure"),
        Column("ground", "Ground"),
        Column("says", "What it says"),
        Column("shown_by", "Shown by"),
    )
    rows = []
    for claim in request.claims:
        ground = checked_ground(claim.ground)
        rows.append((spoken(claim.measure), ground.name, ground.says, ground.shown_by))
    return Section("Exclusions claimed", table=Table(columns, rows))


def _policies(request: Request) -> Section:
    columns = (
        Column("policy", "Policy"),
        Column("value", "Value"),
        Column("means", "What it means"),
    )
    rows = [
        (policy, _value(value), _means(policy, value))
        for policy, value in request.policies_in_force().items()
    ]
    lines = ("Where the law leaves something open, one answer holds for every patient.",)
    return Section("Policies in force", lines, table=Table(columns, rows))


def _value(value: str | Mapping[str, str]) -> str:
    if isinstance(value, str):
        return value
    return ", ".join(f"{measure}: {each}" for measure, each in value.items())


def _means(policy: str, value: str | Mapping[str, str]) -> str:
    known = policies()[policy]
    if isinstance(value, str):
        return known.values.get(value, known.says)
    return known.says


def _law(request: Request) -> Section:
    columns = (
        Column("measure", "Measure"),
        Column("asks", "Asks"),
        Column("value", "Value"),
        Column("since", "Since", "day"),
        Column("cite", "Source"),
        Column("says", "What it says"),
        Column("checked", "Checked", "day"),
    )
    wanted = {None, *(spoken(rule.measure) for rule in request.measures)}
    rows = [
        (one.measure or "–", one.asks, one.value, one.since, one.cite, one.says, one.checked)
        for one in statements(request.rules)
        if one.measure in wanted
    ]
    return Section("The rules, with their sources", table=Table(columns, rows))
