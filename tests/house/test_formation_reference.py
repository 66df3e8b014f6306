"""The judge, the generators and the reference figures stay as they were given: nobody marks their own work."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings

DIGESTS = {
    "generate.py": "368b0f6b61023a82c493fad1450cf2b6647db0fa4e91f7d551de35ec5aaa249b",
    "peer_cases.py": "3957503a2cf410ed76317130e21addc8135a9c8cfd55e41a16fbd5f33c252baf",
    "reference.csv": "38bab41ebd8cf741eb86ea9dc4274a6787ead64456c31c230c86ce9d958219c2",
    "score.py": "ff18ad3dd46256d262214838f67bbeaa0ec38d9a410546e3bdbf6f5ccb022f4a",
}


@pytest.mark.parametrize("name", DIGESTS)
def test_the_reference_is_unchanged(name: str):
    path = Path(settings.BASE_DIR, "tests", "formation_reference", name)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == DIGESTS[name]
