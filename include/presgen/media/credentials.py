"""A film says by itself that it was made by machines, of which sections, and by whom: content credentials.

C2PA (https://c2pa.org) puts a signed manifest into an MP4. It is the last thing that happens to a film:
whatever is written into the file later breaks it. Signing salts its boxes, so no two signatures are equal: a
film is signed once, as a copy, and the copy is kept. Pictures, sound and their seal stay as they were.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from presgen.errors import BadInput, CorruptMedia
from presgen.workspace import flush, on_disk

AI_MADE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
"""IPTC's word for media made by a trained model: ours speak with one."""
LESSON = "org.presgen.lesson"
"""The label of our own assertion."""
SUFFIXES = frozenset({".mp4", ".m4a"})
"""Containers that carry credentials; the specification knows no place for them in WebM."""

_YEAR = 365
_FROM = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_TYPES = {".mp4": "video/mp4", ".m4a": "audio/mp4"}


@dataclass(frozen=True, slots=True)
class Certificate:
    """Who signs, and whom readers have to trust for that."""

    algorithm: str
    """As C2PA names it: ``ed25519``, ``es256`` …"""
    chain: bytes
    """PEM: the signer's certificate, then those that vouch for it."""
    key: bytes
    """PEM."""
    anchors: bytes
    """PEM of what our own inspection trusts."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a film says of itself. Names nobody."""

    lesson_id: str
    title: str
    lock: str
    """Digest of the lock: of everything the film was made from."""
    film: str
    """SHA-256 of the film before it was signed."""
    sections: tuple[tuple[str, str], ...]
    """(key, slug) of the sections, in their order."""


def local_certificate(secret: bytes) -> Certificate:
    """Return a test certificate that follows from the deployment's secret: the same in every process.

    Readers elsewhere show who signed, and that they do not know them.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def key_for(use: str) -> ed25519.Ed25519PrivateKey:
        seed = hmac.digest(secret, f"presgen content credentials: {use}".encode(), hashlib.sha256)
        return ed25519.Ed25519PrivateKey.from_private_bytes(seed)

    def named(name: str) -> x509.Name:
        return x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "PresGen, not verified"),
                x509.NameAttribute(NameOID.COMMON_NAME, name),
            ]
        )

    root, signer = key_for("root"), key_for("signer")

    def certified(name: str, key: ed25519.Ed25519PrivateKey, *, authority: bool) -> bytes:
        public = key.public_key()
        serial = int.from_bytes(hashlib.sha256(public.public_bytes_raw()).digest()[:8], "big") | 1
        made = (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .issuer_name(named("PresGen test root"))
            .public_key(public)
            .serial_number(serial)
            .not_valid_before(_FROM)
            .not_valid_after(_FROM + dt.timedelta(days=20 * _YEAR))
            .add_extension(x509.BasicConstraints(authority, 0 if authority else None), critical=True)
            .add_extension(_usage(authority=authority), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key()), critical=False
            )
        )
        if not authority:
            use = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
            made = made.add_extension(use, critical=False)
        return made.sign(root, None).public_bytes(serialization.Encoding.PEM)

    anchor = certified("PresGen test root", root, authority=True)
    key = signer.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = certified("PresGen test signer", signer, authority=False)
    return Certificate("ed25519", chain, key, anchor)


def read_certificate(path: Path) -> Certificate:
    """Return the certificate of a PEM file: the signer's, those that vouch for it, and the private key.

    Raises:
        BadInput: the file cannot be read, or holds something else.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    try:
        content = path.read_bytes()
        key = serialization.load_pem_private_key(content, None)
        chain = x509.load_pem_x509_certificates(content)
    except (OSError, ValueError, TypeError) as error:
        raise BadInput(
            f"PRESGEN_CREDENTIALS names {str(path)!r}, which is no PEM file with a certificate chain and an "
            f"unencrypted private key ({type(error).__name__})."
        ) from None
    if isinstance(key, ed25519.Ed25519PrivateKey):
        algorithm = "ed25519"
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        algorithm = {256: "es256", 384: "es384", 521: "es512"}.get(key.key_size, "")
    elif isinstance(key, rsa.RSAPrivateKey):
        algorithm = "ps256"
    else:
        algorithm = ""
    if not algorithm:
        raise BadInput(f"The key in {str(path)!r} is of a kind that C2PA does not sign with.")
    pem = [each.public_bytes(serialization.Encoding.PEM) for each in chain]
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Certificate(algorithm, b"".join(pem), secret, pem[-1])


