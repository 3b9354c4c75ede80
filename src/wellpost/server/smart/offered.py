"""The scopes there are, for the toolkit: whatever `scopes` can read, by the words of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oauth2_provider.scopes import BaseScopes

from . import scopes


class Offered(BaseScopes):
    """Scopes are a language and no list: the validator reads each; these are for discovery."""

    def get_all_scopes(self) -> Mapping[str, str]:
        """Those that `smart-configuration` names."""
        return dict.fromkeys([*scopes.BESIDES, *scopes.every()], "")

    def get_available_scopes(self, *_: Any, **__: Any) -> list[str]:
        """The same for every app."""
        return list(self.get_all_scopes())

    def get_default_scopes(self, *_: Any, **__: Any) -> list[str]:
        """None: an app says what it wants."""
        return []
