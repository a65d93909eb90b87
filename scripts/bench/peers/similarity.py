"""Scores one pair from cold with sentence-transformers: import, load, one prediction."""

from sentence_transformers import CrossEncoder

from common import peak_bytes, read_task, tell

task = read_task()
model = CrossEncoder(task["model"], device="cpu", max_length=task["maxLength"])
score = model.predict([task["sentences"]], show_progress_bar=False)[0]
tell(score=float(score), peakBytes=peak_bytes())
