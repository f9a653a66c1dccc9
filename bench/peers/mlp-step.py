"""One training step of an MLP 784-1200-10 with GEMINI MMD one-vs-all (linear kernel) and Adam, batch 500, in PyTorch, eager.

Usage: mlp-step.py THREADS. For each line with a number of steps on standard input, runs that many and prints {"ms": [...]}.
"""

import json
import sys
import time

import torch

torch.set_num_threads(int(sys.argv[1]))
torch.set_num_interop_threads(1)
torch.manual_seed(0)

BATCH, FEATURES, HIDDEN, CLUSTERS = 500, 784, 1200, 10
x = torch.rand(BATCH, FEATURES)
model = torch.nn.Sequential(
    torch.nn.Linear(FEATURES, HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, CLUSTERS), torch.nn.Softmax(dim=1)
)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)


def step():
    optimizer.zero_grad()
    posteriors = model(x)
    proportions = posteriors.mean(0)
    weights = posteriors / (proportions * BATCH)
    difference = x.T @ (weights - 1 / BATCH)
    squares = (difference**2).sum(0)
    positive = squares > 0
    distances = torch.where(positive, torch.sqrt(torch.where(positive, squares, 1.0)), 0.0)
    loss = -(proportions * distances).sum()
    loss.backward()
    optimizer.step()
    return loss.item()


for line in sys.stdin:
    times = []
    for _ in range(int(line)):
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1000)
    print(json.dumps({"ms": times}), flush=True)
