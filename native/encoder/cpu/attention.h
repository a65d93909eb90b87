#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "encoder/cpu/random.h"

namespace sts {

/**
 * Attention of every sequence's queries to its keys. Sequence i's queries are rows
 * [query_borders[i], query_borders[i + 1]), its keys and values those of `key_borders`.
 */
struct AttentionPlan {
  std::vector<int64_t> query_borders;
  std::vector<int64_t> key_borders;
  int64_t heads;
  RowDropout dropout;
};

/** The row of each sequence's first token, int64 [sequences]. */
at::Tensor FirstRows(const std::vector<int64_t>& cumulative_lengths);

/** Borders of as many sequences of one row. */
std::vector<int64_t> OneRowEach(const std::vector<int64_t>& cumulative_lengths);

/**
 * Scaled dot-product attention. Tensors are [tokens, heads · head_size] of one type, whose rows may
 * lie apart; `output` is written. The weights are not kept: the backward computes them again.
 * Vaswani et al. (2017), "Attention Is All You Need", section 3.2.
 */
void AttentionForward(const AttentionPlan& plan, const at::Tensor& query, const at::Tensor& key,
                      const at::Tensor& value, const at::Tensor& output);

/** The tensors of the forward, then the gradients, which are written. */
void AttentionBackward(const AttentionPlan& plan, const at::Tensor& query, const at::Tensor& key,
                       const at::Tensor& value, const at::Tensor& grad_output,
                       const at::Tensor& grad_query, const at::Tensor& grad_key,
                       const at::Tensor& grad_value);

}  // namespace sts
