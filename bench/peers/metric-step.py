"""Value and gradient of a metric loss on given embeddings, by pytorch-metric-learning in PyTorch, eager.

Usage: metric-step.py THREADS clock|processor. A line of JSON with loss, embeddings [n, d], labels, proxies (or null) and steps runs that many and prints
{"ms": [...], "value": ...}. Arrays are sent once, with the first line of a `key`.
"""

import base64
import json
import sys
import time

import numpy
import torch
from pytorch_metric_learning import distances, losses, miners

torch.set_num_threads(int(sys.argv[1]))
torch.set_num_interop_threads(1)
now = time.process_time if sys.argv[2] == "processor" else time.perf_counter


def make(loss, classes, width):
    if loss == "contrastive":
        return losses.ContrastiveLoss(pos_margin=0, neg_margin=1)
    if loss in ("triplet-all", "triplet-margin-filtered"):
        return losses.TripletMarginLoss(margin=0.2)
    if loss == "n-pair":
        return losses.NPairsLoss(distance=distances.DotProductSimilarity(normalize_embeddings=False))
    if loss == "multi-similarity":
        return losses.MultiSimilarityLoss(alpha=2, beta=50, base=0.5)
    if loss == "proxy-anchor":
        return losses.ProxyAnchorLoss(num_classes=classes, embedding_size=width, margin=0.1, alpha=32)
    raise ValueError(loss)


def array(sent):
    numbers = numpy.frombuffer(base64.b64decode(sent["bytes"]), dtype=sent["dtype"])
    return torch.from_numpy(numbers.copy()).reshape(sent["shape"])


prepared = {}


def prepare(request):
    embeddings = array(request["embeddings"]).requires_grad_()
    labels = array(request["labels"]).long()
    loss = make(request["loss"], int(labels.max()) + 1, embeddings.shape[1])
    if request["proxies"]:
        loss.proxies.data = array(request["proxies"])
    mined = request["loss"] == "triplet-margin-filtered"
    return embeddings, labels, loss, miners.TripletMarginMiner(margin=0.2, type_of_triplets="all") if mined else None


def step(embeddings, labels, loss, miner):
    embeddings.grad = None
    for parameter in loss.parameters():
        parameter.grad = None
    value = loss(embeddings, labels, miner(embeddings, labels) if miner else None)
    value.backward()
    return value.item()


for line in sys.stdin:
    request = json.loads(line)
    key = request["key"]
    if key not in prepared:
        prepared.clear()
        prepared[key] = prepare(request)
    times = []
    for _ in range(request["steps"]):
        start = now()
        value = step(*prepared[key])
        times.append((now() - start) * 1000)
    print(json.dumps({"ms": times, "value": value}), flush=True)
