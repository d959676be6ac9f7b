"""rembg's folder command, `rembg p -m u2netp IN OUT`; run by rembg's own Python. A line in: [in, out]."""

import contextlib
import io
import json
import sys
import time
from pathlib import Path

from peak import peak_mb
from png_level import keep_to_level
from rembg.commands.p_command import p_command

keep_to_level()
for line in sys.stdin:
    source, target = json.loads(line)
    Path(target).mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        p_command(["-m", "u2netp", source, target], standalone_mode=False)
    print(json.dumps({"seconds": time.perf_counter() - start, "peak_mb": peak_mb()}), flush=True)
