"""The tables of django-oauth-toolkit in one migration; its 21 alter what we never had."""
