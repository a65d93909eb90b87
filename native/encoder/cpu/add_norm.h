#pragma once

#include <ATen/core/Tensor.h>

#include "encoder/cpu/random.h"

namespace sts {

/** The learnt scale and offset of a layer normalisation, float32 [hidden_size]. */
struct Norm {
  at::Tensor weight, bias;
  double eps;
};

/** What the backward needs of the forward. */
struct NormState {
  at::Tensor sum;    // float32 [rows, hidden_size], before the normalisation
  at::Tensor scale;  // float32 [rows, 2]: mean and reciprocal standard deviation
};

struct Normalised {
  at::Tensor output;   // float32 [rows, hidden_size]
  at::Tensor rounded;  // the same in the type of the input; the same tensor in float32
  NormState state;
};

/**
 * `LayerNorm(dropout(input) + residual)` in one pass. `residual` is float32 and may be undefined.
 * Ba, Kiros and Hinton (2016), "Layer Normalization".
 */
Normalised AddNormForward(const Norm& norm, const RowDropout& dropout, const at::Tensor& input,
                          const at::Tensor& residual);

/** The same with the dropout after the normalisation, as on the embeddings. */
struct NormGradients {
  at::Tensor sum;     // of dropout(input) + residual, float32
  at::Tensor input;   // in the input's type
  at::Tensor weight;  // float32 [hidden_size]
  at::Tensor bias;    // float32 [hidden_size]
};

/** `grad_output` is float32; `grad_rounded`, which may be undefined, is added to it. */
NormGradients AddNormBackward(const Norm& norm, const RowDropout& dropout, const NormState& state,
                              const at::Tensor& grad_output, const at::Tensor& grad_rounded,
                              at::ScalarType input_type);

/** The sum over the rows of [rows, columns], float32 [columns]. */
at::Tensor ColumnSums(const at::Tensor& matrix);

}  // namespace sts
