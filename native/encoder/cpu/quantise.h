#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sts {

/** Numbers as bytes: `(data - zero_point) · scale`. */
struct QuantisedInput {
  at::Tensor data;  // uint8, like the numbers
  double scale;
  int64_t zero_point;
};

/** A weight [out, in] as signed bytes, each row with a scale of its own. */
struct QuantisedWeight {
  at::Tensor data;    // int8 [out, in]
  at::Tensor scales;  // float32 [out]
};

/**
 * Dynamic quantisation: over the range that these very numbers have, which always holds 0.
 * Jacob et al. (2018), "Quantization and Training of Neural Networks for Efficient
 * Integer-Arithmetic-Only Inference", section 2.1.
 */
QuantisedInput QuantiseInput(const at::Tensor& input);

QuantisedWeight QuantiseWeight(const at::Tensor& weight);

}  // namespace sts
