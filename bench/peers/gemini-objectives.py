"""GemClus beside us: the steps of its multilayer perceptron 2-20-k with Adam, full batch, on one thread.

Reads one JSON object a line, {"objective", "kernel", "n", "k", "data", "steps"}, and answers {"ms": median milliseconds of a step}. It is
`fit` itself that runs; the affinity is computed before its first epoch, and not counted.
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


class Timed(MLPModel):
    """Notes when each epoch begins: an epoch of full batches is one step."""

    def _batchify(self, *arguments):
        self.begins.append(time.perf_counter())
        return super()._batchify(*arguments)


for line in sys.stdin:
    case = json.loads(line)
    data = np.asarray(case["data"]).reshape(case["n"], -1)
    model = Timed(
        n_clusters=case["k"],
        gemini=objective(case["objective"], case.get("kernel")),
        # The first step finds its memory cold, the last has no successor to end it.
        max_iter=case["steps"] + 2,
        n_hidden_dim=20,
        batch_size=None,
        random_state=0,
    )
    model.begins = []
    model.fit(data)
    print(json.dumps({"ms": float(np.median(np.diff(model.begins[1:]))) * 1000}), flush=True)
