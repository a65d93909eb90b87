#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <functional>
#include <optional>
#include <vector>

namespace sts {

/** A part of the network: the input and where dropout draws from give the output. */
using Block =
    std::function<at::Tensor(const at::Tensor& input, const std::optional<at::Generator>& dropout)>;

/**
 * Computes `block(input, dropout)` without keeping what its backward needs; the backward computes
 * the block once more, with the same dropout. It saves the memory of the activations for a third
 * more of computing. `parameters` are all those that the block uses.
 * Chen et al. (2016), "Training Deep Nets with Sublinear Memory Cost".
 */
at::Tensor Recompute(Block block, const at::Tensor& input,
                     const std::vector<at::Tensor>& parameters,
                     const std::optional<at::Generator>& dropout);

}  // namespace sts
