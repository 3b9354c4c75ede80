from typing import Any

from django.http import HttpRequest

class OAuthLibCore:
    def _extract_params(self, request: HttpRequest) -> tuple[str, str, str, dict[str, str]]: ...
    def validate_authorization_request(
        self, request: HttpRequest
    ) -> tuple[list[str], dict[str, Any]]: ...
    def create_authorization_response(
        self, request: HttpRequest, scopes: list[str], credentials: dict[str, Any], allow: bool
    ) -> tuple[str, dict[str, str], str, int]: ...
    def create_token_response(
        self, request: HttpRequest
    ) -> tuple[str, dict[str, str], str, int]: ...
    def create_revocation_response(
        self, request: HttpRequest
    ) -> tuple[str, dict[str, str], str | None, int]: ...

def get_oauthlib_core() -> OAuthLibCore: ...
