"""Uploads that are sent by hand, so that whoever takes them can be killed at any moment of it."""

import json
import socket
import sqlite3
from contextlib import closing
from urllib.parse import urlsplit

import httpx2
import psycopg

from service.office import CASES

__all__ = ["is_being_written", "many", "sending"]


def many(times: int) -> bytes:
    """Return the sample so many times over, each case under other ids."""
    lines = [json.loads(line) for line in CASES.read_bytes().splitlines()]
    return b"\n".join(
        json.dumps(line | {"case": f"{line['case']}-{n}"}).encode() for n in range(times) for line in lines
    )


def sending(request: httpx2.Request, sent: bytes) -> socket.socket:
    """Send a request's head and what is given of its body, and return the connection, still open."""
    parts = urlsplit(str(request.url))
    connection = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10)
    head = f"{request.method} {parts.path} HTTP/1.1\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    connection.sendall(f"{head}\r\n".encode() + sent)
    return connection


def is_being_written(url: str) -> bool:
    """Tell whether somebody holds the database to write an upload."""
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)) as one:
            try:
                one.execute("begin immediate")
            except sqlite3.OperationalError:
                return True
            return False
    with psycopg.connect(url) as one:
        (locks,) = one.execute("select count(*) from pg_locks where locktype = 'advisory'").fetchone() or (0,)
    return bool(locks)
