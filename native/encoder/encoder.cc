#include "encoder/encoder.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <utility>

#include "encoder/attention.h"
#include "encoder/cpu/attention.h"
#include "encoder/cpu/product.h"
#include "encoder/dropout.h"
#include "encoder/recomputation.h"
#include "interop/errors.h"
#include "interop/mode.h"

namespace sts {
namespace {

const at::Tensor& Find(const Parameters& parameters, const std::string& name) {
  const auto found = parameters.find(name);
  if (found == parameters.end()) {
    throw Failure("INTERNAL", "the encoder was given no parameter \"" + name + "\".");
  }
  return found->second;
}

/**
 * A prediction of few tokens with rows of zeros behind them: oneDNN makes code for every number of
 * rows, which would take longer than the products.
 */
at::Tensor PadFewRows(const at::Tensor& hidden) {
  constexpr int64_t kFew = 256;
  constexpr int64_t kMultiple = 8;
  const int64_t rows = hidden.size(0);
  const int64_t missing = (kMultiple - rows % kMultiple) % kMultiple;
  const bool predicts = hidden.is_cpu() && !at::GradMode::is_enabled();
  if (!predicts || rows >= kFew || missing == 0) return hidden;
  return at::cat({hidden, at::zeros({missing, hidden.size(1)}, hidden.options())});
}

}  // namespace

at::Tensor Encoder::Linear::operator()(const at::Tensor& input) const {
  return at::linear(input, weight, bias);
}

at::Tensor Encoder::LayerNorm::operator()(const at::Tensor& input) const {
  return at::layer_norm(input, weight.sizes(), weight, bias, eps);
}

std::vector<at::Tensor> Encoder::Layer::Parameters() const {
  std::vector<at::Tensor> parameters;
  for (const auto* part : {&query, &key, &value, &attention_output, &intermediate, &output}) {
    parameters.insert(parameters.end(), {part->weight, part->bias});
  }
  for (const auto* part : {&attention_norm, &output_norm}) {
    parameters.insert(parameters.end(), {part->weight, part->bias});
  }
  return parameters;
}

Encoder::Encoder(const EncoderConfig& config, const Parameters& parameters) : config_(config) {
  TORCH_CHECK(config.num_hidden_layers >= 1, "an encoder needs a layer");
  TORCH_CHECK(config.num_attention_heads >= 1, "an encoder needs an attention head");
  const auto linear = [&](const std::string& name) {
    return Linear{Find(parameters, name + ".weight"), Find(parameters, name + ".bias")};
  };
  const auto layer_norm = [&](const std::string& name) {
    return LayerNorm{Find(parameters, name + ".weight"), Find(parameters, name + ".bias"),
                     config.layer_norm_eps};
  };
  word_embeddings_ = Find(parameters, "embeddings.word_embeddings.weight");
  position_embeddings_ = Find(parameters, "embeddings.position_embeddings.weight");
  token_type_embeddings_ = Find(parameters, "embeddings.token_type_embeddings.weight");
  embeddings_norm_ = layer_norm("embeddings.LayerNorm");
  if (parameters.count("embeddings_project.weight")) {
    embeddings_project_ = linear("embeddings_project");
  }
  for (int64_t i = 0; i < config.num_hidden_layers; ++i) {
    const auto prefix = "encoder.layer." + std::to_string(i) + ".";
    layers_.push_back(Layer{
        .query = linear(prefix + "attention.self.query"),
        .key = linear(prefix + "attention.self.key"),
        .value = linear(prefix + "attention.self.value"),
        .attention_output = linear(prefix + "attention.output.dense"),
        .attention_norm = layer_norm(prefix + "attention.output.LayerNorm"),
        .intermediate = linear(prefix + "intermediate.dense"),
        .output = linear(prefix + "output.dense"),
        .output_norm = layer_norm(prefix + "output.LayerNorm"),
    });
  }
}

at::Tensor Encoder::Embed(const PackedBatch& batch, const DropoutGenerator& dropout) const {
  auto sum = at::embedding(word_embeddings_, batch.input_ids) +
             at::embedding(token_type_embeddings_, batch.token_type_ids) +
             at::embedding(position_embeddings_, batch.position_ids);
  auto embedded = Dropout(embeddings_norm_(sum), config_.hidden_dropout_prob, dropout);
  return embeddings_project_ ? (*embeddings_project_)(embedded) : embedded;
}

at::Tensor Encoder::Apply(const EncoderConfig& config, const Layer& layer, const at::Tensor& hidden,
                          const PackedBatch& batch, const DropoutGenerator& dropout) {
  const double p = config.hidden_dropout_prob;
  const auto attended = PackedAttention(layer.query(hidden), layer.key(hidden), layer.value(hidden),
                                        {.cumulative_lengths = batch.cumulative_lengths,
                                         .heads = config.num_attention_heads,
                                         .dropout = config.attention_probs_dropout_prob,
                                         .generator = dropout});
  const auto attention =
      layer.attention_norm(Dropout(layer.attention_output(attended), p, dropout) + hidden);
  const auto inner = config.hidden_act.apply(layer.intermediate(attention));
  return layer.output_norm(Dropout(layer.output(inner), p, dropout) + attention);
}

CpuLayer Encoder::ForCpu(const Layer& layer, at::ScalarType type, ComputedWeights& copies) const {
  const auto linear = [&](const Linear& from) {
    return CpuLinear{from.weight, from.bias, copies.Of(from.weight, type),
                     copies.Of(from.bias, type)};
  };
  const auto norm = [](const LayerNorm& from) { return Norm{from.weight, from.bias, from.eps}; };
  return {.query = linear(layer.query),
          .key = linear(layer.key),
          .value = linear(layer.value),
          .attention_output = linear(layer.attention_output),
          .attention_norm = norm(layer.attention_norm),
          .intermediate = linear(layer.intermediate),
          .output = linear(layer.output),
          .output_norm = norm(layer.output_norm),
          .activation = config_.hidden_act};
}

at::Tensor Encoder::ApplyOnCpu(const Layer& layer, const at::Tensor& hidden,
                               const PackedBatch& batch, const Pass& pass, bool only_first) const {
  const auto type = CurrentAutocast().value_or(at::kFloat);
  const CpuLayerOptions options{.cumulative_lengths = batch.cumulative_lengths,
                                .heads = config_.num_attention_heads,
                                .type = type,
                                .hidden_dropout = config_.hidden_dropout_prob,
                                .attention_dropout = config_.attention_probs_dropout_prob,
                                .generator = pass.dropout,
                                .only_first = only_first,
                                .recompute = pass.recompute};
  const auto input = hidden.to(at::kFloat);
  const bool packs = pass.quantised ? CanMultiplyBytes() : CanPackWeights(type);
  if (at::GradMode::is_enabled() || pass.dropout || !packs) {
    return ApplyCpuLayer(ForCpu(layer, type, computed_), layer.Parameters(), options, input);
  }
  const auto pack = [&] {
    // Of no use once they are packed.
    ComputedWeights copies;
    return Pack(ForCpu(layer, type, copies), pass.quantised);
  };
  const auto& packed = packed_.Of(layer.Parameters(), pass.quantised ? at::kByte : type, pack);
  return ApplyPackedLayer(packed, options, input);
}

at::Tensor Encoder::ApplyInPass(const Layer& layer, const at::Tensor& hidden,
                                const PackedBatch& batch, const Pass& pass) const {
  if (hidden.is_cpu()) return ApplyOnCpu(layer, hidden, batch, pass, /*only_first=*/false);
  if (!pass.recompute) return Apply(config_, layer, hidden, batch, pass.dropout);
  // Held by value: the backward may come after the encoder is gone.
  auto block = [config = config_, layer, batch](const at::Tensor& input,
                                                const DropoutGenerator& dropout) {
    return Apply(config, layer, input, batch, dropout);
  };
  return Recompute(std::move(block), hidden, layer.Parameters(), pass.dropout);
}

at::Tensor Encoder::Forward(const PackedBatch& batch, const Pass& pass) const {
  auto hidden = PadFewRows(Embed(batch, pass.dropout));
  for (const auto& layer : layers_) hidden = ApplyInPass(layer, hidden, batch, pass);
  const int64_t tokens = batch.input_ids.size(0);
  return hidden.size(0) == tokens ? hidden : hidden.narrow(0, 0, tokens);
}

at::Tensor Encoder::ForwardFirst(const PackedBatch& batch, const Pass& pass) const {
  if (!word_embeddings_.is_cpu()) {
    const auto rows = FirstRows(batch.cumulative_lengths);
    return Forward(batch, pass).index_select(0, rows.to(word_embeddings_.device()));
  }
  auto hidden = PadFewRows(Embed(batch, pass.dropout));
  for (size_t i = 0; i < layers_.size(); ++i) {
    const bool is_last = i + 1 == layers_.size();
    hidden = ApplyOnCpu(layers_[i], hidden, batch, pass, /*only_first=*/is_last);
  }
  return hidden;
}

std::vector<at::Tensor> Encoder::HiddenStates(const PackedBatch& batch, const Pass& pass) const {
  std::vector<at::Tensor> states{Embed(batch, pass.dropout)};
  for (const auto& layer : layers_) {
    states.push_back(ApplyInPass(layer, states.back(), batch, pass));
  }
  return states;
}

}  // namespace sts
