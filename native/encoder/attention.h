#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace sts {

struct AttentionOptions {
  std::vector<int64_t> cumulative_lengths;  // [sequences + 1]
  int64_t heads;
  double dropout;
  std::optional<at::Generator> generator;  // without it there is no dropout
};

/**
 * Scaled dot-product attention within each sequence of a packed batch.
 * `query`, `key`, `value` and the result are [total_tokens, hidden_size], heads side by side.
 * Vaswani et al. (2017), "Attention Is All You Need", section 3.2.
 */
at::Tensor PackedAttention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                           const AttentionOptions& options);

}  // namespace sts
