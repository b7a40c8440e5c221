"""How we talk to any S3 store: short patience, plain requests, path-style addresses."""

from botocore.config import Config

CLIENT_CONFIG = Config(
    s3={"addressing_style": "path"},
    signature_version="s3v4",
    connect_timeout=2,
    read_timeout=5,
    retries={"total_max_attempts": 2, "mode": "standard"},
    # Stores other than AWS refuse the newer checksums on a plain PUT.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
