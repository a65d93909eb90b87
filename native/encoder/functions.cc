#include "encoder/functions.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "encoder/encoder.h"
#include "environment.h"
#include "interop/errors.h"
#include "interop/mode.h"
#include "interop/values.h"
#include "interop/wrapped.h"
#include "tensor/handles.h"

namespace sts {
namespace {

struct EncoderHolder {
  static constexpr napi_type_tag kTag = {0x7be3921f40d65a88, 0xb60e2c9d8f174a35};
  static constexpr const char* kName = "an encoder";

  // Shared with the work in flight, so that a handle may go while a forward runs.
  std::shared_ptr<const Encoder> encoder;
};

struct ForwardCall {
  std::shared_ptr<const Encoder> encoder;
  PackedBatch batch;
  Pass pass;
  Mode mode;
};

EncoderConfig ToEncoderConfig(const Napi::Object& config) {
  const auto number = [&](const char* name) { return config.Get(name).ToNumber(); };
  return {.num_hidden_layers = number("numHiddenLayers").Int64Value(),
          .num_attention_heads = number("numAttentionHeads").Int64Value(),
          .layer_norm_eps = number("layerNormEps").DoubleValue(),
          .hidden_dropout_prob = number("hiddenDropoutProb").DoubleValue(),
          .attention_probs_dropout_prob = number("attentionProbsDropoutProb").DoubleValue(),
          .hidden_act = FindActivation(config.Get("hiddenAct").ToString())};
}

/** The borders must cover every token: rows that no sequence holds would stay unwritten. */
void RequireWhole(const PackedBatch& batch) {
  const auto& borders = batch.cumulative_lengths;
  const int64_t tokens = batch.input_ids.numel();
  const bool whole = !borders.empty() && borders.front() == 0 && borders.back() == tokens &&
                     std::is_sorted(borders.begin(), borders.end()) &&
                     batch.position_ids.numel() == tokens && batch.token_type_ids.numel() == tokens;
  if (!whole) throw Failure("INVALID_ARGUMENT", "batch: its parts are not of one length.");
}

PackedBatch ToPackedBatch(const Napi::Object& batch) {
  return {.input_ids = UnwrapTensor(batch.Get("inputIds"), "inputIds"),
          .position_ids = UnwrapTensor(batch.Get("positionIds"), "positionIds"),
          .token_type_ids = UnwrapTensor(batch.Get("tokenTypeIds"), "tokenTypeIds"),
          .cumulative_lengths = ToInt64Vector(batch.Get("cumulativeLengths"), "cumulativeLengths")};
}

std::shared_ptr<const Encoder> UnwrapEncoder(const Napi::Value& value) {
  const auto& encoder = Unwrap<EncoderHolder>(value, "encoder").encoder;
  if (!encoder) throw Failure("DISPOSED", "The model has been disposed.");
  return encoder;
}

ForwardCall ToForwardCall(const Napi::CallbackInfo& info) {
  ForwardCall call{.encoder = UnwrapEncoder(info[0]),
                   .batch = ToPackedBatch(info[1].As<Napi::Object>()),
                   .pass = {.dropout = std::nullopt,
                            .recompute = info[3].As<Napi::Boolean>(),
                            .quantised = info[6].As<Napi::Boolean>()},
                   .mode = ToMode(info[4], info[5])};
  RequireWhole(call.batch);
  if (!info[2].IsNull()) call.pass.dropout = UnwrapGenerator(info[2], "generator");
  return call;
}

}  // namespace

Napi::Value CreateEncoder(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    const auto names = info[1].As<Napi::Array>();
    const auto tensors = UnwrapTensors(info[2], "parameters");
    Parameters parameters;
    for (uint32_t i = 0; i < names.Length(); ++i) {
      parameters.emplace(names.Get(i).ToString(), tensors.at(i));
    }
    auto encoder =
        std::make_shared<const Encoder>(ToEncoderConfig(info[0].As<Napi::Object>()), parameters);
    return Wrap(info.Env(), std::make_unique<EncoderHolder>(EncoderHolder{std::move(encoder)}));
  });
}

Napi::Value DisposeEncoder(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    Unwrap<EncoderHolder>(info[0], "encoder").encoder.reset();
    return info.Env().Undefined();
  });
}

Napi::Value Encode(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&]() -> Napi::Value {
    const bool only_first = info[7].As<Napi::Boolean>();
    const auto work = [call = ToForwardCall(info), only_first] {
      const ModeGuard guard(call.mode);
      return only_first ? call.encoder->ForwardFirst(call.batch, call.pass)
                        : call.encoder->Forward(call.batch, call.pass);
    };
    return Environment::Of(info.Env()).background->Run(info.Env(), work, WrapTensor);
  });
}

Napi::Value EncodeHiddenStates(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&]() -> Napi::Value {
    const auto work = [call = ToForwardCall(info)] {
      const ModeGuard guard(call.mode);
      return call.encoder->HiddenStates(call.batch, call.pass);
    };
    return Environment::Of(info.Env()).background->Run(info.Env(), work, WrapTensors);
  });
}

}  // namespace sts
