from typing import Any

class OAuthToolkitError(Exception):
    oauthlib_error: Any
    def __init__(self, error: Any = None, redirect_uri: str | None = None) -> None: ...

class FatalClientError(OAuthToolkitError): ...
