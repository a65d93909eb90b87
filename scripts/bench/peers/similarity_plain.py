"""Scores one pair from cold with transformers alone: import, load, one prediction."""

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from common import peak_bytes, read_task, tell

task = read_task()
tokenizer = AutoTokenizer.from_pretrained(task["model"])
model = AutoModelForSequenceClassification.from_pretrained(task["model"]).eval()
inputs = tokenizer(
    *task["sentences"], truncation=True, max_length=task["maxLength"], return_tensors="pt"
)
with torch.inference_mode():
    score = model(**inputs).logits[0, 0].item()
tell(score=score, peakBytes=peak_bytes())
