#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <optional>

namespace sts {

/**
 * A mask [like input] that is 0 with probability `p` and 1 / (1 - p) otherwise, drawn from the
 * given generator and not from libtorch's process-wide one.
 */
at::Tensor DropoutMask(const at::Tensor& like, double p, const at::Generator& generator);

/** Inverted dropout; the identity without a generator. Srivastava et al. (2014), "Dropout". */
at::Tensor Dropout(const at::Tensor& input, double p,
                   const std::optional<at::Generator>& generator);

}  // namespace sts
