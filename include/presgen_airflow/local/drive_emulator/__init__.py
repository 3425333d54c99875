"""Google Drive on loopback: what PresGen uses of its API, over real HTTP, with faults on demand.

Every request and every answer is held against the discovery document that Google's own client ships. Files,
permissions and revisions lie in a folder and outlive the process.

    python -m presgen_airflow.local.drive_emulator FOLDER
"""

from presgen_airflow.local.drive_emulator.faults import Fault, Faults
from presgen_airflow.local.drive_emulator.server import DriveEmulator
from presgen_airflow.local.drive_emulator.storage import Storage

__all__ = ["DriveEmulator", "Fault", "Faults", "Storage"]
