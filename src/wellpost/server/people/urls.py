"""Addresses of `people`: the pages that somebody without an account comes to."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import invitation_pages, member_pages, sign_in_pages, step_up_pages
from .single_sign_on import ending as ended_there
from .single_sign_on import pages as single_sign_on

urlpatterns: list[URLPattern] = [
    path("invitation/", invitation_pages.invitation, name="invitation"),
    path("invitation/account/", invitation_pages.account, name="invitation_account"),
    path("invitation/member/", member_pages.member_invitation, name="member_invitation"),
    path("account/sign-ins/", sign_in_pages.sign_ins, name="sign_ins"),
    path("account/sign-ins/end/", sign_in_pages.end, name="end_sign_in"),
    path("account/sign-ins/end-others/", sign_in_pages.end_others, name="end_other_sign_ins"),
    path("account/single-sign-on/", single_sign_on.begin, name="single_sign_on"),
    path("account/single-sign-on/again/", single_sign_on.begin_again, name="single_sign_on_again"),
    path("account/single-sign-on/back/", single_sign_on.back, name="single_sign_on_back"),
    path("account/single-sign-on/ended/", ended_there.ended, name="single_sign_on_ended"),
    path("account/still-you/", step_up_pages.shown, name="step_up_shown"),
]
