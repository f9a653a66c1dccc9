"""GemClus beside us: each of its objectives, alone and in a training step of its multilayer perceptron, on one thread.

Reads one JSON object a line, {"objective", "n", "k", "what", "steps"}, and answers {"ms": [...]}. `what` is `evaluate`, an objective's value
and gradient from given posteriors and a precomputed affinity, or `step`, a full-batch training step of 2-20-k with Adam.
"""

import json
import sys
import time
import warnings

import numpy as np
from gemclus import gemini
from gemclus.mlp import MLPModel

warnings.filterwarnings("ignore")

CLASSES = {
    "kl": gemini.KLGEMINI,
    "tv": gemini.TVGEMINI,
    "hellinger": gemini.HellingerGEMINI,
    "chi2": gemini.ChiSquareGEMINI,
    "mmd": gemini.MMDGEMINI,
    "wasserstein": gemini.WassersteinGEMINI,
}


def objective(name, kernel):
    family, mode = name.split("-")
    options = {"kernel": kernel} if family == "mmd" else {}
    return CLASSES[family](ovo=mode == "ovo", **options)


def evaluate(case, data, steps):
    """Values and gradients; the affinity is made before the clock starts, as GemClus does once for a whole fit."""
    loss = objective(case["objective"], case.get("kernel", "linear"))
    posteriors = np.asarray(case["posteriors"]).reshape(case["n"], case["k"])
    affinity = loss.compute_affinity(data)
    times = []
    for _ in range(steps):
        start = time.perf_counter()
        loss.evaluate(posteriors, affinity, return_grad=True)
        times.append((time.perf_counter() - start) * 1000)
    return times


def step(case, data, steps):
    """What one more epoch costs: a long fit less a short one, so that what a fit does once is left out."""

    def fit(epochs):
        loss = objective(case["objective"], case.get("kernel", "linear"))
        model = MLPModel(
            n_clusters=case["k"], gemini=loss, max_iter=epochs, n_hidden_dim=20, batch_size=None, random_state=0
        )
        start = time.perf_counter()
        model.fit(data)
        return (time.perf_counter() - start) * 1000

    return [(fit(steps + 2) - fit(2)) / steps]


for line in sys.stdin:
    case = json.loads(line)
    data = np.asarray(case["data"]).reshape(case["n"], -1)
    run = {"evaluate": evaluate, "step": step}[case["what"]]
    print(json.dumps({"ms": run(case, data, case["steps"])}), flush=True)
