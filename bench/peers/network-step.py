"""One training step of a network with GEMINI MMD one-vs-all (linear kernel) and Adam in PyTorch, eager.

Usage: network-step.py mlp|lenet5|resnet18 THREADS clock|processor. For each line with a number of steps on standard input, runs that many and prints
{"ms": [...]}.
"""

import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(int(sys.argv[2]))
torch.set_num_interop_threads(1)
torch.manual_seed(0)

CLUSTERS = 10
now = {"clock": time.perf_counter, "processor": time.process_time}[sys.argv[3]]


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = unit(inputs, outputs, 3, stride, 1)
        self.second = unit(outputs, outputs, 3, 1, 1)
        self.around = nn.Identity() if stride == 1 and inputs == outputs else unit(inputs, outputs, 1, stride, 0)

    def forward(self, x):
        return F.relu(self.second(F.relu(self.first(x))) + self.around(x))


def unit(inputs, outputs, side, stride, padding):
    return nn.Sequential(nn.Conv2d(inputs, outputs, side, stride, padding, bias=False), nn.BatchNorm2d(outputs))


def mlp():
    return nn.Sequential(nn.Linear(784, 1200), nn.ReLU(), nn.Linear(1200, CLUSTERS)), (500, 784)


def lenet5():
    features = [nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)]
    features += [nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten(), nn.Linear(120, 84), nn.Tanh()]
    return nn.Sequential(*features, nn.Linear(84, CLUSTERS)), (256, 1, 32, 32)


def resnet18():
    blocks = [Block(64, 64, 1), Block(64, 64, 1)]
    for outputs in (128, 256, 512):
        blocks += [Block(outputs // 2, outputs, 2), Block(outputs, outputs, 1)]
    stem = [unit(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    tail = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 1000), nn.Linear(1000, CLUSTERS)]
    return nn.Sequential(*stem, *blocks, *tail), (64, 3, 32, 32)


model, shape = {"mlp": mlp, "lenet5": lenet5, "resnet18": resnet18}[sys.argv[1]]()
x = torch.randn(shape)
batch = shape[0]
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)


def step():
    optimizer.zero_grad()
    posteriors = model(x).softmax(1)
    proportions = posteriors.mean(0)
    weights = posteriors / (proportions * batch)
    difference = x.flatten(1).T @ (weights - 1 / batch)
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
        start = now()
        step()
        times.append((now() - start) * 1000)
    print(json.dumps({"ms": times}), flush=True)
