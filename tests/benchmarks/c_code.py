"""C by hand, compiled where gcc is: what the machine can do with the same descent."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

FLAGS = ["-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC"]

FORMULAS = {
    "rosenbrock": """
        double a = 1 - x, b = y - x*x;
        *value = a*a + 100*(b*b); *gx = -2*a - 400*x*b; *gy = 200*b;""",
    "himmelblau": """
        double a = x*x + y - 11, b = x + y*y - 7;
        *value = a*a + b*b; *gx = 4*x*a + 2*b; *gy = 2*a + 4*y*b;""",
}

OPTIMIZERS = {
    "gd": ("", "x -= rate*gx; y -= rate*gy;"),
    "momentum": (
        "double vx = 0, vy = 0;",
        "vx = 0.9*vx + gx; vy = 0.9*vy + gy; x -= rate*vx; y -= rate*vy;",
    ),
    "adam": (
        "double mx = 0, my = 0, sx = 0, sy = 0, w1 = 0, w2 = 0;",
        """mx = 0.9*mx + 0.1*gx; my = 0.9*my + 0.1*gy; sx = 0.999*sx + 0.001*gx*gx; sy = 0.999*sy + 0.001*gy*gy;
        w1 = 0.9*w1 + 0.1; w2 = 0.999*w2 + 0.001;
        x -= rate*(mx/(w1*(sqrt(sx/w2) + 1e-8))); y -= rate*(my/(w1*(sqrt(sy/w2) + 1e-8)));""",
    ),
}

_PATH = """
#include <math.h>
static inline void f(double x, double y, double *value, double *gx, double *gy) {{ {formula} }}
void path(double x, double y, double rate, long epochs, double *table) {{
    {state}
    for (long k = 0; k <= epochs; k++) {{
        double value, gx, gy;
        f(x, y, &value, &gx, &gy);
        double *row = table + 5*k;
        row[0] = x; row[1] = y; row[2] = value; row[3] = gx; row[4] = gy;
        if (!(isfinite(value) && isfinite(gx) && isfinite(gy))) break;
        {step}
    }}
}}
"""


def c_path(formula: str, optimizer: str) -> Any | None:
    """Return a C function (x, y, rate, epochs, address of a table) that records a path; None without gcc."""
    state, step = OPTIMIZERS[optimizer]
    library = compiled(_PATH.format(formula=FORMULAS[formula], state=state, step=step))
    if library is None:
        return None
    path = library.path
    path.argtypes = [ctypes.c_double] * 3 + [ctypes.c_long, ctypes.c_void_p]
    return path


def compiled(source: str, *flags: str) -> Any | None:
    """Return the library of this source, None without gcc."""
    gcc = shutil.which("gcc")
    if gcc is None:
        return None
    folder = Path(tempfile.mkdtemp())
    (folder / "code.c").write_text(source)
    subprocess.run([gcc, *FLAGS, *flags, "-o", "code.so", "code.c", "-lm"], cwd=folder, check=True)
    return ctypes.CDLL(str(folder / "code.so"))
