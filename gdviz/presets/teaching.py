"""Functions on which one thing can be seen at a time: parabolas, ravines, wells, kinks and saddles."""

from __future__ import annotations

from gdviz.presets.preset import Preset

_DIVE = "Zhang, Lipton, Li & Smola, Dive into Deep Learning (2023), chapter “Optimization Algorithms”"
_BOYD = "Boyd & Vandenberghe, Convex Optimization (2004)"

TEACHING = (
    Preset(
        key="sum_of_squares",
        title="Sum of squares",
        formula="x^2 + y^2 + z^2",
        start=(6.081137314203362, -7.913315947420309, -3.2987814709553493),
        window=((-10.0, 10.0), (-10.0, 10.0), (-10.0, 10.0)),
        minima=(((0.0, 0.0, 0.0), 0.0),),
        learning_rate=0.01,
        epochs=1000,
        source="The notebook that this page started from; the start is the one of its printed run",
        note="Each step multiplies every parameter by 1 - 2·0.01 = 0.98, so the three curves shrink together and "
        "the path is a straight line to the origin. Try a learning rate of 0.5 (one step) and of 1 (back and "
        "forth).",
    ),
    Preset(
        key="parabola",
        title="Parabola x²",
        formula="x^2",
        start=(10.0,),
        window=((-11.0, 11.0),),
        minima=(((0.0,), 0.0),),
        learning_rate=0.2,
        epochs=10,
        source=_DIVE,
        note="The slope gets gentler towards the minimum, so the steps get shorter by themselves. Try 0.05 (too "
        "slow) and 1.1 (every step overshoots farther than the last).",
    ),
    Preset(
        key="x_cosine",
        title="Wave x·cos(0.15πx)",
        formula="x*cos(0.15*pi*x)",
        start=(10.0,),
        window=((-15.0, 15.0),),
        minima=(),
        local_minima=(((-13.660371,), -13.498470), ((-1.825685,), -1.190683), ((7.269388,), -6.978141)),
        learning_rate=2.0,
        epochs=10,
        source=_DIVE,
        note="A learning rate of 2 jumps over the valley next to the start and ends in a shallower one. There is "
        "no global minimum, because the waves grow without end. Try 0.5 to reach the near valley.",
    ),
    Preset(
        key="double_well",
        title="Double well",
        formula="x^4/4 - x^2/2",
        start=(0.05,),
        window=((-2.0, 2.0),),
        minima=(((-1.0,), -0.25), ((1.0,), -0.25)),
        learning_rate=0.1,
        epochs=100,
        source="Strogatz, Nonlinear Dynamics and Chaos (1994), example 2.7.2",
        note="Next to the hill at 0 the slope is small: nothing seems to happen, then the run falls into the well "
        "on its side. Try a start of -0.05, and of exactly 0.",
    ),
    Preset(
        key="absolute_value",
        title="Absolute value |x|",
        formula="|x|",
        start=(1.03,),
        window=((-1.5, 1.5),),
        minima=(((0.0,), 0.0),),
        learning_rate=0.1,
        epochs=30,
        source="Shor, Minimization Methods for Non-Differentiable Functions (1985)",
        note="The slope is 1 however close the kink is, so a constant learning rate ends in hopping from side to "
        "side. Try a decaying schedule.",
    ),
    Preset(
        key="log_barrier",
        title="Logarithmic barrier x - log x",
        formula="x - log(x)",
        start=(4.0,),
        window=((0.02, 5.0),),
        minima=(((1.0,), 1.0),),
        learning_rate=0.5,
        epochs=40,
        source=_BOYD + ", section 11.2",
        note="The wall at 0 is infinitely steep. Try a start of 0.1 and smaller: the first step is thrown far to "
        "the right; and a learning rate of 6, which steps behind the wall, where the logarithm does not "
        "exist.",
    ),
    Preset(
        key="quadratic_bowl",
        title="Quadratic bowl, condition number 10",
        formula="0.5*(x^2 + 10*y^2)",
        start=(10.0, 1.0),
        window=((-11.0, 11.0), (-6.0, 6.0)),
        minima=(((0.0, 0.0), 0.0),),
        learning_rate=0.18,
        epochs=60,
        source=_BOYD + ", section 9.3.2",
        note="The 10 in the formula is the condition number: y is ten times as curved as x, and y sets the limit "
        "of the learning rate (2/10). Change it to 1 and to 100 and watch how many epochs are needed.",
    ),
    Preset(
        key="gentle_bowl",
        title="Gentle bowl x² + 2y²",
        formula="x^2 + 2*y^2",
        start=(-5.0, -2.0),
        window=((-5.5, 5.5), (-3.0, 3.0)),
        minima=(((0.0, 0.0), 0.0),),
        learning_rate=0.1,
        epochs=20,
        source=_DIVE,
        note="A well-behaved bowl: the path bends a little, because y shrinks faster than x, and arrives. Try "
        "0.45, where y changes its sign at every step.",
    ),
    Preset(
        key="ravine",
        title="Ravine 0.1x² + 2y²",
        formula="0.1*x^2 + 2*y^2",
        start=(-5.0, -2.0),
        window=((-5.5, 2.0), (-3.0, 3.0)),
        minima=(((0.0, 0.0), 0.0),),
        learning_rate=0.4,
        epochs=20,
        source=_DIVE,
        note="Across the ravine the path zigzags, along it it crawls: one learning rate has to serve both. Beyond "
        "0.5 the zigzag grows and the run diverges; momentum 0.5 is the cure.",
    ),
    Preset(
        key="three_curvatures",
        title="Three curvatures 0.01, 0.1 and 1",
        formula="0.5*(0.01*x^2 + 0.1*y^2 + z^2)",
        start=(1.0, 1.0, 1.0),
        window=((-1.1, 1.1), (-1.1, 1.1), (-1.1, 1.1)),
        minima=(((0.0, 0.0, 0.0), 0.0),),
        learning_rate=1.98019801980198,
        epochs=700,
        source="Goh, Why Momentum Really Works, Distill (2017)",
        note="At the best learning rate of plain descent, 2/(0.01 + 1), the flattest and the steepest direction "
        "shrink equally fast, by 2 % an epoch. Heavy ball with rate 3.3058 and momentum 0.6694 shrinks them "
        "by 18 %.",
    ),
    Preset(
        key="saddle",
        title="Saddle x² - y²",
        formula="x^2 - y^2",
        start=(1.5, 0.001),
        window=((-2.0, 2.0), (-2.0, 2.0)),
        minima=(),
        learning_rate=0.05,
        epochs=75,
        source="Dauphin et al., Identifying and attacking the saddle point problem (2014)",
        note="The run comes in along x, waits at the saddle point where the gradient is almost zero, and leaves "
        "along y: the function has no minimum. From a start with y exactly 0 it never leaves.",
    ),
    Preset(
        key="saddle_between_wells",
        title="Saddle between two wells",
        formula="0.5*x^2 + 0.25*y^4 - 0.5*y^2",
        start=(1.0, 0.0),
        window=((-1.5, 1.5), (-1.6, 1.6)),
        minima=(((0.0, -1.0), -0.25), ((0.0, 1.0), -0.25)),
        learning_rate=0.1,
        epochs=200,
        source="Nesterov, Introductory Lectures on Convex Optimization (2004), section 1.2.3",
        note="The start lies exactly on the ridge, so the gradient never points to a well and the run “converges” "
        "to the saddle point (0, 0). Move the start off the ridge by the least bit.",
    ),
    Preset(
        key="monkey_saddle",
        title="Monkey saddle x³ - 3xy²",
        formula="x^3 - 3*x*y^2",
        start=(1.5, 0.01),
        window=((-2.0, 2.0), (-2.0, 2.0)),
        minima=(),
        learning_rate=0.02,
        epochs=85,
        source="Hilbert & Cohn-Vossen, Geometry and the Imagination (1932)",
        note="Three ways down and three ridges (one for the tail). Gradient and curvature both vanish at the "
        "origin, so the run slows down there without stopping, then falls; give it 20 epochs more and it "
        "diverges.",
    ),
)
