"""Signing in by the practice's own sign-in (OpenID Connect), for those who work at a practice.

It shows who somebody is and gives no right: whoever has no membership today stays outside.
"""
