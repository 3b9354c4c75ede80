"""Attesting, what was attested, its packet, and what moved since."""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wellpost.rules.load import program_year
from wellpost.scoring.verdict import Verdict
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.server.people.step_up import still_you
from wellpost.server.quality import attesting, queries
from wellpost.server.quality.models import Attestation
from wellpost.server.quality.reporting import asking
from wellpost.server.quality.viewing import viewer
from wellpost.terms import written

from ..desk import ClinicRequest, at_desk
from ..files import saved
from ..measures import words
from ..measures.cards import PRACTICE
from .answers import in_words
from .forms import AttestForm
from .who import asked_of, named, npi_of

SAID = {Verdict.NOT_MET.value: gettext_lazy("Not met")}
"""What was attested is over: nothing in it is "not yet"."""


@at_desk(Permission.ATTEST)
@still_you
def attest(request: ClinicRequest, who: str) -> HttpResponse:
    """Freeze the numbers. Who attests proves once more who they are."""
    viewer(request.user, request.desk.practice).require(npi_of(who), Permission.ATTEST)
    answer: HttpResponse = _attest(request, who)
    return answer


@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]  # allauth has no types
def _attest(request: ClinicRequest, who: str) -> HttpResponse:
    asked, here = asked_of(request), request.desk.practice
    rules = program_year(asked.program, asked.year)
    form = AttestForm(rules, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        kept = form.attempt(
            lambda: attesting.attest(
                by=request.user,
                practice=here,
                npi=npi_of(who),
                asked=asked,
                claims=given.get("claims", ()),
                answers=given.get("answers", ()),
            )
        )
        if kept:
            messages.success(request, _("The numbers are attested and frozen."))
            return redirect("reports:attestation", kept.pk)
    unsupported = in_words(asking(request.user, here, npi_of(who), asked).unsupported)
    context = {
        **named(request, who),
        "asked": asked,
        "rules": rules,
        "form": form,
        "unsupported": unsupported,
    }
    return render(request, "reports/attest.html", context)


@at_desk(Permission.READ_MEASURES)
def attestation(request: ClinicRequest, attestation_id: UUID) -> HttpResponse:
    """What was attested, by whom and when."""
    kept = attesting.attestation(request.user, request.desk.practice, attestation_id)
    return render(request, "reports/attestation.html", _of(request, kept))


@at_desk(Permission.READ_WORKLIST)
def packet(request: ClinicRequest, attestation_id: UUID, form: str) -> HttpResponse:
    """The audit packet: the ZIP for machines, or the PDF for people."""
    if form not in ("zip", "pdf"):
        raise NotAllowed("a packet has no such form.")
    here = request.desk.practice
    kept, content = attesting.packet_of(request.user, here, attestation_id, form)
    who = kept.npi or PRACTICE
    return saved(content, f"packet-{who}-{kept.program}-{kept.period}", form)


@at_desk(Permission.READ_WORKLIST)
def difference(request: ClinicRequest, attestation_id: UUID) -> HttpResponse:
    """What today's facts give otherwise, patient by patient."""
    kept, since = attesting.since(request.user, request.desk.practice, attestation_id)
    moved = [(words.MEASURES[written(each.measure)], name, each) for each, name in since.moved]
    context = {**_of(request, kept), "moved": moved, "elsewhere": since.elsewhere}
    return render(request, "reports/difference.html", context)


def _of(request: ClinicRequest, kept: Attestation) -> dict[str, object]:
    results = [
        {
            **each,
            "title": words.MEASURES[written(each["measure"])],
            "icon": words.VERDICTS[each["verdict"]][0],
            "said": SAID.get(each["verdict"], words.VERDICTS[each["verdict"]][1]),
            "percent": words.percent(each["numerator"], each["denominator"]),
        }
        for each in kept.results["results"]
    ]
    return {
        **named(request, kept.npi or PRACTICE),
        "kept": kept,
        "results": results,
        "by_hand": kept.results.get("overrides", []),
        "practice": request.desk.practice,
        "rules": program_year(kept.program, kept.year),
        "names": queries.names(request.desk.practice),
    }
