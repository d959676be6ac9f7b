"""rembg's side of the race; run by rembg's own Python. A line in: [source, target] as JSON."""

import json
import sys
import time
from pathlib import Path

from peak import peak_mb
from png_level import keep_to_level
from rembg import new_session, remove

keep_to_level()
session = new_session("u2netp")
for line in sys.stdin:
    source, target = json.loads(line)
    start = time.perf_counter()
    Path(target).write_bytes(remove(Path(source).read_bytes(), session=session))
    print(json.dumps({"seconds": time.perf_counter() - start, "peak_mb": peak_mb()}), flush=True)
