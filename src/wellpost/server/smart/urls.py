"""Addresses of SMART: for the user's browser the first, for apps the others."""

from __future__ import annotations

from django.urls import path

from . import consenting, discovery, machines

app_name = "smart"
urlpatterns = [
    path("authorize/", consenting.authorize, name="authorize"),
    path("token/", machines.token, name="token"),
    path("revoke/", machines.revoke, name="revoke"),
    path("introspect/", machines.introspect, name="introspect"),
    path("register/", machines.registration, name="register"),
    path("keys/", discovery.keys, name="keys"),
    path(".well-known/openid-configuration", discovery.openid_configuration, name="openid"),
]
