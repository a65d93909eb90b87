"""What the peers' scripts share: their task, the pairs, and how they tell what they measured."""

import json
import math
import resource
import sys
import time


def read_task():
    """The JSON object that the script was called with."""
    return json.loads(sys.argv[1])


def read_pairs(file):
    with open(file, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def peak_bytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def quantile(values, share):
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def tell(**figures):
    print(json.dumps(figures), flush=True)


def measure_prediction(predict, pairs, batch_size, singles):
    """Predicts pairs in batches, then some of them one at a time.

    predict takes a list of [sentence, sentence] and returns their scores.
    """
    texts = [[pair["sentence1"], pair["sentence2"]] for pair in pairs]
    first_score = float(predict(texts[: 2 * batch_size])[0])
    begin = time.perf_counter()
    predict(texts)
    seconds = time.perf_counter() - begin
    times = []
    for i in range(singles + 10):
        start = time.perf_counter()
        predict([texts[i % len(texts)]])
        times.append(1000 * (time.perf_counter() - start))
    tell(
        pairsPerSecond=len(texts) / seconds,
        p50=quantile(times[10:], 0.5),
        p99=quantile(times[10:], 0.99),
        peakBytes=peak_bytes(),
        firstScore=first_score,
    )
