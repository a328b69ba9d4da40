"""The REST API and its OAuth 2 server."""

from config import env

API_REQUESTS_PER_MINUTE = env.number("API_REQUESTS_PER_MINUTE", 1200)
API_TOKENS_PER_MINUTE = env.number("API_TOKENS_PER_MINUTE", 60)
API_BODY_MAX_BYTES = 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "api.schema.Description",
}
OAUTH2_PROVIDER_APPLICATION_MODEL = "api.Client"
OAUTH2_PROVIDER = {
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    # Only client credentials are granted here; what RFC 9700 says of the other grants is set all the same, so that
    # nobody finds them open who allows one of them later.
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "CLIENT_SECRET_HASHER": "once",
    "OAUTH2_VALIDATOR_CLASS": "api.oauth.Validator",
    "SCOPES_BACKEND_CLASS": "api.oauth.Scopes",
    "ALLOWED_GRANT_TYPES": ["client_credentials"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Shule API",
    "DESCRIPTION": (
        "Students, classes, attendance and marks of one school. Every school has its own address, keys and clients. "
        "Lists come in pages joined by cursors; errors are problem documents (RFC 9457); dates are ISO 8601; ids are "
        "opaque strings. New fields may appear: ignore those that you do not know."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1/",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "api.schema.finish"],
    "SORT_OPERATIONS": False,
    "ENUM_NAME_OVERRIDES": {
        "AssessmentKind": "schools.assessment.choices.Kind",
        "AccountKind": "identity.models.Kind",
        "StudentStatus": "schools.people.choices.StudentStatus",
        "StaffStatus": "schools.people.choices.StaffStatus",
        "RegisterStatus": "schools.attendance.choices.RegisterStatus",
        "AssessmentStatus": "schools.assessment.choices.AssessmentStatus",
        "AttendanceCode": "schools.attendance.choices.Code",
    },
}
