"""Where 512² descents of 500 epochs end: machine code eight side by side, against the same lanes in C and NumPy."""

from __future__ import annotations

import ctypes
import resource
from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter

import numpy as np

import gdviz
from gdviz.codes import native
from gdviz.codes.native_batch import Members
from gdviz.descent.ends import ends_of
from gdviz.descent.step import sequences_of, step_graph
from tests.benchmarks.c_code import compiled
from tests.benchmarks.tables import Table
from tests.benchmarks.timing import milliseconds, part, race

SIDE, EPOCHS, TOLERANCE = 512, 500, 1e-6
WAVES = "exp(-0.1(x^2 + y^2))*sin(3x)*cos(2y) + 0.05(x^2 + y^2)"
CASES = {
    "Himmelblau": (gdviz.PRESETS["himmelblau"].objective, 0.01, "HIMMELBLAU"),
    "Rosenbrock": (gdviz.PRESETS["rosenbrock"].objective, 0.0005, "ROSENBROCK"),
    "exp·sin·cos": (gdviz.parse(WAVES), 0.1, "WAVES"),
}

# The same lanes by hand: vectors of eight, the same tests for the end, ends written down when they come.
_C = """
#include <math.h>
#define {case}
#define {method}
#define L 8
typedef double V __attribute__((vector_size(64)));
typedef long I __attribute__((vector_size(64)));
static inline V vabs(V x) {{ return (V)((I)x & (I){{0}} + 0x7fffffffffffffffL); }}
static inline V each(double (*f)(double), V x) {{ V r; for (int i = 0; i < L; i++) r[i] = f(x[i]); return r; }}
static inline V vsqrt(V x) {{ V r; for (int i = 0; i < L; i++) r[i] = sqrt(x[i]); return r; }}
static inline int any(I m) {{ long r = 0; for (int i = 0; i < L; i++) r |= m[i]; return r != 0; }}
static inline void f(V x, V y, V *v, V *gx, V *gy) {{
#if defined(HIMMELBLAU)
    V a = x*x + y - 11.0, b = x + y*y - 7.0;
    *v = a*a + b*b; *gx = 2.0*a*(2.0*x) + 2.0*b; *gy = 2.0*a + 2.0*b*(2.0*y);
#elif defined(ROSENBROCK)
    V a = 1.0 - x, b = y - x*x;
    *v = a*a + 100.0*(b*b); *gx = -2.0*a - 400.0*(x*b); *gy = 200.0*b;
#else
    V q = x*x + y*y, e = each(exp, -0.1*q), s = each(sin, 3.0*x), c = each(cos, 2.0*y);
    V s2 = each(sin, 2.0*y), c3 = each(cos, 3.0*x), es = e*s, esc = es*c;
    *v = esc + 0.05*q; *gx = -0.2*x*esc + 3.0*(e*c3)*c + 0.1*x; *gy = -0.2*y*esc - 2.0*es*s2 + 0.1*y;
#endif
}}
void lanes(const double *theta, const double *rates, const double *betas, long members, long epochs, double tolerance,
           double *ends, long *reasons) {{
    for (long g = 0; g < members; g += L) {{
        V x = *(V *)(theta + g), y = *(V *)(theta + members + g), px = x, py = y, pv = x*0.0;
        V rate = *(V *)(rates + g), beta = *(V *)(betas + g);
        I alive = (I){{0}} - 1, was = {{0}};
#ifdef MOMENTUM
        V vx = {{0}}, vy = {{0}};
#elif defined(ADAM)
        V mx = {{0}}, my = {{0}}, ux = {{0}}, uy = {{0}};
        double w1 = 0, w2 = 0;
#endif
        for (long k = 0;; k++) {{
            V v, gx, gy;
            f(x, y, &v, &gx, &gy);
#ifdef MOMENTUM
            vx = beta*vx + gx; vy = beta*vy + gy;
            V nx = x + rate*(-vx), ny = y + rate*(-vy);
#elif defined(ADAM)
            mx = mx*0.9 + gx*0.1; my = my*0.9 + gy*0.1; w1 = w1*0.9 + 0.1; w2 = w2*0.999 + 0.001;
            ux = ux*0.999 + gx*(gx*0.001); uy = uy*0.999 + gy*(gy*0.001);
            V nx = x + rate*(-mx/(w1*(vsqrt(ux/w2) + 1e-8))), ny = y + rate*(-my/(w1*(vsqrt(uy/w2) + 1e-8)));
#else
            V nx = x + rate*(-gx), ny = y + rate*(-gy);
#endif
            I small = (gx*gx + gy*gy <= tolerance*tolerance) & (vabs(gx) <= tolerance) & (vabs(gy) <= tolerance);
            I vf = vabs(v) < INFINITY, gf = (vabs(gx) < INFINITY) & (vabs(gy) < INFINITY);
            I tf = (vabs(nx) < INFINITY) & (vabs(ny) < INFINITY), event = ((small & was) | ~(vf & gf & tf)) & alive;
            if (any(event) | (k == epochs)) {{
                for (int i = 0; i < L; i++) if (alive[i] && (event[i] || k == epochs)) {{
                    long q = g + i, c = small[i] & was[i], b = (c || !vf[i]) && k;
                    alive[i] = 0;
                    ends[q] = b ? px[i] : x[i]; ends[members + q] = b ? py[i] : y[i];
                    ends[2*members + q] = b ? pv[i] : v[i]; ends[3*members + q] = b ? k - 1 : k;
                    reasons[q] = c ? 2 : !vf[i] || !gf[i] ? 3 : k == epochs ? (small[i] ? 2 : 1) : 3;
                }}
                if (!any(alive)) break;
            }}
            px = x; py = y; pv = v; x = nx; y = ny; was = small;
        }}
    }}
}}
"""


