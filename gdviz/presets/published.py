"""The test functions of the optimization literature, with the starts and minima that were published for them."""

from __future__ import annotations

from math import pi

from gdviz.presets.preset import Preset

_MGH = "Moré, Garbow & Hillstrom, Testing Unconstrained Optimization Software (1981)"
_SURVEY = "Jamil & Yang, A Literature Survey of Benchmark Functions (2013)"

PUBLISHED = (
    Preset(
        key="rosenbrock",
        title="Rosenbrock’s valley",
        formula="(1 - x)^2 + 100*(y - x^2)^2",
        start=(-1.2, 1.0),
        window=((-2.0, 2.0), (-1.0, 3.0)),
        minima=(((1.0, 1.0), 0.0),),
        learning_rate=0.001,
        epochs=10_000,
        source="Rosenbrock, An Automatic Method for Finding the Greatest or Least Value of a Function (1960)",
        note="The valley is found at once; along its curved floor the slope is a thousand times smaller. Try "
        "momentum or Adam, and a learning rate of 0.0025: the limit at the minimum is 0.002, so that run "
        "never settles.",
    ),
    Preset(
        key="himmelblau",
        title="Himmelblau’s four valleys",
        formula="(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
        start=(0.0, 0.0),
        window=((-6.0, 6.0), (-6.0, 6.0)),
        minima=(
            ((3.0, 2.0), 0.0),
            ((-2.805118, 3.131312), 0.0),
            ((-3.779310, -3.283186), 0.0),
            ((3.584428, -1.848127), 0.0),
        ),
        learning_rate=0.01,
        epochs=200,
        source="Himmelblau, Applied Nonlinear Programming (1972)",
        note="Four equally deep minima around a hill (181.6 high at (-0.27, -0.92)): where a run ends depends on "
        "the start, and near the borders between the valleys on the learning rate too.",
    ),
    Preset(
        key="beale",
        title="Beale",
        formula="(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
        start=(1.0, 1.0),
        window=((-4.5, 4.5), (-4.5, 4.5)),
        minima=(((3.0, 0.5), 0.0),),
        learning_rate=0.01,
        epochs=5000,
        source=_MGH + ", problem 5; Beale (1958)",
        note="Walls at the corners, a long flat trough inside. From the published start the run turns quickly into "
        "the trough and then takes its time. From the corners the same learning rate diverges.",
    ),
    Preset(
        key="booth",
        title="Booth",
        formula="(x + 2*y - 7)^2 + (2*x + y - 5)^2",
        start=(-8.0, 6.0),
        window=((-10.0, 10.0), (-10.0, 10.0)),
        minima=(((1.0, 3.0), 0.0),),
        learning_rate=0.05,
        epochs=100,
        source=_SURVEY,
        note="A tilted bowl with curvatures 2 and 18, so the learning rate must stay below 2/18 = 0.111. Try 0.105 "
        "and 0.115 to see the limit from both sides.",
    ),
    Preset(
        key="matyas",
        title="Matyas",
        formula="0.26*(x^2 + y^2) - 0.48*x*y",
        start=(-8.0, 6.0),
        window=((-10.0, 10.0), (-10.0, 10.0)),
        minima=(((0.0, 0.0), 0.0),),
        learning_rate=0.5,
        epochs=300,
        source=_SURVEY,
        note="A tilted ravine with curvatures 0.04 and 1: straight to the diagonal, then slowly along it. The best "
        "constant learning rate is 2/1.04 = 1.923.",
    ),
    Preset(
        key="powell_singular",
        title="Powell’s singular function",
        formula="(w + 10*x)^2 + 5*(y - z)^2 + (x - 2*y)^4 + 10*(w - z)^4",
        start=(3.0, -1.0, 0.0, 1.0),
        window=((-1.0, 4.0), (-2.0, 2.0), (-2.0, 2.0), (-1.0, 2.0)),
        minima=(((0.0, 0.0, 0.0, 0.0), 0.0),),
        learning_rate=0.003,
        epochs=5000,
        source=_MGH + ", problem 13; Powell (1962)",
        note="Four parameters, and a minimum without curvature in two directions: the error does not shrink by a "
        "factor an epoch but ever more slowly.",
    ),
    Preset(
        key="ackley",
        title="Ackley",
        formula="-20*exp(-0.2*sqrt(0.5*(x^2 + y^2))) - exp(0.5*(cos(2*pi*x) + cos(2*pi*y))) + e + 20",
        start=(2.7, -1.8),
        window=((-5.0, 5.0), (-5.0, 5.0)),
        minima=(((0.0, 0.0), 0.0),),
        learning_rate=0.02,
        epochs=200,
        source="Ackley, A Connectionist Machine for Genetic Hillclimbing (1987)",
        note="A funnel covered with dimples: plain descent stays in the first dimple. The minimum itself is a "
        "sharp tip without a gradient. Try heavy ball with momentum 0.95 and learning rate 0.05, which rolls "
        "over some rims.",
        local_minima=(((2.973139, -1.982140), 7.961711),),
    ),
    Preset(
        key="rastrigin",
        title="Rastrigin",
        formula="20 + x^2 + y^2 - 10*(cos(2*pi*x) + cos(2*pi*y))",
        start=(2.3, -1.6),
        window=((-5.12, 5.12), (-5.12, 5.12)),
        minima=(((0.0, 0.0), 0.0),),
        learning_rate=0.001,
        epochs=100,
        source="Rastrigin, Systems of Extremal Control (1974)",
        note="An egg box on a bowl: about a hundred local minima, and a small learning rate ends in the nearest. "
        "Beyond 0.005 no minimum can hold the run, which then hops to and fro without settling.",
        local_minima=(((1.989912, -1.989912), 7.959662),),
    ),
    Preset(
        key="griewank",
        title="Griewank",
        formula="1 + (x^2 + y^2)/4000 - cos(x)*cos(y/sqrt(2))",
        start=(7.5, -6.5),
        window=((-10.0, 10.0), (-10.0, 10.0)),
        minima=(((0.0, 0.0), 0.0),),
        learning_rate=0.5,
        epochs=100,
        source="Griewank, Generalized Descent for Global Optimization (1981)",
        note="From afar a bowl, from near a field of regular dimples, almost equally deep. Change the window to "
        "±600 to see the bowl.",
        local_minima=(((6.280045, -8.876889), 0.029584),),
    ),
    Preset(
        key="styblinski_tang",
        title="Styblinski–Tang",
        formula="0.5*(x^4 - 16*x^2 + 5*x + y^4 - 16*y^2 + 5*y)",
        start=(0.5, -0.5),
        window=((-5.0, 5.0), (-5.0, 5.0)),
        minima=(((-2.903534, -2.903534), -78.332331),),
        learning_rate=0.01,
        epochs=100,
        source="Styblinski & Tang, Experiments in Nonconvex Optimization (1990)",
        note="Four wells, one deepest. From here the run ends in the second best; from (0, 0) in the best. The "
        "deep wells have the limit 0.0578: a learning rate of 0.06 hops for ever.",
        local_minima=(
            ((2.746803, -2.903534), -64.195613),
            ((-2.903534, 2.746803), -64.195613),
            ((2.746803, 2.746803), -50.058894),
        ),
    ),
    Preset(
        key="goldstein_price",
        title="Goldstein–Price",
        formula="(1 + (x + y + 1)^2*(19 - 14*x + 3*x^2 - 14*y + 6*x*y + 3*y^2))"
        " * (30 + (2*x - 3*y)^2*(18 - 32*x + 12*x^2 + 48*y - 36*x*y + 27*y^2))",
        start=(-0.5, -0.4),
        window=((-2.0, 2.0), (-2.5, 1.5)),
        minima=(((0.0, -1.0), 3.0),),
        learning_rate=0.0001,
        epochs=1000,
        source="Goldstein & Price, On Descent from Local Minima (1971)",
        note="Values from 3 to a million in one window: the learning rate that is right at the minimum is far too "
        "large at the rim. From here the run ends in a local minimum of 30; from (0.2, -0.8) in the global "
        "one.",
        local_minima=(((-0.6, -0.4), 30.0), ((1.8, 0.2), 84.0), ((1.2, 0.8), 840.0)),
    ),
    Preset(
        key="branin",
        title="Branin",
        formula="(y - 5.1/(4*pi^2)*x^2 + 5/pi*x - 6)^2 + 10*(1 - 1/(8*pi))*cos(x) + 10",
        start=(5.5, 9.0),
        window=((-5.0, 10.0), (0.0, 15.0)),
        minima=(((-pi, 12.275), 0.397887), ((pi, 2.275), 0.397887), ((9.42478, 2.475), 0.397887)),
        learning_rate=0.02,
        epochs=300,
        source="Branin, Widely Convergent Method for Finding Multiple Solutions (1972)",
        note="Three minima of the same depth. Try starts left and right of x = 6.",
    ),
    Preset(
        key="mccormick",
        title="McCormick",
        formula="sin(x + y) + (x - y)^2 - 1.5*x + 2.5*y + 1",
        start=(3.0, 3.0),
        window=((-1.5, 4.0), (-3.0, 4.0)),
        minima=(((-0.547198, -1.547198), -1.913223),),
        learning_rate=0.1,
        epochs=200,
        source="McCormick, Computability of Global Solutions to Factorable Nonconvex Programs (1976)",
        note="A staircase of minima along the diagonal, each lower than the last: the published minimum is the "
        "best of the box -1.5 … 4, -3 … 4, and lower ones lie outside. From here the run stops one stair "
        "higher.",
        local_minima=(((2.594395, 1.594395), 1.228370),),
    ),
    Preset(
        key="easom",
        title="Easom’s needle",
        formula="-cos(x)*cos(y)*exp(-(x - pi)^2 - (y - pi)^2)",
        start=(1.0, 1.0),
        window=((-1.0, 7.0), (-1.0, 7.0)),
        minima=(((pi, pi), -1.0),),
        learning_rate=0.3,
        epochs=500,
        source=_SURVEY + "; Easom (1990)",
        note="A plateau with one hole. From here the slope is about 0.0001, so the run hardly moves, at any "
        "learning rate that is safe in the hole. From (2, 2) it falls in.",
    ),
    Preset(
        key="three_hump_camel",
        title="Three-hump camel",
        formula="2*x^2 - 1.05*x^4 + x^6/6 + x*y + y^2",
        start=(-1.3, 1.8),
        window=((-2.5, 2.5), (-2.5, 2.5)),
        minima=(((0.0, 0.0), 0.0),),
        learning_rate=0.05,
        epochs=200,
        source=_SURVEY,
        note="Three valleys side by side, the middle one deepest. From this start the run ends in an outer one; "
        "try (1, 1) for a start, or a learning rate of 0.3, to reach the middle.",
        local_minima=(((1.747552, -0.873776), 0.298638), ((-1.747552, 0.873776), 0.298638)),
    ),
    Preset(
        key="six_hump_camel",
        title="Six-hump camel",
        formula="(4 - 2.1*x^2 + x^4/3)*x^2 + x*y + (-4 + 4*y^2)*y^2",
        start=(-1.0, 0.2),
        window=((-2.2, 2.2), (-1.4, 1.4)),
        minima=(((0.089842, -0.712656), -1.031628), ((-0.089842, 0.712656), -1.031628)),
        learning_rate=0.02,
        epochs=200,
        source=_SURVEY + "; Dixon & Szegő (1978)",
        note="Six valleys: two deepest, two middling, two shallow. Drag the start and see which it leads to.",
        local_minima=(
            ((-1.703607, 0.796084), -0.215464),
            ((1.703607, -0.796084), -0.215464),
            ((-1.607105, -0.568651), 2.104250),
            ((1.607105, 0.568651), 2.104250),
        ),
    ),
    Preset(
        key="levy_13",
        title="Lévy no. 13",
        formula="sin(3*pi*x)^2 + (x - 1)^2*(1 + sin(3*pi*y)^2) + (y - 1)^2*(1 + sin(2*pi*y)^2)",
        start=(-1.5, 2.4),
        window=((-3.0, 5.0), (-3.0, 5.0)),
        minima=(((1.0, 1.0), 0.0),),
        learning_rate=0.001,
        epochs=500,
        source="Lévy & Montalvo, The Tunneling Algorithm for the Global Minimization of Functions (1985)",
        note="A bowl with ripples that grow with the distance: many local minima, and the nearest holds a small "
        "learning rate. The curvature at the minimum is 180, so the limit there is 0.011.",
        local_minima=(((-1.306113, 2.339219), 8.478914),),
    ),
    Preset(
        key="freudenstein_roth",
        title="Freudenstein–Roth",
        formula="(-13 + x + ((5 - y)*y - 2)*y)^2 + (-29 + x + ((y + 1)*y - 14)*y)^2",
        start=(0.5, -2.0),
        window=((-2.0, 14.0), (-3.0, 5.0)),
        minima=(((5.0, 4.0), 0.0),),
        learning_rate=0.001,
        epochs=10_000,
        source=_MGH + ", problem 2; Freudenstein & Roth (1963)",
        note="The published start leads every descent method into the local minimum 48.98 at (11.41, -0.897), not "
        "to the zero at (5, 4). For that, start with y above 3 and take 0.0002: its limit is 0.0005, the "
        "other’s 0.002.",
        local_minima=(((11.412779, -0.896805), 48.984254),),
    ),
    Preset(
        key="powell_badly_scaled",
        title="Powell, badly scaled",
        formula="(10^4*x*y - 1)^2 + (exp(-x) + exp(-y) - 1.0001)^2",
        start=(0.0, 1.0),
        window=((-0.0002, 0.0006), (0.0, 10.0)),
        minima=(((1.098159e-5, 9.106147), 0.0),),
        learning_rate=1e-9,
        epochs=2000,
        source=_MGH + ", problem 3; Powell (1970)",
        note="Across the valley the curvature is 200 million, so the learning rate must stay below about 1e-8; "
        "along it, at that rate, y would need more than a billion epochs to go from 1 to 9. The run drops "
        "onto the valley floor and stands.",
    ),
    Preset(
        key="brown_badly_scaled",
        title="Brown, badly scaled",
        formula="(x - 10^6)^2 + (y - 2e-6)^2 + (x*y - 2)^2",
        start=(1.0, 1.0),
        window=((-50.0, 850.0), (-0.2, 1.2)),
        minima=(((1e6, 2e-6), 0.0),),
        learning_rate=1e-6,
        epochs=400,
        source=_MGH + ", problem 4",
        note="The minimum (1000000, 0.000002) lies far outside the window. The run creeps right along y = 2/x; the "
        "farther it comes the steeper the walls, and past x = 1000 this learning rate diverges.",
    ),
)
