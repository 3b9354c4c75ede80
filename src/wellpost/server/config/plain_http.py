"""Pages lead from http to https; addresses of programs refuse. A program that is led on in silence
goes on sending its token in the clear, and nobody notices.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]

REFUSED = (
    "This is asked over https alone. What was sent just now could be read on its way: take a "
    "token in it for known to others, and end it.\n"
)


def refuse_programs(answer: Answer) -> Answer:
    """Middleware: 403 for what a program asks over http, where the server's address is https."""
    if not settings.SECURE_SSL_REDIRECT:
        raise MiddlewareNotUsed
    programs = re.compile(settings.PROGRAMS)

    def answered(request: HttpRequest) -> HttpResponse:
        if request.is_secure() or not programs.search(request.path_info.lstrip("/")):
            return answer(request)
        return HttpResponse(REFUSED, status=403, content_type="text/plain; charset=utf-8")

    return answered
