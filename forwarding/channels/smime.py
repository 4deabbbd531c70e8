"""S/MIME for notices by e-mail: what certificate may be used for whom, and one message sealed to it, signed if we can.

No cryptography of its own (the `cryptography` package does it), and no judgement of who signed a certificate: a person
compares its fingerprint with its owner before it is kept.
"""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import (
    PKCS7EnvelopeBuilder,
    PKCS7Options,
    PKCS7SignatureBuilder,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LARGEST = 20_000
"""Bytes of a certificate in PEM form; a real one has some two thousand."""
_SMALLEST_KEY = 2048
_MAIL = frozenset({ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE})


class CertificateWrong(Exception):
    """This certificate cannot be used for this address; the words say why, in one line."""


class SigningKeyWrong(Exception):
    """The file with our own signing key cannot be used."""


@dataclass(frozen=True)
class Signer:
    """Our own key and certificate, and those that lead to an authority."""

    key: RSAPrivateKey | EllipticCurvePrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]


def read_certificate(pem: str, address: str, now: datetime) -> x509.Certificate:
    """The one certificate in this text. Raises CertificateWrong unless mail to `address` may be sealed to it now."""
    if "PRIVATE KEY" in pem:
        raise CertificateWrong("the file holds a private key: that stays with its owner; ask for the certificate alone")
    certificate = _parsed(pem)
    if address.lower() not in _addresses(certificate):
        raise CertificateWrong(f"the certificate is not of {address}")
    if not certificate.not_valid_before_utc <= now:
        raise CertificateWrong(f"the certificate holds from {certificate.not_valid_before_utc:%Y-%m-%d} on")
    if now >= certificate.not_valid_after_utc:
        raise CertificateWrong(f"the certificate ended on {certificate.not_valid_after_utc:%Y-%m-%d}")
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey) or key.key_size < _SMALLEST_KEY:
        raise CertificateWrong(f"mail can be sealed to an RSA key of {_SMALLEST_KEY} bits or more, and this is none")
    if not _for_mail(certificate):
        raise CertificateWrong("the certificate is not meant for sealing e-mail (its key usage says so)")
    return certificate


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256, in pairs, as other programs show it: to compare with its owner by telephone."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def read_signer(pem: bytes) -> Signer:
    """Key and certificate(s) of the installation from one PEM text, ours first. Raises SigningKeyWrong."""
    try:
        key = load_pem_private_key(pem, None)
        own, *chain = x509.load_pem_x509_certificates(pem)
    except (ValueError, TypeError):
        raise SigningKeyWrong("the signing key for e-mail holds no key and certificate in PEM form") from None
    if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey) or key.public_key() != own.public_key():
        raise SigningKeyWrong("the signing key for e-mail does not belong to the first certificate in its file")
    return Signer(key, own, tuple(chain))


def seal(message: EmailMessage, certificate: x509.Certificate, signer: Signer | None) -> None:
    """Replace the message's content by the same, signed with `signer` if there is one and sealed with AES-256.

    The headers stay readable: a subject says that a signal waits, and nothing of it.
    """
    content = _content_of(message)
    if signer is not None:
        content = _part(_signed(content, signer), "signed-data")
    builder = PKCS7EnvelopeBuilder().set_data(content).set_content_encryption_algorithm(algorithms.AES256)
    sealed = builder.add_recipient(certificate).encrypt(Encoding.DER, [PKCS7Options.Binary])
    message.clear_content()
    _fill(message, sealed, "enveloped-data")


@lru_cache(maxsize=1024)
def _parsed(pem: str) -> x509.Certificate:
    try:
        (certificate,) = x509.load_pem_x509_certificates(pem.encode())
    except ValueError:
        raise CertificateWrong("this is not one certificate in PEM form (-----BEGIN CERTIFICATE-----)") from None
    return certificate


def _addresses(certificate: x509.Certificate) -> set[str]:
    found = {str(one.value) for one in certificate.subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS)}
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        found.update(names.get_values_for_type(x509.RFC822Name))
    except (x509.ExtensionNotFound, ValueError):
        pass
    return {one.lower() for one in found}


def _for_mail(certificate: x509.Certificate) -> bool:
    """What the certificate says it is for. One that says nothing may be used for anything."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        if not usage.key_encipherment:
            return False
    except x509.ExtensionNotFound:
        pass
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return not _MAIL.isdisjoint(purposes)


def _content_of(message: EmailMessage) -> bytes:
    """The message's content with the headers that say how to read it, and no others."""
    part = EmailMessage(policy=SMTP)
    for name in ("Content-Type", "Content-Transfer-Encoding"):
        part[name] = str(message[name])
    part.set_payload(message.get_payload())
    return part.as_bytes(policy=SMTP)


def _signed(content: bytes, signer: Signer) -> bytes:
    builder = PKCS7SignatureBuilder().set_data(content).add_signer(signer.certificate, signer.key, hashes.SHA256())
    for certificate in signer.chain:
        builder = builder.add_certificate(certificate)
    return builder.sign(Encoding.DER, [PKCS7Options.Binary])


def _part(der: bytes, kind: str) -> bytes:
    part = EmailMessage(policy=SMTP)
    _fill(part, der, kind)
    return part.as_bytes(policy=SMTP)


def _fill(message: EmailMessage, der: bytes, kind: str) -> None:
    name = "smime.p7m"
    message.set_content(
        der,
        maintype="application",
        subtype="pkcs7-mime",
        disposition="attachment",
        filename=name,
        params={"smime-type": kind, "name": name},
    )
