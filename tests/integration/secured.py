"""A real Kafka server with TLS, every SASL mechanism and ACLs, for the tests of what guards it."""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest, DescribeAclsRequest

from streams import settings as settings_module
from streams.broker.acls import OPERATIONS, Right
from streams.broker.client import admin_client, wait_for_broker
from streams.broker.embedded import free_port
from streams.settings import Settings
from tests.integration.harness import ROOT, until

#: Not a word of any page, topic or message: where it is found, a secret has leaked.
CANARY = "cAnArY-7Q=%x9/+"
KINDS = {"topic": 2, "group": 3}
_LITERAL, _ALLOW = 3, 3

_PROPERTIES = """
listeners=PLAINTEXT://127.0.0.1:{plain},SSL://127.0.0.1:{tls},SASL_SSL://127.0.0.1:{sasl_tls},\
SASL_PLAINTEXT://127.0.0.1:{sasl},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{plain},SSL://127.0.0.1:{tls},SASL_SSL://127.0.0.1:{sasl_tls},\
SASL_PLAINTEXT://127.0.0.1:{sasl}
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL,\
SASL_PLAINTEXT:SASL_PLAINTEXT
ssl.keystore.type=PEM
ssl.keystore.location={folder}/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/ca.pem
listener.name.ssl.ssl.client.auth=required
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER
"""
_MODULES = {
    "plain": "plain.PlainLoginModule required user_worker='{password}'",
    "scram-sha-256": "scram.ScramLoginModule required",
    "scram-sha-512": "scram.ScramLoginModule required",
    "oauthbearer": "oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub='broker'",
}


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def make_certificates(folder: Path) -> None:
    """Make a CA, a broker's certificate for 127.0.0.1, a client's, and a CA that signed nothing."""
    for name in ("ca", "stranger"):
        _openssl(
            folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
            "-keyout", f"{name}.key", "-out", f"{name}.pem",
        )  # fmt: skip
    (folder / "san").write_text("subjectAltName=IP:127.0.0.1\n")
    for name in ("broker", "worker"):
        _openssl(
            folder, "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}",
            "-keyout", f"{name}.key", "-out", f"{name}.csr",
        )  # fmt: skip
        _openssl(
            folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2",
            "-CAcreateserial", "-extfile", "san", "-out", f"{name}.crt",
        )  # fmt: skip
    _openssl(
        folder, "pkcs8", "-topk8", "-in", "worker.key", "-passout", f"pass:{CANARY}",
        "-out", "worker-locked.key",
    )  # fmt: skip
    (folder / "broker.pem").write_text(
        (folder / "broker.key").read_text() + (folder / "broker.crt").read_text()
    )


def token(user: str) -> str:
    """Return an unsecured JWS that names a user, for an hour."""
    now = int(time.time())
    parts = ({"alg": "none"}, {"sub": user, "iat": now, "exp": now + 3600, "canary": CANARY})
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
    return ".".join(encoded) + "."


@dataclass
class Guarded:
    """The server's addresses, and the one that may do everything."""

    folder: Path
    ports: dict[str, int]
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        self.settings = settings_module.load(brokers=self.address("plain"), connect_timeout=60.0)

    def address(self, listener: str) -> str:
        return f"127.0.0.1:{self.ports[listener]}"

    async def grant(self, rights: Iterable[Right], principal: str) -> None:
        """Give rights to a user; return when they are in force."""
        async with admin_client(self.settings) as admin:
            for right in rights:
                answer = await admin._send_to_controller(CreateAclsRequest(*_acl(right, principal)))
                assert [code for code, _ in answer.creation_responses] == [0]
                await self._until(admin, right, principal, there=True)

    async def revoke(self, right: Right, principal: str) -> None:
        """Take a right away; return when it is gone."""
        async with admin_client(self.settings) as admin:
            answer = await admin._send_to_controller(DeleteAclsRequest(*_acl(right, principal)))
            ((code, _, matching),) = answer.filter_responses
            assert (code, len(matching)) == (0, 1)
            await self._until(admin, right, principal, there=False)

    async def _until(self, admin: AIOKafkaAdminClient, right: Right, principal: str, *, there: bool) -> None:
        async def so() -> bool:
            answer = await admin._send_request(DescribeAclsRequest(*_acl(right, principal)))
            return bool(answer.resources) == there

        await until(so, f"{right} of {principal} to be {'there' if there else 'gone'}")


def _acl(right: Right, principal: str) -> tuple[object, ...]:
    operation, kind, name = right
    return KINDS[kind], name, _LITERAL, principal, "*", OPERATIONS[operation], _ALLOW


@contextmanager
def guarded(folder: Path) -> Iterator[Guarded]:
    """Run the server."""
    make_certificates(folder)
    ports = {name: free_port(0) for name in ("plain", "tls", "sasl_tls", "sasl", "controller")}
    lines = _PROPERTIES.format(folder=folder, **ports)
    for listener in ("sasl_ssl", "sasl_plaintext"):
        for mechanism, module in _MODULES.items():
            words = module.format(password=CANARY).replace("'", '"')
            lines += (
                f"listener.name.{listener}.{mechanism}.sasl.jaas.config="
                f"org.apache.kafka.common.security.{words};\n"
            )
    (folder / "more.properties").write_text(lines)
    users = [f"--add-scram=SCRAM-SHA-{n}=[name=worker,password={CANARY}]" for n in (256, 512)]
    command: list[str | Path] = [
        ROOT / "deploy" / "kafka" / "start", "--data-dir", folder / "data", "--die-with-parent",
        "--port", str(ports["plain"]), "--controller-port", str(ports["controller"]),
        "--properties", folder / "more.properties", *users,
    ]  # fmt: skip
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline(), (folder / "server.log").read_text()
    try:
        found = Guarded(folder, ports)
        asyncio.run(wait_for_broker(found.settings))
        yield found
    finally:
        process.terminate()
        process.wait(timeout=30)
