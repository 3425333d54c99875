"""Run the emulator until it is stopped, and say how to use it."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

from presgen_airflow.local.drive_emulator.server import ACCOUNT, DriveEmulator

SHARED_DRIVE = "PresGen lessons"
STATION = "station.json"
"""Says where the emulator listens, which shared drive is for PresGen, and where the key lies."""


def main(folder: Path, port: int = 0) -> None:
    """Serve the Drive that lies in ``folder``; write its station when it is ready."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    with DriveEmulator(folder, port) as emulator:
        with emulator.lock:
            root = emulator.storage.shared_drive(SHARED_DRIVE, ACCOUNT)
        key = folder / "service-account.json"
        key.touch(mode=0o600)
        key.write_text(json.dumps(emulator.key()), encoding="utf-8")
        station = {"endpoint": f"{emulator.url}/", "folder": root, "key": str(key)}
        draft = folder / f"{STATION}.draft"
        draft.write_text(json.dumps(station), encoding="utf-8")
        draft.replace(folder / STATION)
        sys.stdout.write(f"Drive listens on {emulator.url}\n")
        sys.stdout.flush()
        signal.pause()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
