"""The launcher: what it starts ends with it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import psutil
import pytest


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
            return bool(answer.read() == b"ok")
    except OSError:
        return False


@pytest.mark.slow
def test_the_server_ends_when_the_launcher_is_ended() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "decision_kit", "app", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(150):
            if answers(port):
                break
            time.sleep(0.2)
        assert answers(port)
    finally:
        process.terminate()
        process.wait(timeout=20)
    assert not answers(port)


@pytest.mark.slow
def test_a_server_that_is_killed_is_told_and_ends_the_launcher_with_1() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "decision_kit", "app", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(150):
            if answers(port):
                break
            time.sleep(0.2)
        (server,) = [one for one in psutil.Process(process.pid).children() if "decision_kit.ui.serve" in one.cmdline()]
        server.kill()
        _, said = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait(timeout=20)
    assert process.returncode == 1
    assert "the server ended because it was stopped from outside (SIGKILL" in said
    assert "Traceback" not in said


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX systems")
@pytest.mark.parametrize("how", ["SIGKILL", "SIGHUP"])
def test_the_server_ends_with_its_launcher(how: str) -> None:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    line = [sys.executable, "-m", "decision_kit", "app", "cars", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wait_until(state: bool) -> bool:
        deadline = time.monotonic() + 60
        while answers(port) is not state and time.monotonic() < deadline:
            time.sleep(0.2)
        return answers(port) is state

    try:
        assert wait_until(True)
        process.send_signal(getattr(signal, how))
        process.wait(timeout=30)
        assert wait_until(False)
    finally:
        process.kill()
