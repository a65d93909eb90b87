#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "encoder/activation.h"
#include "encoder/computed_weights.h"
#include "encoder/cpu/layer.h"
#include "encoder/packed_layers.h"

namespace sts {

/** What `config.json` says of a BERT-like encoder, in its own names. */
struct EncoderConfig {
  int64_t num_hidden_layers;
  int64_t num_attention_heads;
  double layer_norm_eps;
  double hidden_dropout_prob;
  double attention_probs_dropout_prob;
  Activation hidden_act;
};

using Parameters = std::unordered_map<std::string, at::Tensor>;

/**
 * Sequences laid end to end without padding: sequence i is rows
 * [cumulative_lengths[i], cumulative_lengths[i + 1]) of every tensor.
 */
struct PackedBatch {
  at::Tensor input_ids;       // int64 [total_tokens]
  at::Tensor position_ids;    // int64 [total_tokens]
  at::Tensor token_type_ids;  // int64 [total_tokens]
  std::vector<int64_t> cumulative_lengths;
};

using DropoutGenerator = std::optional<at::Generator>;

/** What a forward needs beside the batch. */
struct Pass {
  /** Where dropout draws from in training; without it there is no dropout. */
  DropoutGenerator dropout;
  /** Whether the backward computes the layers again instead of the forward keeping activations. */
  bool recompute;
  /** Whether a prediction on the CPU computes its products of bytes. */
  bool quantised;
};

/**
 * The post-layer-norm Transformer encoder that BERT, RoBERTa, XLM-RoBERTa and ELECTRA share.
 * Devlin et al. (2019), "BERT"; Vaswani et al. (2017), "Attention Is All You Need".
 */
class Encoder {
 public:
  /**
   * `parameters` are by their Hugging Face names without the family's prefix, such as
   * "encoder.layer.0.attention.self.query.weight". They are shared with the caller, so that an
   * optimizer's updates are seen. Throws when one is missing.
   */
  Encoder(const EncoderConfig& config, const Parameters& parameters);

  /** The last layer's output, [total_tokens, hidden_size]. */
  at::Tensor Forward(const PackedBatch& batch, const Pass& pass) const;

  /** Its rows of the sequences' first tokens, [sequences, hidden_size]; no others are computed. */
  at::Tensor ForwardFirst(const PackedBatch& batch, const Pass& pass) const;

  /** The outputs of the embeddings and of every layer: num_hidden_layers + 1 such tensors. */
  std::vector<at::Tensor> HiddenStates(const PackedBatch& batch, const Pass& pass) const;

 private:
  struct Linear {
    at::Tensor weight;
    at::Tensor bias;
    at::Tensor operator()(const at::Tensor& input) const;
  };
  struct LayerNorm {
    at::Tensor weight;
    at::Tensor bias;
    double eps;
    at::Tensor operator()(const at::Tensor& input) const;
  };
  struct Layer {
    Linear query, key, value, attention_output;
    LayerNorm attention_norm;
    Linear intermediate, output;
    LayerNorm output_norm;
    std::vector<at::Tensor> Parameters() const;
  };

  at::Tensor Embed(const PackedBatch& batch, const DropoutGenerator& dropout) const;
  at::Tensor ApplyInPass(const Layer& layer, const at::Tensor& hidden, const PackedBatch& batch,
                         const Pass& pass) const;
  CpuLayer ForCpu(const Layer& layer, at::ScalarType type, ComputedWeights& copies) const;
  at::Tensor ApplyOnCpu(const Layer& layer, const at::Tensor& hidden, const PackedBatch& batch,
                        const Pass& pass, bool only_first) const;
  static at::Tensor Apply(const EncoderConfig& config, const Layer& layer, const at::Tensor& hidden,
                          const PackedBatch& batch, const DropoutGenerator& dropout);

  EncoderConfig config_;
  at::Tensor word_embeddings_, position_embeddings_, token_type_embeddings_;
  LayerNorm embeddings_norm_;
  std::optional<Linear> embeddings_project_;
  std::vector<Layer> layers_;
  mutable ComputedWeights computed_;
  mutable PackedLayers packed_;
};

}  // namespace sts