def members_of(objective: gdviz.Formula, rate: float, optimizer: str, side: int) -> Members:
    line = np.linspace(-5.0, 5.0, side)
    thetas = np.stack([np.tile(line, side), np.repeat(line, side)])
    method = gdviz.OPTIMIZERS[optimizer]()
    pace, sequences = np.ones(EPOCHS), sequences_of(method, 2, EPOCHS)
    step = step_graph(objective, method)
    return Members(step, thetas, np.full(side**2, rate), np.empty((0, side**2)), pace, sequences, TOLERANCE)


def c_lanes(case: str, optimizer: str, members: Members) -> Callable[[], object] | None:
    """Return a call that runs the members in C, their own hyper-parameter being momentum's; None without gcc."""
    library = compiled(_C.format(case=f"{case} 1", method=optimizer.upper()), "-fno-math-errno")
    if library is None:
        return None
    count, epochs = members.thetas.shape[1], len(members.pace)
    # Vectors of 64 bytes want their arrays to begin at such an address.
    ends, theta, rates, betas = aligned(4 * count), aligned(2 * count), aligned(count), aligned(count)
    theta[:], rates[:] = members.thetas.ravel(), members.rates
    betas[:] = members.own[0] if len(members.own) else 0.0
    reasons = np.empty(count, dtype=np.int64)
    pointer, whole = ctypes.c_void_p, ctypes.c_long
    library.lanes.argtypes = [pointer, pointer, pointer, whole, whole, ctypes.c_double, pointer, pointer]
    return lambda: library.lanes(
        theta.ctypes.data, rates.ctypes.data, betas.ctypes.data, count, epochs, members.tolerance, ends.ctypes.data,
        reasons.ctypes.data,
    )  # fmt: skip


def aligned(count: int) -> np.ndarray:
    room = np.empty(count + 8)
    skip = (-room.ctypes.data % 64) // 8
    return room[skip : skip + count]


def run(share: float = 1) -> Iterator[Table]:
    side = 8 * part(SIDE // 8, share)  # whole lanes
    for title, (objective, rate, case) in CASES.items():
        for optimizer in ("gd", "adam"):
            members = members_of(objective, rate, optimizer, side)
            steps = int(ends_of(members, "native").epochs.sum())
            contenders = {
                "native, one thread": lambda m=members: ends_of(m, "native", threads=1),
                "native, two threads": lambda m=members: ends_of(m, "native", threads=2),
            }
            by_hand = c_lanes(case, optimizer, members)
            if by_hand is not None:
                contenders["C, one thread"] = by_hand
            times = race(contenders, rounds=part(5, share))
            pace = steps / times.median("native, one thread") / 1e6
            yield times.table(
                f"{title}, {optimizer}: {side}² members, {EPOCHS} epochs at most, {steps / 1e6:.0f} million steps",
                "C, one thread" if by_hand is not None else "native, one thread",
                f"{pace:.0f} million steps a second on one thread",
            )
    yield _compiling(part(5, share))


def _compiling(times: int) -> Table:
    """What a kernel costs that is not there yet."""
    rows = []
    for title, (objective, _, _) in CASES.items():
        for optimizer in ("gd", "adam"):
            shape = step_graph(objective, gdviz.OPTIMIZERS[optimizer]()).shape
            cells = [f"{title}, {optimizer}"]
            for kind in ("path", "batch"):
                seconds = []
                for _ in range(times):
                    begin = perf_counter()
                    native._compiled(kind, shape)
                    seconds.append(perf_counter() - begin)
                cells.append(milliseconds(median(seconds)))
            rows.append(cells)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Table("compiling", ["", "path", "batch"], rows, f"largest memory of this process: {memory:.0f} MB")
