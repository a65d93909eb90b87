"""Writes fp32.onnx and int8.onnx, quantised dynamically, beside a model's other files."""

import os

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from common import read_task, tell

directory = read_task()["model"]
tokenizer = AutoTokenizer.from_pretrained(directory)
model = AutoModelForSequenceClassification.from_pretrained(directory).eval()
inputs = dict(tokenizer(["가 나 다", "라"], ["마", "바"], padding=True, return_tensors="pt"))
names = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in inputs]


class Logits(torch.nn.Module):
    """Takes its inputs by position, as an exported graph does."""

    def __init__(self):
        super().__init__()
        self.model = model

    def forward(self, *values):
        return self.model(**dict(zip(names, values))).logits


fp32, int8 = (os.path.join(directory, f"{name}.onnx") for name in ("fp32", "int8"))
torch.onnx.export(
    Logits(),
    tuple(inputs[name] for name in names),
    fp32,
    input_names=names,
    output_names=["logits"],
    dynamic_axes={name: {0: "batch", 1: "length"} for name in names},
    opset_version=17,
    dynamo=False,
)
quantize_dynamic(fp32, f"{int8}.part", weight_type=QuantType.QInt8)
os.replace(f"{int8}.part", int8)
tell()
