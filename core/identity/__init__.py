"""Who somebody is: local tokens and cookies, API keys, an OpenID Connect issuer's tokens."""

from core.identity.api_keys import ApiKey, ApiKeys
from core.identity.bearer import BearerTokens
from core.identity.local import EVERYBODY_MAY, LOCAL_SUBJECT, Identities
from core.identity.oidc import OidcTokens
from core.identity.opening import open_identity
from core.identity.sessions import Sessions
from core.identity.signin import PendingSignIn, SignIn
from core.identity.signing_key import load_signing_key

__all__ = [
    "EVERYBODY_MAY", "LOCAL_SUBJECT", "ApiKey", "ApiKeys", "BearerTokens", "Identities", "OidcTokens", "PendingSignIn",
    "Sessions", "SignIn", "load_signing_key", "open_identity",
]  # fmt: skip
