#include "encoder/cpu/packed_layer.h"

#include <ATen/Functions.h>

#include "encoder/cpu/attention.h"
#include "encoder/cpu/product.h"
#include "encoder/cpu/quantise.h"

namespace sts {
namespace {

PackedLinear PackLinear(const at::Tensor& weight, const at::Tensor& bias, bool quantised) {
  if (!quantised) return {PackWeight(weight), bias, {}};
  const auto bytes = QuantiseWeight(weight);
  return {PackBytes(bytes.data), bias, bytes.scales};
}

at::Tensor Linear(const PackedLinear& linear, const at::Tensor& input,
                  const Activation* activation = nullptr) {
  if (!linear.scales.defined()) {
    return PackedProduct(input, linear.weight, linear.bias, activation);
  }
  return BytesProduct(QuantiseInput(input), linear.weight, linear.scales, linear.bias, activation);
}

}  // namespace

PackedLayer Pack(const CpuLayer& layer, bool quantised) {
  const auto pack = [&](const CpuLinear& linear) {
    return PackLinear(linear.computed_weight, linear.computed_bias, quantised);
  };
  const auto& [query, key, value] = std::tie(layer.query, layer.key, layer.value);
  const auto weight = at::cat({query.computed_weight, key.computed_weight, value.computed_weight});
  const auto bias = at::cat({query.computed_bias, key.computed_bias, value.computed_bias});
  return {.projections = PackLinear(weight, bias, quantised),
          .attention_output = pack(layer.attention_output),
          .intermediate = pack(layer.intermediate),
          .output = pack(layer.output),
          .attention_norm = layer.attention_norm,
          .output_norm = layer.output_norm,
          .activation = layer.activation};
}

at::Tensor ApplyPackedLayer(const PackedLayer& layer, const CpuLayerOptions& options,
                            const at::Tensor& hidden) {
  const int64_t size = hidden.size(1);
  const auto projections = Linear(layer.projections, hidden.to(options.type));
  auto query = projections.narrow(1, 0, size);
  auto residual = hidden;
  AttentionPlan plan{.query_borders = options.cumulative_lengths,
                     .key_borders = options.cumulative_lengths,
                     .heads = options.heads,
                     .dropout = {}};
  if (options.only_first) {
    const auto rows = FirstRows(options.cumulative_lengths);
    query = query.index_select(0, rows);
    residual = hidden.index_select(0, rows);
    plan.query_borders = OneRowEach(options.cumulative_lengths);
  }
  const auto attended = at::empty({query.size(0), size}, query.options());
  const int64_t attending = plan.query_borders.back();
  // Rows that are of no sequence, so that products have a usual number of them.
  attended.narrow(0, attending, query.size(0) - attending).zero_();
  AttentionForward(plan, query, projections.narrow(1, size, size),
                   projections.narrow(1, 2 * size, size), attended);

  const auto attention =
      AddNormForward(layer.attention_norm, {}, Linear(layer.attention_output, attended), residual);
  const auto active = Linear(layer.intermediate, attention.rounded, &layer.activation);
  return AddNormForward(layer.output_norm, {}, Linear(layer.output, active), attention.output)
      .output;
}

}  // namespace sts
