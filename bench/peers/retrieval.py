"""The nearest rows by faiss-cpu's exact index, and the measures of pytorch-metric-learning's AccuracyCalculator.

Usage: retrieval.py FILE ROWS WIDTH CLASS THREADS. FILE holds float32 rows, CLASS of them in a row of each class. Reads {"what": "search", "k"} or
{"what": "measures"} a line and answers with milliseconds by the wall's clock and of processor time, and the neighbours or the measures.
"""

import json
import sys
import time

import faiss
import numpy as np

path, rows, width, size, threads = sys.argv[1], *map(int, sys.argv[2:])
faiss.omp_set_num_threads(threads)
x = np.fromfile(path, dtype=np.float32).reshape(rows, width)
labels = np.arange(rows) // size


def search(k):
    """As one leaves each row out of its own neighbours: ask for one more, and drop it by its index."""
    index = faiss.IndexFlatL2(width)
    index.add(x)
    _, found = index.search(x, k + 1)
    kept = found != np.arange(rows)[:, None]
    kept[kept.all(axis=1), -1] = False
    return found[kept].reshape(rows, k)


def measures():
    import torch
    from pytorch_metric_learning.utils.accuracy_calculator import AccuracyCalculator
    from pytorch_metric_learning.utils.inference import FaissKNN

    torch.set_num_threads(threads)
    names = ("precision_at_1", "r_precision", "mean_average_precision_at_r")
    # Its default k is the largest class; the searcher is its own.
    calculator = AccuracyCalculator(include=names, device=torch.device("cpu"), knn_func=FaissKNN())
    scores = calculator.get_accuracy(torch.from_numpy(x), torch.from_numpy(labels))
    return [float(scores[name]) for name in names]


for line in sys.stdin:
    request = json.loads(line)
    if request["what"] == "measures":
        import pytorch_metric_learning.utils.accuracy_calculator  # not a part of what is timed
    processor, wall = time.process_time(), time.perf_counter()
    found = search(request["k"]) if request["what"] == "search" else measures()
    answer = {"ms": (time.perf_counter() - wall) * 1000, "processorMs": (time.process_time() - processor) * 1000}
    answer |= {"indices": found.reshape(-1).tolist()} if request["what"] == "search" else {"values": found}
    print(json.dumps(answer), flush=True)
