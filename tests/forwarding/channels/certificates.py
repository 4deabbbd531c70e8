"""Certificates for e-mail as recipients have them, and as nobody should: made anew for each run."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.forwarding.town import NOW


@dataclass(frozen=True)
class Owned:
    """A certificate and its key, both in PEM form."""

    certificate: str
    key: str

    @property
    def both(self) -> bytes:
        """As the key folder holds our own."""
        return (self.key + self.certificate).encode()


@cache
def _rsa(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def owned(
    address: str,
    *,
    begins: datetime = NOW - timedelta(days=30),
    ends: datetime = NOW + timedelta(days=300),
    bits: int = 2048,
    curve: bool = False,
    usage: str = "mail",
    in_subject: bool = False,
) -> Owned:
    """A self-signed certificate. `usage`: `mail`, `any` (says nothing), `signing` alone, or `web`."""
    key = ec.generate_private_key(ec.SECP256R1()) if curve else _rsa(bits)
    name = [x509.NameAttribute(NameOID.COMMON_NAME, "invented")]
    if in_subject:
        name.append(x509.NameAttribute(NameOID.EMAIL_ADDRESS, address))
    subject = x509.Name(name)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )
    if not in_subject:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(address)]), critical=False)
    if usage != "any":
        builder = builder.add_extension(
            x509.KeyUsage(
                digital_signature=True,
                key_encipherment=usage != "signing",
                content_commitment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        purpose = ExtendedKeyUsageOID.SERVER_AUTH if usage == "web" else ExtendedKeyUsageOID.EMAIL_PROTECTION
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    made = builder.sign(key, hashes.SHA256())
    return Owned(
        made.public_bytes(Encoding.PEM).decode(),
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
    )
