"""A run of its own that sends letters and is killed at one line of the journal, or by the server: run by the
tests with the master, the port, the file of authorities, how many letters, and where it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from post.smtp import MANAGER, NOW, PASSWORD, TRACKER, USER, a_letter

from lscb_workbook.post import Credentials, Journal, Server, open_journal, send
from lscb_workbook.post.servers import Cover

BEFORE, TORN, AFTER = "before", "in the middle of", "after"


def struck(
    master: Path, server: Server, letters: int, line: int = 0, where: str = BEFORE
) -> subprocess.Popen[bytes]:
    """Start such a run; ``line`` counts from 1, and 0 is never."""
    task = [str(master), str(server.port), str(server.authorities), str(letters), str(line), where]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.Popen([sys.executable, __file__, *task], env=environment)


def main(master: str, port: str, authorities: str, letters: str, line: str, where: str) -> None:
    usual, count = Journal._append, [0]

    def append(journal: Journal, data: bytes) -> None:
        count[0] += 1
        if count[0] != int(line):
            usual(journal, data)
            return
        if where == TORN:
            usual(journal, data[: len(data) // 2])
        elif where == AFTER:
            usual(journal, data)
        os.kill(os.getpid(), signal.SIGKILL)

    Journal._append = append  # type: ignore[method-assign]
    server = Server("127.0.0.1", int(port), Cover.STARTTLS, Path(authorities))
    with open_journal(Path(master), TRACKER) as journal:
        send(
            [a_letter(number) for number in range(1, int(letters) + 1)],
            server=server,
            sender=MANAGER,
            known=Credentials(USER, PASSWORD),
            journal=journal,
            now=lambda: NOW,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
