"""Whether a server can be reached, and whether it is who it says."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines.webcam import push_problems
from pipelines.webcam.broadcast_target import Target
from pipelines.webcam.push_problems import (
    CLOSED,
    NO_ANSWER,
    NO_NAME,
    NO_WAY,
    PLAIN,
    UNTRUSTED,
    reach,
    trust_authorities,
)


def aim(scheme: str, port: int, host: str = "127.0.0.1") -> Target:
    return Target(f"{scheme}://{host}:{port}/live/", host, port, "secret-key")


@contextmanager
def listening(context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A port that takes connections, with TLS where a context is given, and says something that is no TLS where
    none is."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            while True:
                try:
                    link, _ = door.accept()
                    with context.wrap_socket(link, server_side=True) if context else link as talk:
                        talk.sendall(b"\x03 this is no handshake")
                        talk.recv(100)
                except ssl.SSLError:
                    continue
                except OSError:
                    return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield door.getsockname()[1]
        door.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody vouches for, with its key, in one file."""
    x509 = pytest.importorskip("cryptography.x509", reason="makes the certificate")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "nobody")])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def test_an_open_port_is_reached_and_a_closed_one_is_told() -> None:
    with listening() as port:
        assert reach(aim("rtmp", port)) is None

    assert reach(aim("rtmp", port)) is CLOSED


def test_a_name_that_is_none() -> None:
    assert reach(aim("rtmp", 1935, "no-such-host.invalid")) is NO_NAME


@pytest.mark.parametrize(
    ("error", "problem"), [(TimeoutError(), NO_ANSWER), (OSError(113, "No route to host"), NO_WAY)]
)
def test_networks_that_fail(error: OSError, problem: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(socket, "create_connection", fail)

    assert reach(aim("rtmp", 1935)) is problem


def test_a_server_that_nobody_vouches_for_gets_no_key(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with listening(context) as port:
        assert reach(aim("rtmps", port)) is UNTRUSTED

        trusted = trust_authorities()
        trusted.load_verify_locations(certificate)
        monkeypatch.setattr(push_problems, "trust_authorities", lambda: trusted)
        assert reach(aim("rtmps", port)) is None


def test_a_server_without_tls_is_told() -> None:
    with listening() as port:
        assert reach(aim("rtmps", port)) is PLAIN