def sign_once(
    film: Path, copy: Path, told: Credentials, certificate: Certificate, *, anew: bool = False
) -> None:
    """Write a signed copy of the film, unless there is one: the first to come decides, for everybody.

    When ``anew``, the copy that is there is not right, and this one takes its place.

    Raises:
        CorruptMedia: the film cannot be signed.
        StoreUnavailable: the disk is away or full.
    """
    import c2pa

    if copy.is_file() and not anew:
        return
    draft = copy.with_name(f".{copy.stem}.{os.getpid()}.{secrets.token_hex(4)}{copy.suffix}")
    info = c2pa.C2paSignerInfo(certificate.algorithm.encode(), certificate.chain, certificate.key, None)
    with on_disk(copy.name):
        try:
            with c2pa.Builder(_manifest(told, copy.suffix)) as builder:
                builder.sign_file(str(film), str(draft), c2pa.Signer.from_info(info))
            flush(draft)
            if anew:
                draft.replace(copy)
            else:
                # Unlike a rename, a link never replaces the copy of a process that was faster.
                with suppress(FileExistsError):
                    os.link(draft, copy)
            flush(copy.parent)
        except c2pa.C2paError as error:
            raise CorruptMedia(f"{film.name} cannot be signed: {error}") from error
        finally:
            draft.unlink(missing_ok=True)


def faults(copy: Path, told: Credentials, certificate: Certificate) -> tuple[str, ...]:
    """Return what is wrong with the credentials of a signed copy; nothing: they are what they should be."""
    import c2pa

    settings = {
        "trust": {"trust_anchors": certificate.anchors.decode()},
        "verify": {"verify_trust": True, "ocsp_fetch": False, "remote_manifest_fetch": False},
    }
    try:
        with c2pa.Reader(str(copy), context=c2pa.Context(c2pa.Settings.from_dict(settings))) as reader:
            state = reader.get_validation_state()
            results = reader.get_validation_results() or {}
            content = json.loads(reader.json())
    except c2pa.C2paError as error:
        return (f"it cannot be read: {error}",)
    failures = [each["code"] for each in results.get("activeManifest", {}).get("failure", ())]
    manifest = content["manifests"][content["active_manifest"]]
    assertions = {each["label"]: each["data"] for each in manifest["assertions"]}
    found = [f"it is {str(state).lower()}: {', '.join(failures) or 'no reason given'}"] if failures else []
    if state not in ("Valid", "Trusted") and not failures:
        found.append(f"its state is {state}")
    actions = assertions.get("c2pa.actions.v2", {}).get("actions", ())
    if AI_MADE not in [action.get("digitalSourceType") for action in actions]:
        found.append("it does not say that the film is AI-made")
    if assertions.get(LESSON) != _lesson(told):
        found.append("it is of another lesson or lock")
    if manifest.get("title") != told.title:
        found.append("it has another title")
    if [_named(each) for each in manifest.get("ingredients", ())] != [
        _named(each) for each in _ingredients(told.sections)
    ]:
        found.append("its ingredients are not the lesson's sections")
    return tuple(found)


def _lesson(told: Credentials) -> dict[str, str]:
    return {"lesson": told.lesson_id, "lock": told.lock, "film": told.film}


def _manifest(told: Credentials, suffix: str) -> dict[str, Any]:
    made = {
        "action": "c2pa.created",
        "digitalSourceType": AI_MADE,
        "softwareAgent": {"name": "PresGen"},
    }
    return {
        "claim_generator_info": [{"name": "PresGen"}],
        "title": told.title,
        "format": _TYPES[suffix],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [made]}},
            {"label": LESSON, "data": _lesson(told)},
        ],
        "ingredients": _ingredients(told.sections),
    }


def _ingredients(sections: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [
        {
            "title": slug,
            "format": "video/mp4",
            "instance_id": f"presgen:section:{key}",
            "relationship": "componentOf",
        }
        for key, slug in sections
    ]


def _named(ingredient: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(ingredient.get(name) for name in ("title", "instance_id", "relationship"))


def _usage(*, authority: bool) -> Any:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
