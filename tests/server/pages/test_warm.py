"""A process that serves pages has read what its first visitor needs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_CODE = """
import sys
import handfast_server.wsgi
from django.template import engines
known = set(sys.modules)
import pyarrow
pyarrow.array([1.5]).to_numpy()
read = set(engines["django"].engine.template_loaders[0].get_template_cache)
assert any(str(each).endswith("scoreboard/numbers.html") for each in read), read
print(sorted(set(sys.modules) - known))
"""


def test_nothing_is_loaded_at_the_first_look_at_numbers(tmp_path: Path) -> None:
    told = {**os.environ, "HANDFAST_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "handfast_server.settings"}
    done = subprocess.run([sys.executable, "-c", _CODE], capture_output=True, text=True, env=told, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
