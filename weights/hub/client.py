"""Calls of ModelScope's own download client, made in a process of its own: `python -m weights.hub.client`.

Each request comes as one line of JSON on stdin, its answer goes as one line of JSON to stdout. In a process
of its own the client can be stopped at any moment, however its connection hangs, and its settings,
progress bars and log lines stay out of the app. The client is `modelscope_hub`, to which `modelscope`
hands its downloads; importing `modelscope` itself would bring torch along.
"""

from __future__ import annotations

import errno
import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from weights.disk import NO_SPACE
from weights.spec import ModelFile

NO_WRITING = {errno.EACCES, errno.EPERM, errno.EROFS}
LONGEST_MESSAGE = 2000
MEMORY = 1 << 29
"""Bytes that this process may take: a listing that unpacks to gigabytes ends it, not the machine."""
KEPT = ".kept"
"""A second name of half a file, in the folder it grows in."""


def list_files(api: Any, request: dict[str, Any]) -> dict[str, Any]:
    """What the hub says of the files that are asked for: {"files": [{"path", "size", "sha256"}]}."""
    wanted = [ModelFile(path) for path in request["paths"]]
    listing = api.list_repo_files(request["repo"], "model", revision=request["revision"])
    found = [entry for entry in listing if any(file.fits(entry.path) for file in wanted)]
    return {
        "files": [
            {"path": each.path, "size": each.size, "sha256": (each.sha256 or "").lower() or None}
            for each in found
        ]
    }


def get_files(api: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Fetch files into request["folder"], going on where an earlier call stopped."""
    for file in request["files"]:
        half = Path(request["folder"], file["path"] + ".incomplete")
        with kept_at_another_size(half, Path(request["folder"], KEPT)):
            # no expected_sha256: the client would fetch a wrong file three times over; the caller checks it
            api.download_file(
                request["repo"],
                "model",
                file["path"],
                revision=request["revision"],
                local_dir=request["folder"],
                file_size=file["size"],
            )
    return {}


@contextmanager
def kept_at_another_size(half: Path, kept: Path) -> Iterator[None]:
    """Put half a file back that the client threw away over an answer of another size: most likely that came from
    somebody on the way, such as a page to sign in to a network. It is the same file under a second name: where the
    answer does not tell its size, the client has written over it by then, and nothing is put back."""
    from modelscope_hub.errors import FileSizeMismatchError

    kept.unlink(missing_ok=True)
    size = 0
    with suppress(OSError):
        os.link(half, kept)
        size = kept.stat().st_size
    try:
        yield
    except FileSizeMismatchError:
        if kept.exists() and kept.stat().st_size >= size:
            kept.replace(half)
        raise
    finally:
        kept.unlink(missing_ok=True)


ACTIONS = {"list": list_files, "get": get_files}


def kind_of(error: BaseException) -> str:
    """absent | refused | damaged | disk | unwritable | network | other."""
    import requests
    from modelscope_hub import errors

    if isinstance(error, errors.NotExistError):
        return "absent"
    if isinstance(error, errors.AuthenticationError | errors.PermissionDeniedError):
        return "refused"
    if isinstance(error, errors.FileSizeMismatchError):
        return "network"
    if isinstance(error, errors.FileIntegrityError):
        return "damaged"
    number = getattr(error, "errno", None)
    if number in NO_SPACE | NO_WRITING:
        return "disk" if number in NO_SPACE else "unwritable"
    retryable = getattr(error, "retryable", False)
    network = isinstance(
        error, errors.NetworkError | requests.RequestException | ConnectionError | TimeoutError
    )
    return "network" if retryable or network else "other"


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Do what is asked; an error becomes {"error": kind, "message": text}."""
    try:
        from modelscope_hub import HubApi

        return ACTIONS[request["do"]](HubApi(endpoint=request["endpoint"]), request)
    except Exception as error:  # the other process decides what each kind means
        try:
            kind = kind_of(error)
        except ImportError:
            kind = "other"
        return {"error": kind, "message": f"{type(error).__name__}: {error}"[:LONGEST_MESSAGE]}


def limit_memory() -> None:
    """Take no more than MEMORY, where the system can hold a process to that."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    if most == resource.RLIM_INFINITY or most > MEMORY:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, most))


def take_requests(waiting: SimpleQueue[str]) -> None:
    """Queue the lines of stdin, and end this process when its other end goes away, whatever it is doing."""
    for line in sys.stdin:
        waiting.put(line)
    os._exit(1)


def main() -> None:
    """Answer one request after the other. Nothing but the answers reaches stdout."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    limit_memory()
    waiting: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=take_requests, args=(waiting,), daemon=True).start()
    while True:
        out.write(json.dumps(answer(json.loads(waiting.get()))) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
