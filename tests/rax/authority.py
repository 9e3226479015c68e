"""An authority of one's own, as a company has one, and what it signs for 127.0.0.1."""

import datetime
import ssl
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

BEGIN, END = (datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) for year in (2020, 2120))
USES = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip
PEM = serialization.Encoding.PEM


class Authority:
    """Its certificate is in `file`, as `SSL_CERT_FILE` takes it."""

    def __init__(self, folder: Path) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = named("An authority of our own")
        signs = dict.fromkeys(USES, False) | {"key_cert_sign": True, "crl_sign": True}
        certificate = (
            self._builder(self._name, self._key, 1)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**signs), critical=True)
        )
        self._folder, self.file = folder, folder / "authority.pem"
        self.file.write_bytes(certificate.sign(self._key, hashes.SHA256()).public_bytes(PEM))

    def server(self) -> ssl.SSLContext:
        """Return the TLS settings of a server that it has signed."""
        key, pair = ec.generate_private_key(ec.SECP256R1()), self._folder / "pair.pem"
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        certificate = self._builder(named("127.0.0.1"), key, 2).add_extension(names, critical=False)
        secret = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        pair.write_bytes(secret + certificate.sign(self._key, hashes.SHA256()).public_bytes(PEM))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(pair)
        return context

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, number: int
    ) -> x509.CertificateBuilder:
        issued = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        builder = x509.CertificateBuilder(self._name, subject, key.public_key(), number, BEGIN, END)
        return builder.add_extension(issued, critical=False).add_extension(own, critical=False)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
