"""Tasks that misbehave, in a module of their own that only these tests put on the allow-list."""

import re
from pathlib import Path

import pytest

from sft_assets.worker import isolated

PROBES = '''
import ctypes, errno, os, resource, signal, socket, subprocess, sys, time

from sft_assets.errors import RejectedDocumentError

def nothing(payload): return {}
def echo(payload): return {"pages": payload["pages"]}
def loop(payload):
    while True: pass
def sleep(payload): time.sleep(600)
def eat(payload):
    kept = []
    while True: kept.append(bytearray(64 * 1024 * 1024))
def eat_and_abort(payload):
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
    while True:
        block = libc.malloc(32 * 1024 * 1024)
        if not block: os.abort()
        libc.memset(block, 1, 32 * 1024 * 1024)
def say_bad_alloc(payload):
    sys.stderr.write("terminate called after throwing an instance of std::bad_alloc")
    sys.stderr.flush()
    os.abort()
def abort(payload): os.abort()
def segfault(payload): ctypes.string_at(0)
def killed(payload): os.kill(os.getpid(), signal.SIGKILL)
def leave(payload): os._exit(0)
def leave_badly(payload): os._exit(7)
def raise_secret(payload): raise KeyError("PRIVATE")
def refuse(payload): raise RejectedDocumentError("password", "asked for one")
def refuse_oddly(payload): raise RejectedDocumentError("because", "PRIVATE")
def no_dict(payload): return 3
def no_json(payload): return {"pages": object()}
def big(payload): return {"pages": "x" * (8 * 1024 * 1024)}
def flood(payload):
    while True: os.write(2, b"x" * 65536)
def table(payload):
    import polars as pl
    return {"t": pl.DataFrame({"a": [1, 2]})}
def wrong_table(payload):
    import polars as pl
    return {"t": pl.DataFrame({"a": ["x"]})}
def grandchild(payload):
    return {"pages": subprocess.Popen(["sleep", "600"]).pid}
def interfaces(payload): return {"pages": len(socket.if_nameindex())}
def environment(payload):
    return {"pages": int("SECRET" in os.environ) + len(resource.getrlimit(resource.RLIMIT_CORE)) - 2}
def say_pid(payload):
    with open(payload["pid_file"], "w") as stream: stream.write(str(os.getpid()))
    time.sleep(600)
def read(payload):
    """Stands for a reader of pages: ``bad`` pages fail in the way that ``how`` says."""
    pages = range(payload["first_page"], payload["last_page"] + 1)
    if set(pages) & set(payload.get("bad", [])): globals()[payload["how"]](payload)
    import polars as pl
    return {"pages": pl.DataFrame({"page_no": list(pages)}, schema={"page_no": pl.Int32})}
'''


@pytest.fixture
def probes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Prefix of the tasks that misbehave."""
    (tmp_path / "probes.py").write_text(PROBES)
    monkeypatch.setattr(isolated, "IMPORT_ROOTS", [*isolated.IMPORT_ROOTS, str(tmp_path)])
    monkeypatch.setattr(isolated, "TASK", re.compile(r"probes:[a-z_]+"))
    return "probes:"
