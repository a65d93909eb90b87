"""Trains with transformers' Trainer; the first steps are not measured."""

import time

import torch
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)
from transformers.trainer_pt_utils import get_length_grouped_indices
from transformers.utils import logging

from common import peak_bytes, read_pairs, read_task, tell

task = read_task()
logging.set_verbosity_error()
tokenizer = AutoTokenizer.from_pretrained(task["model"])
model = AutoModelForSequenceClassification.from_pretrained(task["model"], num_labels=1)
batch_size, warm_up, steps = task["batchSize"], task["warmUp"], task["steps"]


def encode(pair):
    encoding = tokenizer(
        pair["sentence1"], pair["sentence2"], truncation=True, max_length=task["maxLength"]
    )
    return {**encoding, "label": float(pair["label"])}


dataset = [encode(pair) for pair in read_pairs(task["train"])]
lengths = [len(example["input_ids"]) for example in dataset]


def grouped(begin, end):
    """Like group_by_length in a full epoch: 50 batches at a time are sorted by their lengths."""
    order = get_length_grouped_indices(lengths[begin:end], batch_size, mega_batch_mult=50)
    return [begin + index for index in order]


def order():
    """The pairs come shuffled already; those that are measured are the same in every order."""
    measured = warm_up * batch_size
    if not task["grouped"]:
        return list(range(len(dataset)))
    return grouped(0, measured) + grouped(measured, len(dataset))


class InOrder(Trainer):
    def _get_train_sampler(self, train_dataset=None):
        return order()


class Clock(TrainerCallback):
    def on_step_end(self, args, state, control, **kwargs):
        if state.global_step == warm_up:
            self.begin = time.perf_counter()
            self.graphs = compiled_graphs()
        if state.global_step == warm_up + steps:
            seconds = time.perf_counter() - self.begin
            self.figures = {
                "pairsPerSecond": steps * batch_size / seconds,
                "peakBytes": peak_bytes(),
                "recompiled": compiled_graphs() - self.graphs,
            }


def compiled_graphs():
    return torch._dynamo.utils.counters["stats"]["unique_graphs"] if task["compiled"] else 0


arguments = TrainingArguments(
    output_dir=task["output"],
    per_device_train_batch_size=batch_size,
    num_train_epochs=1,
    learning_rate=2e-5,
    weight_decay=0.01,
    warmup_steps=0.1,
    lr_scheduler_type="linear",
    max_grad_norm=1.0,
    seed=task["seed"],
    bf16=task["precision"] == "bf16",
    torch_compile=task["compiled"],
    use_cpu=True,
    dataloader_pin_memory=False,
    save_strategy="no",
    report_to="none",
    disable_tqdm=True,
)
clock = Clock()
InOrder(
    model=model,
    args=arguments,
    train_dataset=dataset,
    processing_class=tokenizer,
    callbacks=[clock],
).train()
# Last: the Trainer prints a summary of its own.
tell(**clock.figures)
