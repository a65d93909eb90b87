#include "training/functions.h"

#include "environment.h"
#include "interop/errors.h"
#include "tensor/handles.h"
#include "training/adamw.h"

namespace sts {
namespace {

AdamWOptions ToOptions(const Napi::Object& options) {
  const auto number = [&](const char* name) { return options.Get(name).ToNumber().DoubleValue(); };
  return {.lr = number("lr"),
          .beta1 = number("beta1"),
          .beta2 = number("beta2"),
          .weight_decay = number("weightDecay"),
          .eps = number("eps"),
          .gradient_factor = number("gradientFactor")};
}

}  // namespace

Napi::Value AdamWStepInBackground(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&]() -> Napi::Value {
    const auto work = [tensors = AdamWTensors{.parameters = UnwrapTensors(info[0], "parameters"),
                                              .gradients = UnwrapTensors(info[1], "gradients"),
                                              .means = UnwrapTensors(info[2], "means"),
                                              .squares = UnwrapTensors(info[3], "squares"),
                                              .steps = UnwrapTensors(info[4], "steps")},
                       options = ToOptions(info[5].As<Napi::Object>())] {
      AdamWStep(tensors, options);
      return true;
    };
    return Environment::Of(info.Env()).background->Run(info.Env(), work, [](Napi::Env env, bool) {
      return env.Undefined();
    });
  });
}

}  // namespace sts
