#include "encoder/attention.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <c10/util/Exception.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

#include "encoder/dropout.h"

namespace sts {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

/** The rows of one sequence as [heads, length, head_size], a view. */
at::Tensor SequenceView(const at::Tensor& packed, const AttentionOptions& options,
                        size_t sequence) {
  const int64_t begin = options.cumulative_lengths[sequence];
  const int64_t length = options.cumulative_lengths[sequence + 1] - begin;
  return packed.narrow(0, begin, length).view({length, options.heads, -1}).transpose(0, 1);
}

/**
 * Written as one autograd node: with ordinary operators, the backward of each sequence's slice
 * would fill and add a tensor as large as the whole batch.
 */
struct AttentionFunction : torch::autograd::Function<AttentionFunction> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& query,
                            const at::Tensor& key, const at::Tensor& value,
                            const AttentionOptions& options, bool keep_for_backward) {
    const double scale = 1 / std::sqrt(static_cast<double>(query.size(1) / options.heads));
    const bool drops = options.generator && options.dropout > 0;
    auto output = at::empty_like(query);
    variable_list saved{query, key, value};
    for (size_t i = 0; i + 1 < options.cumulative_lengths.size(); ++i) {
      const auto keys = SequenceView(key, options, i).transpose(1, 2);
      const auto scores = at::bmm(SequenceView(query, options, i), keys).mul_(scale);
      // Not at::softmax, which CUDA's autocast makes float32: the backward, which is outside of
      // autocast, multiplies the probabilities with the gradient and needs one type for both.
      const auto probabilities = at::_softmax(scores, /*dim=*/-1, /*half_to_float=*/false);
      at::Tensor mask;
      if (drops) mask = DropoutMask(probabilities, options.dropout, *options.generator);
      const auto weights = drops ? probabilities * mask : probabilities;
      SequenceView(output, options, i).copy_(at::bmm(weights, SequenceView(value, options, i)));
      if (!keep_for_backward) continue;
      saved.push_back(probabilities);
      if (drops) saved.push_back(mask);
    }
    if (keep_for_backward) {
      context->save_for_backward(saved);
      context->saved_data["cumulative_lengths"] = options.cumulative_lengths;
      context->saved_data["heads"] = options.heads;
      context->saved_data["scale"] = scale;
      context->saved_data["drops"] = drops;
    }
    return output;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const AttentionOptions options{
        .cumulative_lengths = context->saved_data["cumulative_lengths"].toIntVector(),
        .heads = context->saved_data["heads"].toInt(),
        .dropout = 0,
        .generator = std::nullopt};
    const double scale = context->saved_data["scale"].toDouble();
    const bool drops = context->saved_data["drops"].toBool();
    const auto& query = saved[0];
    const auto& key = saved[1];
    const auto& value = saved[2];
    const auto grad_output = gradients[0].contiguous();
    auto grad_query = at::empty_like(query);
    auto grad_key = at::empty_like(key);
    auto grad_value = at::empty_like(value);

    size_t next = 3;
    for (size_t i = 0; i + 1 < options.cumulative_lengths.size(); ++i) {
      const auto probabilities = saved[next++];
      const auto mask = drops ? saved[next++] : at::Tensor();
      const auto grad = SequenceView(grad_output, options, i);
      const auto weights = drops ? probabilities * mask : probabilities;
      SequenceView(grad_value, options, i).copy_(at::bmm(weights.transpose(1, 2), grad));

      auto grad_weights = at::bmm(grad, SequenceView(value, options, i).transpose(1, 2));
      if (drops) grad_weights.mul_(mask);
      const auto grad_scores =
          at::_softmax_backward_data(grad_weights, probabilities, -1, probabilities.scalar_type())
              .mul_(scale);
      SequenceView(grad_query, options, i)
          .copy_(at::bmm(grad_scores, SequenceView(key, options, i)));
      SequenceView(grad_key, options, i)
          .copy_(at::bmm(grad_scores.transpose(1, 2), SequenceView(query, options, i)));
    }
    return {grad_query, grad_key, grad_value, Variable(), Variable()};
  }
};

}  // namespace

at::Tensor PackedAttention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                           const AttentionOptions& options) {
  TORCH_CHECK(query.size(1) % options.heads == 0, "the heads do not divide the hidden size");
  const bool keep_for_backward =
      at::GradMode::is_enabled() &&
      (query.requires_grad() || key.requires_grad() || value.requires_grad());
  return AttentionFunction::apply(query, key, value, options, keep_for_backward);
}

}  // namespace sts
