import pytest
from pydantic import ValidationError

from core.identity.claims import ClaimNames, subject_of
from core.settings import Settings
from core.types import Scope

ISSUER = "https://issuer.example/"


def _settings(**changes: object) -> Settings:
    return Settings.model_validate({"oidc_issuer": ISSUER, "oidc_audience": "api", **changes})


@pytest.mark.parametrize("algorithms", ["HS256", "none", "RS256 HS256", "", "rs256"])
def test_only_signatures_that_prove_who_signed_are_allowed(algorithms: str) -> None:
    with pytest.raises(ValidationError, match="OIDC_ALGORITHMS"):
        _settings(oidc_algorithms=algorithms)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"oidc_audience": None}, "OIDC_AUDIENCE"),
        ({"oidc_issuer": "http://issuer.example"}, "OIDC_ALLOW_PLAIN"),
        ({"oidc_issuer": "issuer.example"}, "https"),
        ({"oidc_issuer": None, "oidc_client_id": "pages"}, "OIDC_ISSUER"),
        ({"role_scopes": "editor"}, "ROLE=SCOPE"),
        ({"role_scopes": "editor=everything"}, "'everything'"),
    ],
)
def test_half_a_configuration_is_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        _settings(**changes)


def test_the_older_names_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTH0_DOMAIN", "tenant.eu.auth0.com")
    monkeypatch.setenv("AUTH0_API_AUDIENCE", "https://assistance")
    monkeypatch.setenv("AUTH0_ALGORITHMS", "RS256,PS256")
    settings = Settings()
    assert settings.issuer == "https://tenant.eu.auth0.com/"
    assert (settings.audiences, settings.algorithms) == (("https://assistance",), ("RS256", "PS256"))
    monkeypatch.setenv("AUTH0_ISSUER", "https://login.example/")
    assert Settings().issuer == "https://login.example/"


@pytest.mark.parametrize(
    "claims",
    [
        {"scope": "openid knowledge:read", "permissions": ["ping"]},  # Auth0
        {"scp": "knowledge:read ping"},  # Entra, for people
        {"roles": ["Office Staff"]},  # Entra, app roles
        {"realm_access": {"roles": ["offline_access", "Office Staff"]}},  # Keycloak
        {"https://example.org/roles": "staff"},  # Auth0, by an action
    ],
)
def test_scopes_are_found_where_each_issuer_has_them(claims: dict[str, object]) -> None:
    names = ClaimNames.of(
        _settings(
            role_scopes="Office Staff=knowledge:read, ping; staff=ping,knowledge:read",
            oidc_role_claims="roles realm_access.roles https://example.org/roles",
        )
    )
    assert names.granted(claims) == {Scope.KNOWLEDGE_READ, Scope.PING}


@pytest.mark.parametrize("claims", [{}, {"scope": 7}, {"scope": "ADMIN"}, {"roles": {"admin": True}}, {"roles": [7]}])
def test_anything_else_grants_nothing(claims: dict[str, object]) -> None:
    assert ClaimNames.of(_settings(role_scopes="admin=admin")).granted(claims) == frozenset()


def test_a_person_is_another_at_another_issuer() -> None:
    assert subject_of(ISSUER, "ana") != subject_of("https://other.example", "ana")


def test_any_subject_fits_into_the_column_and_none_takes_the_place_of_another() -> None:
    long = subject_of(ISSUER, "x" * 255)
    assert len(long) <= 200
    assert len({long, subject_of(ISSUER, "x" * 254), subject_of(ISSUER, long), subject_of(ISSUER, "a\0")}) == 4
