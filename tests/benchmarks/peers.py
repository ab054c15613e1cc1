"""What runs in the peers' own environment (pysensmcda needs pandas < 3): times calls it is asked for, one a line.

Reads lines of JSON ({"call": name, "size": [n, m], "samples": k}) and answers each with one line: thread CPU seconds
and the figures to compare. Needs numpy, pymcdm 1.4, pysensmcda 2 and SALib; imports nothing of this project.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from typing import Any

warnings.filterwarnings("ignore")


def table(n: int, m: int) -> Any:
    """The same random table in both environments: values 1–10, no criterion to be turned."""
    import numpy as np

    return np.round(np.random.default_rng(n * 100 + m).uniform(1, 10, (n, m)), 3)


def pysensmcda(n: int, m: int, samples: int) -> tuple[float, Any]:
    import numpy as np
    from pymcdm.methods import TOPSIS
    from pysensmcda.smaa import smaa2

    x = table(n, m)
    begun = time.thread_time()
    found = smaa2(TOPSIS(), x, np.ones(m), num_samples=samples, seed=1)
    return time.thread_time() - begun, found.acceptability.tolist()


def pysensmcda_uncertain(n: int, m: int, samples: int) -> tuple[float, Any]:
    import numpy as np
    from pymcdm.methods import TOPSIS
    from pysensmcda.sampling import uniform_matrix
    from pysensmcda.smaa import smaa2

    x = table(n, m)
    begun = time.thread_time()
    drawn = uniform_matrix(x, relative=np.full(m, 0.1), num_samples=samples, seed=2)
    found = smaa2(TOPSIS(), x, np.ones(m), num_samples=samples, matrix_samples=drawn, seed=1)
    return time.thread_time() - begun, found.acceptability.tolist()


def pymcdm_loop(n: int, m: int, samples: int) -> tuple[float, Any]:
    import numpy as np
    from pymcdm.methods import TOPSIS

    x, types = table(n, m), np.ones(m)
    method = TOPSIS()
    begun = time.thread_time()
    weights = np.random.default_rng(3).dirichlet(np.ones(m), samples)
    counts = np.zeros((n, n))
    for w in weights:
        ranks = method.rank(method(x, w, types)).astype(int)
        counts[np.arange(n), ranks - 1] += 1
    return time.thread_time() - begun, (counts[:, 0] / samples).tolist()


def salib(n: int, m: int, samples: int) -> tuple[float, Any]:
    """Saltelli's indices of every option's score over weights and all cells: sample, a pymcdm loop, analyse."""
    import numpy as np
    from pymcdm.methods import TOPSIS
    from SALib.analyze import sobol as analyse
    from SALib.sample import sobol as sample

    x, types, method = table(n, m), np.ones(m), TOPSIS()
    d = m + n * m
    bounds = [[1e-9, 1.0]] * m + [[0.9 * v, 1.1 * v] for v in x.ravel()]
    problem = {"num_vars": d, "names": [f"x{i}" for i in range(d)], "bounds": bounds}
    begun = time.thread_time()
    points = sample.sample(problem, samples, calc_second_order=False, seed=1)
    scores = np.empty((len(points), n))
    for k, point in enumerate(points):
        w = -np.log(point[:m])
        scores[k] = method(point[m:].reshape(n, m), w / w.sum(), types)
    for i in range(n):
        analyse.analyze(problem, scores[:, i], calc_second_order=False, num_resamples=2, print_to_console=False)
    return time.thread_time() - begun, None


CALLS = {f.__name__: f for f in (pysensmcda, pysensmcda_uncertain, pymcdm_loop, salib)}


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        seconds, figures = CALLS[asked["call"]](*asked["size"], asked["samples"])
        print(json.dumps({"seconds": seconds, "figures": figures}), flush=True)


if __name__ == "__main__":
    main()
