"""A broker that refuses clients without encryption, a user and rights: certificates, users and settings for one run."""

import shutil
import ssl
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.cluster import Guard, NoKafka

STORE_PASSWORD = "only-for-this-run"
ADMIN = "admin"
MECHANISMS = ("SCRAM-SHA-512", "SCRAM-SHA-256")

PROPERTIES = """
listeners=SASL_SSL://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=SASL_SSL://127.0.0.1:{port}
listener.security.protocol.map=SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
inter.broker.listener.name=SASL_SSL
sasl.enabled.mechanisms=SCRAM-SHA-512,SCRAM-SHA-256
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config={login} username="admin" password="{password}";
listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config={login};
ssl.keystore.type=PKCS12
ssl.keystore.location={store}
ssl.keystore.password={store_password}
ssl.truststore.type=PKCS12
ssl.truststore.location={store}
ssl.truststore.password={store_password}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:admin;User:ANONYMOUS
allow.everyone.if.no.acl.found=false
"""
"""Anonymous is the broker's own controller, whose listener is not the one that clients come to."""


class Locked(Guard):
    """Users of the given names, each with its own password; the authority that clients trust is a file."""

    def __init__(self, folder: Path, users: Sequence[str]) -> None:
        self.users = (ADMIN, *users)
        self._store = folder / "broker.p12"
        self.authority = folder / "authority.pem"
        self._make_certificate()

    @staticmethod
    def password(user: str) -> str:
        """The password of a user, of use on this broker only."""
        return f"password-of-{user}"

    def properties(self, *, port: int, controller_port: int) -> str:
        return PROPERTIES.format(
            port=port,
            controller_port=controller_port,
            store=self._store,
            store_password=STORE_PASSWORD,
            password=self.password(ADMIN),
            login="org.apache.kafka.common.security.scram.ScramLoginModule required",
        )

    def format_arguments(self) -> Sequence[str]:
        return [
            word
            for user in self.users
            for mechanism in MECHANISMS
            for word in ("--add-scram", f"{mechanism}=[name={user},password={self.password(user)}]")
        ]

    def _make_certificate(self) -> None:
        """One key, signed by itself, for the loopback; the Java that runs the broker brings the tool."""
        tool = shutil.which("keytool")
        if tool is None:
            raise NoKafka
        store = [
            "-keystore",
            str(self._store),
            "-storetype",
            "PKCS12",
            "-storepass",
            STORE_PASSWORD,
            "-alias",
            "broker",
        ]
        names = ["-dname", "CN=localhost", "-ext", "san=ip:127.0.0.1,dns:localhost", "-ext", "bc:c=ca:true"]
        make = ["-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2", *names]
        subprocess.run([tool, *make, *store], check=True, capture_output=True, timeout=180)
        export = subprocess.run([tool, "-exportcert", *store], check=True, capture_output=True, timeout=180)
        self.authority.write_text(ssl.DER_cert_to_PEM_cert(export.stdout), encoding="ascii")
