#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "encoder/cpu/layer.h"

namespace sts {

/** A linear layer whose weight lies as oneDNN reads it best; of bytes where it has scales. */
struct PackedLinear {
  at::Tensor weight, bias;
  at::Tensor scales;
};

/** A layer that only predicts. Queries, keys and values are one product. */
struct PackedLayer {
  PackedLinear projections, attention_output, intermediate, output;
  Norm attention_norm, output_norm;
  Activation activation;
};

/** @param quantised whether products are of bytes; numbers in between are float32 */
PackedLayer Pack(const CpuLayer& layer, bool quantised);

/**
 * The layer's output as `ApplyCpuLayer` gives it without dropout and without a backward: float32
 * [tokens, hidden_size], or [sequences, hidden_size] where only the first tokens are wanted.
 */
at::Tensor ApplyPackedLayer(const PackedLayer& layer, const CpuLayerOptions& options,
                            const at::Tensor& hidden);

}  // namespace sts
