#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "encoder/activation.h"
#include "encoder/cpu/add_norm.h"

namespace sts {

/** A linear layer's parameters and the same in the type that products are computed in. */
struct CpuLinear {
  at::Tensor weight, bias;
  at::Tensor computed_weight, computed_bias;
};

/** A post-layer-norm Transformer layer. */
struct CpuLayer {
  CpuLinear query, key, value, attention_output;
  Norm attention_norm;
  CpuLinear intermediate, output;
  Norm output_norm;
  Activation activation;
};

struct CpuLayerOptions {
  std::vector<int64_t> cumulative_lengths;  // [sequences + 1]
  int64_t heads;
  /** Of the products; sums and normalisations are float32. */
  at::ScalarType type;
  double hidden_dropout, attention_dropout;
  std::optional<at::Generator> generator;  // without it there is no dropout
  /** Whether only each sequence's first token is wanted: the rows of the output are the sequences.
   */
  bool only_first;
  /** Whether the backward computes the layer again instead of the forward keeping activations. */
  bool recompute;
};

/**
 * A layer as one node of the autograd graph: what one part of it leaves in the cache the next one
 * finds there, and nothing is kept or copied but what the backward needs. `hidden` is float32
 * [tokens, hidden_size], and so is the result. `parameters` are the weights and biases of query,
 * key, value, attention output, intermediate and output, then of the two normalisations.
 */
at::Tensor ApplyCpuLayer(const CpuLayer& layer, const std::vector<at::Tensor>& parameters,
                         const CpuLayerOptions& options, const at::Tensor& hidden);

}  // namespace sts
