"""Predicts with sentence-transformers' CrossEncoder."""

import torch
from sentence_transformers import CrossEncoder

from common import measure_prediction, read_pairs, read_task

task = read_task()
dtype = torch.bfloat16 if task["precision"] == "bf16" else torch.float32
model = CrossEncoder(
    task["model"], device="cpu", max_length=task["maxLength"], model_kwargs={"dtype": dtype}
)
measure_prediction(
    lambda pairs: model.predict(
        pairs, batch_size=task["batchSize"], show_progress_bar=False, convert_to_numpy=True
    ),
    read_pairs(task["pairs"]),
    task["batchSize"],
    task["singles"],
)
