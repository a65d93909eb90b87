"""Predicts with onnxruntime: batches of equal lengths, as sentence-transformers makes them."""

import os

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from common import measure_prediction, read_pairs, read_task

task = read_task()
file = os.path.join(task["model"], f"{task['precision']}.onnx")
session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
names = [item.name for item in session.get_inputs()]
tokenizer = Tokenizer.from_file(os.path.join(task["model"], "tokenizer.json"))
tokenizer.enable_truncation(task["maxLength"])
tokenizer.no_padding()


def padded(encodings, values, padding):
    width = max(len(encoding.ids) for encoding in encodings)
    array = np.full((len(encodings), width), padding, dtype=np.int64)
    for row, encoding in zip(array, encodings):
        row[: len(encoding.ids)] = values(encoding)
    return array


def run(encodings):
    inputs = {
        "input_ids": padded(encodings, lambda one: one.ids, padding_id),
        "attention_mask": padded(encodings, lambda one: one.attention_mask, 0),
        "token_type_ids": padded(encodings, lambda one: one.type_ids, 0),
    }
    return session.run(None, {name: inputs[name] for name in names})[0][:, 0]


def predict(pairs):
    encodings = tokenizer.encode_batch([tuple(pair) for pair in pairs])
    order = sorted(range(len(pairs)), key=lambda i: -len(encodings[i].ids))
    scores = np.empty(len(pairs), dtype=np.float32)
    for begin in range(0, len(order), task["batchSize"]):
        batch = order[begin : begin + task["batchSize"]]
        scores[batch] = run([encodings[i] for i in batch])
    return scores


padding_id = tokenizer.token_to_id("[PAD]") or 0
measure_prediction(predict, read_pairs(task["pairs"]), task["batchSize"], task["singles"])
