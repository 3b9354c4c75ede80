"""Addresses of `people`: the pages that somebody without an account comes to."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import invitation_pages, member_pages

urlpatterns: list[URLPattern] = [
    path("invitation/", invitation_pages.invitation, name="invitation"),
    path("invitation/account/", invitation_pages.account, name="invitation_account"),
    path("invitation/member/", member_pages.member_invitation, name="member_invitation"),
]
