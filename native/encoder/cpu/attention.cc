#include "encoder/cpu/attention.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <numeric>

#include "encoder/cpu/attention_rows.h"
#include "encoder/cpu/dispatch.h"
#include "encoder/cpu/small_gemm.h"

namespace sts {
namespace {

/** Queries worked on at a time: most sequences have fewer, and scores stay in the cache. */
constexpr int64_t kQueryBlock = 48;

/** The part of one head in one sequence. */
struct Part {
  int64_t sequence, head;
  int64_t first_query, queries;
  int64_t first_key, keys;
};

/** Memory for a part, taken once for a thread and made larger where a part needs more. */
class Scratch {
 public:
  float* Take(int64_t count) {
    const int64_t begin = used_;
    used_ += RoundUp(count);
    return memory_.data() + begin;
  }

  void Reset(int64_t capacity) {
    used_ = 0;
    if (memory_.size() < static_cast<size_t>(capacity)) memory_.resize(capacity);
  }

 private:
  std::vector<float> memory_;
  int64_t used_ = 0;
};

/** Runs every part once. Parts differ in length, so a thread that is free takes the next one. */
void ForEachPart(const AttentionPlan& plan,
                 const std::function<void(const Part&, Scratch&)>& work) {
  const auto sequences = static_cast<int64_t>(plan.key_borders.size()) - 1;
  const int64_t parts = sequences * plan.heads;
  std::atomic<int64_t> next = 0;
  at::parallel_for(0, std::min<int64_t>(at::get_num_threads(), parts), 1, [&](int64_t, int64_t) {
    Scratch scratch;
    for (int64_t i = next++; i < parts; i = next++) {
      const int64_t sequence = i / plan.heads;
      const auto& [queries, keys] = std::tie(plan.query_borders, plan.key_borders);
      work({.sequence = sequence,
            .head = i % plan.heads,
            .first_query = queries[sequence],
            .queries = queries[sequence + 1] - queries[sequence],
            .first_key = keys[sequence],
            .keys = keys[sequence + 1] - keys[sequence]},
           scratch);
    }
  });
}

template <typename T>
T* At(const at::Tensor& tensor, int64_t row, int64_t column) {
  return tensor.mutable_data_ptr<T>() + row * tensor.stride(0) + column;
}

template <typename T>
const T* ConstAt(const at::Tensor& tensor, int64_t row, int64_t column) {
  return tensor.const_data_ptr<T>() + row * tensor.stride(0) + column;
}

/** A number for every row of weights, so that each draws its own dropout. */
uint64_t RowNumber(const Part& part, int64_t all_queries, int64_t query) {
  return part.head * all_queries + part.first_query + query;
}

template <typename T>
void ForwardPart(const AttentionPlan& plan, const Part& part, Scratch& scratch,
                 const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                 const at::Tensor& output) {
  const int64_t size = query.size(1) / plan.heads;
  const int64_t column = part.head * size;
  const int64_t width = RoundUp(size);
  const int64_t padded_keys = RoundUp(part.keys);
  const int64_t block = std::min(part.queries, kQueryBlock);
  const auto scale = static_cast<float>(1 / std::sqrt(static_cast<double>(size)));
  scratch.Reset(2 * part.keys * width + width * padded_keys + 2 * block * width +
                block * padded_keys + 6 * kLanes);
  float* keys = scratch.Take(part.keys * width);
  float* keys_transposed = scratch.Take(size * padded_keys);
  float* values = scratch.Take(part.keys * width);
  float* queries = scratch.Take(block * width);
  float* scores = scratch.Take(block * padded_keys);
  float* outputs = scratch.Take(block * width);

  PackRows(ConstAt<T>(key, part.first_key, column), key.stride(0), part.keys, size, 1, keys);
  TransposeRows(keys, part.keys, size, keys_transposed);
  PackRows(ConstAt<T>(value, part.first_key, column), value.stride(0), part.keys, size, 1, values);
  for (int64_t begin = 0; begin < part.queries; begin += block) {
    const int64_t rows = std::min(block, part.queries - begin);
    const int64_t first = part.first_query + begin;
    PackRows(ConstAt<T>(query, first, column), query.stride(0), rows, size, scale, queries);
    SmallGemm({queries, width, 1}, keys_transposed, padded_keys, scores, padded_keys, rows,
              padded_keys, size, false);
    for (int64_t i = 0; i < rows; ++i) {
      SoftmaxRow({scores + i * padded_keys, part.keys}, plan.dropout,
                 RowNumber(part, query.size(0), begin + i));
    }
    SmallGemm({scores, padded_keys, 1}, values, width, outputs, width, rows, width, part.keys,
              false);
    UnpackRows(outputs, rows, size, 1, At<T>(output, first, column), output.stride(0));
  }
}

template <typename T>
void BackwardPart(const AttentionPlan& plan, const Part& part, Scratch& scratch,
                  const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                  const at::Tensor& grad_output, const at::Tensor& grad_query,
                  const at::Tensor& grad_key, const at::Tensor& grad_value) {
  const int64_t size = query.size(1) / plan.heads;
  const int64_t column = part.head * size;
  const int64_t width = RoundUp(size);
  const int64_t padded_keys = RoundUp(part.keys);
  const int64_t block = std::min(part.queries, kQueryBlock);
  const auto scale = static_cast<float>(1 / std::sqrt(static_cast<double>(size)));
  scratch.Reset(4 * part.keys * width + 2 * width * padded_keys + 3 * block * width +
                (2 * block + 1) * padded_keys + 12 * kLanes);
  float* keys = scratch.Take(part.keys * width);
  float* keys_transposed = scratch.Take(size * padded_keys);
  float* values = scratch.Take(part.keys * width);
  float* values_transposed = scratch.Take(size * padded_keys);
  float* key_gradients = scratch.Take(part.keys * width);
  float* value_gradients = scratch.Take(part.keys * width);
  float* queries = scratch.Take(block * width);
  float* output_gradients = scratch.Take(block * width);
  float* query_gradients = scratch.Take(block * width);
  float* scores = scratch.Take(block * padded_keys);
  float* score_gradients = scratch.Take(block * padded_keys);
  float* undropped = scratch.Take(padded_keys);

  PackRows(ConstAt<T>(key, part.first_key, column), key.stride(0), part.keys, size, 1, keys);
  TransposeRows(keys, part.keys, size, keys_transposed);
  PackRows(ConstAt<T>(value, part.first_key, column), value.stride(0), part.keys, size, 1, values);
  TransposeRows(values, part.keys, size, values_transposed);
  for (int64_t begin = 0; begin < part.queries; begin += block) {
    const int64_t rows = std::min(block, part.queries - begin);
    const int64_t first = part.first_query + begin;
    PackRows(ConstAt<T>(query, first, column), query.stride(0), rows, size, scale, queries);
    PackRows(ConstAt<T>(grad_output, first, column), grad_output.stride(0), rows, size, 1,
             output_gradients);
    SmallGemm({queries, width, 1}, keys_transposed, padded_keys, scores, padded_keys, rows,
              padded_keys, size, false);
    SmallGemm({output_gradients, width, 1}, values_transposed, padded_keys, score_gradients,
              padded_keys, rows, padded_keys, size, false);
    for (int64_t i = 0; i < rows; ++i) {
      SoftmaxRowBackward({scores + i * padded_keys, part.keys}, score_gradients + i * padded_keys,
                         undropped, plan.dropout, RowNumber(part, query.size(0), begin + i));
    }
    const bool adds = begin > 0;
    SmallGemm({scores, 1, padded_keys}, output_gradients, width, value_gradients, width, part.keys,
              width, rows, adds);
    SmallGemm({score_gradients, 1, padded_keys}, queries, width, key_gradients, width, part.keys,
              width, rows, adds);
    SmallGemm({score_gradients, padded_keys, 1}, keys, width, query_gradients, width, rows, width,
              part.keys, false);
    UnpackRows(query_gradients, rows, size, scale, At<T>(grad_query, first, column),
               grad_query.stride(0));
  }
  UnpackRows(key_gradients, part.keys, size, 1, At<T>(grad_key, part.first_key, column),
             grad_key.stride(0));
  UnpackRows(value_gradients, part.keys, size, 1, At<T>(grad_value, part.first_key, column),
             grad_value.stride(0));
}

}  // namespace

at::Tensor FirstRows(const std::vector<int64_t>& cumulative_lengths) {
  const at::IntArrayRef rows(cumulative_lengths.data(), cumulative_lengths.size() - 1);
  return at::tensor(rows, at::kLong);
}

std::vector<int64_t> OneRowEach(const std::vector<int64_t>& cumulative_lengths) {
  std::vector<int64_t> borders(cumulative_lengths.size());
  std::iota(borders.begin(), borders.end(), 0);
  return borders;
}

void AttentionForward(const AttentionPlan& plan, const at::Tensor& query, const at::Tensor& key,
                      const at::Tensor& value, const at::Tensor& output) {
  ForType(query.scalar_type(), [&](auto type) {
    ForEachPart(plan, [&](const Part& part, Scratch& scratch) {
      ForwardPart<decltype(type)>(plan, part, scratch, query, key, value, output);
    });
  });
}

void AttentionBackward(const AttentionPlan& plan, const at::Tensor& query, const at::Tensor& key,
                       const at::Tensor& value, const at::Tensor& grad_output,
                       const at::Tensor& grad_query, const at::Tensor& grad_key,
                       const at::Tensor& grad_value) {
  ForType(query.scalar_type(), [&](auto type) {
    ForEachPart(plan, [&](const Part& part, Scratch& scratch) {
      BackwardPart<decltype(type)>(plan, part, scratch, query, key, value, grad_output, grad_query,
                                   grad_key, grad_value);
    });
  });
}

}  // namespace sts
