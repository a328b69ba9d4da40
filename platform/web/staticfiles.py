"""Static files under hashed names, imports between ES modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Hashed(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's storage, following `import` statements of ES modules."""

    support_js_module_import_aggregation = True
