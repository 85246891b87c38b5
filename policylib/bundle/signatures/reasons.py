"""Why a bundle is refused: one word for each kind of refusal, which stays what it is."""

from __future__ import annotations

from enum import StrEnum

from policylib.errors import SignatureError


class Reason(StrEnum):
    """A kind of refusal, as `SignatureError.reason` and the command's JSON name it."""

    # The archive
    NOT_AN_ARCHIVE = "not-an-archive"
    ARCHIVE_CORRUPT = "archive-corrupt"
    SEVERAL_MEMBERS = "several-gzip-members"
    TRAILING_DATA = "trailing-data"
    TOO_LARGE = "too-large"
    TOO_MANY_FILES = "too-many-files"
    ABSOLUTE_NAME = "absolute-name"
    PATH_TRAVERSAL = "path-traversal"
    ODD_NAME = "odd-name"
    DUPLICATE_MEMBER = "duplicate-member"
    LINK = "link"
    DEVICE = "device"
    ODD_MEMBER = "odd-member"
    EMPTY_FOLDER = "empty-folder"
    SEAL_BROKEN = "seal-broken"
    # The signature
    UNSIGNED = "unsigned"
    SECOND_SIGNATURES = "second-signatures-file"
    SIGNATURES_MALFORMED = "signatures-malformed"
    PLUGIN = "unknown-plugin"
    NO_TOKEN = "no-token"  # noqa: S105 - no password
    SEVERAL_TOKENS = "several-tokens"
    TOKEN_MALFORMED = "token-malformed"  # noqa: S105 - no password
    ALGORITHM_NONE = "algorithm-none"
    ALGORITHM_SYMMETRIC = "algorithm-symmetric"
    ALGORITHM_UNKNOWN = "algorithm-unknown"
    ALGORITHM_MISMATCH = "algorithm-mismatch"
    SIGNATURE_WRONG = "signature-wrong"
    KEYID_MISSING = "keyid-missing"
    KEYID_MISMATCH = "keyid-mismatch"
    SCOPE_MISSING = "scope-missing"
    SCOPE_MISMATCH = "scope-mismatch"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    # The files against what is signed
    HASH_WEAK = "hash-weak"
    HASH_UNKNOWN = "hash-unknown"
    LISTED_TWICE = "file-listed-twice"
    FILE_ALTERED = "file-altered"
    FILE_ADDED = "file-added"
    FILE_MISSING = "file-missing"
    FILE_RENAMED = "file-renamed"
    # What the files say
    JSON_MALFORMED = "json-malformed"
    JSON_DUPLICATE_KEY = "json-duplicate-key"
    JSON_NOT_A_NUMBER = "json-not-a-number"
    JSON_TOO_DEEP = "json-too-deep"
    YAML_DATA = "yaml-data"
    DELTA = "delta"
    COMPILED = "compiled-policy"
    MANIFEST_MISSING = "manifest-missing"
    SECOND_MANIFEST = "second-manifest"
    MANIFEST_MALFORMED = "manifest-malformed"
    REGO_VERSION = "rego-version-unknown"
    ROOTS_EVERYTHING = "roots-everything"
    ROOTS_OVERLAP = "roots-overlap"
    ROOTS_EMPTY = "roots-not-filled"
    PACKAGE_UNREADABLE = "package-unreadable"
    REGO_OUTSIDE = "rego-outside-roots"
    DATA_OUTSIDE = "data-outside-roots"
    REVISION_MALFORMED = "revision-malformed"
    # What was seen before
    REVISION_BELOW = "revision-below-minimum"
    REVISION_OLDER = "revision-older"
    REVISION_REUSED = "revision-reused"


def refused(reason: Reason, what: str, where: str = "", remedy: str = "") -> SignatureError:
    """The error to raise: `where` is a file inside the bundle, or empty."""
    return SignatureError(what, reason=reason.value, where=where, remedy=remedy)
