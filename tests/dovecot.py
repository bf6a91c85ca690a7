"""A real mail server (Dovecot) on this computer alone, with its own settings, certificate and mailbox, for as
long as a test wants it; and a network before it that fails as networks do."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import ipaddress
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from conformance import missing
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from imap_tools import MailBox

__all__ = ["PASSWORD", "USER", "Dovecot", "Network", "dovecot", "self_signed", "token"]

USER = "manager@board.example"
PASSWORD = 'tr£asure & "cr\\own"'

_SETTINGS = """\
base_dir = {run}
state_dir = {state}
log_path = {log}
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = yes
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
login_trusted_networks = 127.0.0.0/8
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 0
mail_home = {mail}/home
mail_location = maildir:{mail}/boxes
mail_fsync = never
mail_max_userip_connections = 100
mail_plugins = acl
{more}
protocol imap {{
  mail_plugins = acl
}}
plugin {{
  acl = vfile:{acls}
}}
namespace inbox {{
  inbox = yes
  separator = .
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {tokens}
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = {users}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={mail}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {starttls}
  }}
  inet_listener imaps {{
    port = {tls}
  }}
}}
service anvil {{
  chroot =
}}
service imap {{
  process_limit = 50
}}
"""


_TOKENS = """\
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={keys}/
username_attribute = sub
tls_ca_cert_file = {certificate}
"""
_TOKEN_KEY = b"a secret that only the server and who makes tokens know"


def token(user: str = USER, *, minutes: int = 10) -> str:
    """A token that lets a user in for so many minutes, as the board's sign-in service would make it."""
    claims = {"sub": user, "exp": int(time.time()) + 60 * minutes, "iat": int(time.time()) - 3600}
    parts = [_encoded(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
    signed = ".".join(parts)
    return f"{signed}.{_encoded(hmac.digest(_TOKEN_KEY, signed.encode(), 'sha256'))}"


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def self_signed(folder: Path, *, expired: bool = False, name: str = "localhost") -> tuple[Path, Path]:
    """A certificate that vouches for itself, and its key, as files (PEM)."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = dt.datetime.now(dt.UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=30))
        .not_valid_after(now + dt.timedelta(days=-1 if expired else 30))
        .add_extension(_names(name), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, secret


def _names(name: str) -> x509.SubjectAlternativeName:
    loopback = [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))] if name == "localhost" else []
    return x509.SubjectAlternativeName([x509.DNSName(name), *loopback])


@dataclass(frozen=True)
class Dovecot:
    """A server that runs. ``tls`` and ``starttls`` are its ports, ``certificate`` the file to be trusted."""

    tls: int
    starttls: int
    certificate: Path
    acls: Path
    log: Path

    def url(self, folder: str = "", *, port: int = 0, scheme: str = "imaps") -> str:
        port = port or (self.tls if scheme == "imaps" else self.starttls)
        return f"{scheme}://{USER}@localhost:{port}/{folder}"

    @contextmanager
    def box(self, folder: str | None = None) -> Iterator[MailBox]:
        """The mailbox as a mail program has it."""
        import ssl

        context = ssl.create_default_context(cafile=str(self.certificate))
        with MailBox("localhost", self.tls, ssl_context=context) as box:
            box.login_utf8(USER, PASSWORD, None)
            if folder:
                box.folder.set(folder)
            yield box

    def put(self, folder: str, *messages: bytes) -> None:
        """Put messages into a folder, which is made where it is not there; none of them is marked as read."""
        with self.box() as box:
            if not box.folder.exists(folder):
                box.folder.create(folder)
            for message in messages:
                box.append(message, folder, dt.datetime(2016, 9, 20, 12, tzinfo=dt.UTC))

    def remove(self, folder: str) -> None:
        """Delete a folder with all that is in it."""
        with self.box() as box:
            box.folder.delete(folder)

    def flags(self, folder: str) -> list[tuple[str, ...]]:
        """The flags of each message in a folder, without the one that says that nobody looked yet."""
        with self.box() as box:
            box.folder.set(folder, readonly=True)
            found = box.fetch(mark_seen=False, headers_only=True)
            return [tuple(flag for flag in one.flags if flag != "\\Recent") for one in found]

    def read_only(self, folder: str) -> None:
        """Let a folder be read and not changed."""
        (self.acls / folder).write_text(f"user={USER} lr\n", encoding="utf-8")


@contextmanager
def dovecot(*, expired: bool = False, name: str = "localhost", more: str = "") -> Iterator[Dovecot]:
    """A server with an empty mailbox of ``USER``; ended, and all that it kept removed, at the end.

    ``expired`` and ``name`` are its certificate's; ``more`` are further settings.
    """
    program = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
    if program is None:
        missing("Dovecot (dovecot-imapd)")
    # Not in the tests' own folder, which nobody else may enter, nor the server's users.
    folder = Path(tempfile.mkdtemp(prefix="dovecot"))
    folder.chmod(0o755)
    process = None
    try:
        settings, server = _settings(folder, expired, name, more)
        process = subprocess.Popen([program, "-F", "-c", str(settings)], stderr=subprocess.PIPE)
        _wait_for(server.tls, process, server.log)
        yield server
    finally:
        if process:
            process.send_signal(signal.SIGTERM)
            try:
                process.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
        shutil.rmtree(folder, ignore_errors=True)


def _settings(folder: Path, expired: bool, name: str, more: str) -> tuple[Path, Dovecot]:
    certificate, key = self_signed(folder, expired=expired, name=name)
    internal, login, user = _people()
    parts = {part: folder / part for part in ("run", "state", "mail", "acls")}
    for path in parts.values():
        path.mkdir(mode=0o755)
    if os.geteuid() == 0:
        os.chown(parts["mail"], user.pw_uid, user.pw_gid)
    keys = folder / "keys" / "default" / "HS256"
    keys.mkdir(parents=True)
    (keys / "default").write_bytes(base64.b64encode(_TOKEN_KEY))
    tokens = folder / "tokens.conf"
    tokens.write_text(_TOKENS.format(keys=folder / "keys", certificate=certificate), encoding="utf-8")
    users = folder / "users"
    users.write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n", encoding="utf-8")
    users.chmod(0o644)
    server = Dovecot(_free_port(), _free_port(), certificate, parts["acls"], folder / "log")
    settings = folder / "dovecot.conf"
    text = _SETTINGS.format(
        **parts,
        log=server.log,
        certificate=certificate,
        key=key,
        internal=internal.pw_name,
        internal_group=_group(internal),
        login=login.pw_name,
        user=user.pw_uid,
        group=user.pw_gid,
        users=users,
        tokens=tokens,
        starttls=server.starttls,
        tls=server.tls,
        more=more,
    )
    settings.write_text(text, encoding="utf-8")
    return settings, server


def _people() -> tuple[pwd.struct_passwd, pwd.struct_passwd, pwd.struct_passwd]:
    """Who the server's own parts, its doorkeeper and the mailbox run as."""
    me = pwd.getpwuid(os.geteuid())
    if me.pw_uid != 0:
        return me, me, me
    return pwd.getpwnam("dovecot"), pwd.getpwnam("dovenull"), pwd.getpwnam("nobody")


def _group(person: pwd.struct_passwd) -> str:
    import grp

    return grp.getgrgid(person.pw_gid).gr_name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return
        time.sleep(0.02)
    said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    if process.poll() is not None and process.stderr:
        said += process.stderr.read().decode("utf-8", "replace")
    raise RuntimeError(f"Dovecot does not start: {said[-2000:]}")


class Network:
    """A line to a server on this computer that fails after so many bytes from it: it drops the connection,
    or (``stalls``) says nothing any more. Only the first ``failing`` connections do. To be used in a
    ``with``."""

    def __init__(self, port: int, *, after: int, failing: int = 1_000, stalls: bool = False) -> None:
        self._target, self._after, self._failing, self._stalls = port, after, failing, stalls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Network:
        self._begin(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        # A plain close would not wake who waits for it.
        for one in (self._listener, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join(10)

    def _begin(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                there = socket.create_connection(("127.0.0.1", self._target))
                self._open += [here, there]
                self.connections += 1
                fails = self.connections <= self._failing
                self._begin(self._carry, here, there, None)
                self._begin(self._carry, there, here, self._after if fails else None)

    def _carry(self, source: socket.socket, sink: socket.socket, most: int | None) -> None:
        with suppress(OSError):
            while data := source.recv(4096 if most is None else max(1, min(4096, most))):
                sink.sendall(data)
                if most is not None:
                    most -= len(data)
                    if most <= 0 and self._stalls:
                        return
                    if most <= 0:
                        break
        for one in (source, sink):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
