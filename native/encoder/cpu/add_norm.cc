#include "encoder/cpu/add_norm.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>

#include "encoder/cpu/add_norm_rows.h"
#include "encoder/cpu/dispatch.h"

namespace sts {
namespace {

constexpr int64_t kRowsPerTask = 16;

NormRow ToNormRow(const Norm& norm) {
  return {.weight = norm.weight.const_data_ptr<float>(),
          .bias = norm.bias.const_data_ptr<float>(),
          .eps = static_cast<float>(norm.eps),
          .size = norm.weight.numel()};
}

/**
 * Divides the rows among the threads, evenly and always in the same way, so that sums over rows are
 * the same each time.
 */
template <typename Work>
void ForEachShare(int64_t rows, int64_t shares, const Work& work) {
  at::parallel_for(0, shares, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) work(i, i * rows / shares, (i + 1) * rows / shares);
  });
}

int64_t SharesOf(int64_t rows) {
  return std::clamp<int64_t>(rows / kRowsPerTask, 1, at::get_num_threads());
}

template <typename T>
T* Row(const at::Tensor& tensor, int64_t row) {
  return tensor.mutable_data_ptr<T>() + row * tensor.size(1);
}

template <typename T>
const T* ConstRow(const at::Tensor& tensor, int64_t row) {
  return tensor.defined() ? tensor.const_data_ptr<T>() + row * tensor.size(1) : nullptr;
}

}  // namespace

Normalised AddNormForward(const Norm& norm, const RowDropout& dropout, const at::Tensor& input,
                          const at::Tensor& residual) {
  const int64_t rows = input.size(0);
  const auto options = input.options().dtype(at::kFloat);
  Normalised result{
      .output = at::empty(input.sizes(), options),
      .rounded = {},
      .state = {.sum = at::empty(input.sizes(), options), .scale = at::empty({rows, 2}, options)}};
  const bool is_float = input.scalar_type() == at::kFloat;
  result.rounded = is_float ? result.output : at::empty_like(input);
  const auto row = ToNormRow(norm);
  ForType(input.scalar_type(), [&](auto type) {
    using T = decltype(type);
    ForEachShare(rows, SharesOf(rows), [&](int64_t, int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        NormaliseRow(row, dropout, i,
                     AddNormRow<T>{.input = ConstRow<T>(input, i),
                                   .residual = ConstRow<float>(residual, i),
                                   .sum = Row<float>(result.state.sum, i),
                                   .scale = Row<float>(result.state.scale, i),
                                   .output = Row<float>(result.output, i),
                                   .rounded = is_float ? nullptr : Row<T>(result.rounded, i)});
      }
    });
  });
  return result;
}

NormGradients AddNormBackward(const Norm& norm, const RowDropout& dropout, const NormState& state,
                              const at::Tensor& grad_output, const at::Tensor& grad_rounded,
                              at::ScalarType input_type) {
  const int64_t rows = state.sum.size(0);
  const int64_t size = state.sum.size(1);
  const int64_t shares = SharesOf(rows);
  NormGradients result{.sum = at::empty_like(state.sum),
                       .input = at::empty(state.sum.sizes(), state.sum.options().dtype(input_type)),
                       .weight = {},
                       .bias = {}};
  const auto parts = at::zeros({shares * 2, size}, state.sum.options());
  const auto row = ToNormRow(norm);
  ForType(input_type, [&](auto type) {
    using T = decltype(type);
    ForEachShare(rows, shares, [&](int64_t share, int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        NormaliseRowBackward(row, dropout, i,
                             AddNormRowBackward<T>{.grad_output = ConstRow<float>(grad_output, i),
                                                   .grad_rounded = ConstRow<T>(grad_rounded, i),
                                                   .sum = ConstRow<float>(state.sum, i),
                                                   .scale = ConstRow<float>(state.scale, i),
                                                   .grad_sum = Row<float>(result.sum, i),
                                                   .grad_input = Row<T>(result.input, i),
                                                   .grad_weight = Row<float>(parts, 2 * share),
                                                   .grad_bias = Row<float>(parts, 2 * share + 1)});
      }
    });
  });
  const auto sums = parts.view({shares, 2, size}).sum(0);
  result.weight = sums[0];
  result.bias = sums[1];
  return result;
}

at::Tensor ColumnSums(const at::Tensor& matrix) {
  const int64_t rows = matrix.size(0);
  const int64_t columns = matrix.size(1);
  const int64_t shares = SharesOf(rows);
  const auto parts = at::zeros({shares, columns}, matrix.options().dtype(at::kFloat));
  ForType(matrix.scalar_type(), [&](auto type) {
    using T = decltype(type);
    ForEachShare(rows, shares, [&](int64_t share, int64_t begin, int64_t end) {
      AddRows(matrix.const_data_ptr<T>() + begin * matrix.stride(0), matrix.stride(0), end - begin,
              columns, Row<float>(parts, share));
    });
  });
  return shares == 1 ? parts[0] : parts.sum(0);
}

}  // namespace sts
