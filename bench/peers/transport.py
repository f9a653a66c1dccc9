"""Exact optimal transport by POT's emd2, one problem after the other, and a GEMINI step on top of it in PyTorch.

Each line of standard input is a request in JSON; arrays are float64 in base64. "problem" keeps first [n], second [n] and cost [n, n];
"posteriors" keeps logits [n, k] and cost [n, n]; "solve" and "step" run "times" of them and print {"ms": [...], "value": ...}.
"""

import base64
import json
import sys
import time

import numpy as np
import ot

kept = {}


def array(text, *shape):
    return np.frombuffer(base64.b64decode(text), dtype=np.float64).reshape(*shape).copy()


def keep_problem(request):
    n = request["points"]
    kept["problem"] = (array(request["first"], n), array(request["second"], n), array(request["cost"], n, n))


def keep_posteriors(request):
    import torch

    torch.set_num_threads(request["threads"])
    n, k = request["points"], request["clusters"]
    kept["logits"] = torch.tensor(array(request["logits"], n, k), requires_grad=True)
    kept["way"] = request["way"]
    kept["torch cost"] = torch.tensor(array(request["cost"], n, n))


def solve():
    first, second, cost = kept["problem"]
    value, log = ot.emd2(first, second, cost, log=True, numItermax=10_000_000)
    return float(value)


def step():
    import torch

    logits, cost = kept["logits"], kept["torch cost"]
    logits.grad = None
    posteriors = torch.softmax(logits, 1)
    shares = posteriors.mean(0)
    weights = posteriors / (shares * posteriors.shape[0])
    uniform = torch.full((posteriors.shape[0],), 1 / posteriors.shape[0], dtype=torch.float64)
    # Each column sums to 1 up to rounding, which emd2 accepts.
    k = posteriors.shape[1]
    column = [weights[:, a].contiguous() for a in range(k)]
    if kept["way"] == "one-versus-all":
        total = sum(shares[a] * ot.emd2(column[a], uniform, cost) for a in range(k))
    else:
        pairs = [(a, b) for a in range(k) for b in range(a + 1, k)]
        total = 2 * sum(shares[a] * shares[b] * ot.emd2(column[a], column[b], cost) for a, b in pairs)
    (-total).backward()
    return total.item()


for line in sys.stdin:
    request = json.loads(line)
    what = request["what"]
    if what == "problem":
        keep_problem(request)
        print("{}", flush=True)
        continue
    if what == "posteriors":
        keep_posteriors(request)
        print("{}", flush=True)
        continue
    # A single solve is timed by the processor's clock, as ours is; a step, in which threads wait for each other, by the wall's.
    run, clock = (solve, time.process_time) if what == "solve" else (step, time.perf_counter)
    times = []
    for _ in range(request["times"]):
        start = clock()
        value = run()
        times.append((clock() - start) * 1000)
    print(json.dumps({"ms": times, "value": value}), flush=True)
