#include "tensor/operators.h"

#include <ATen/core/dispatch/Dispatcher.h>

#include <string>
#include <utility>

#include "environment.h"
#include "interop/errors.h"
#include "interop/mode.h"
#include "interop/values.h"

namespace sts {
namespace {

struct Call {
  c10::OperatorHandle op;
  torch::jit::Stack stack;
  Mode mode;

  /** Leaves the results on the returned stack. */
  torch::jit::Stack operator()() {
    const ModeGuard guard(mode);
    op.callBoxed(stack);
    return std::move(stack);
  }
};

c10::OperatorHandle FindOperator(const std::string& name, const std::string& overload) {
  const auto op = c10::Dispatcher::singleton().findSchema({name, overload});
  if (op) return *op;
  const std::string full = overload.empty() ? name : name + "." + overload;
  throw Failure("INVALID_ARGUMENT", "libtorch has no operator \"" + full + "\".");
}

torch::jit::Stack ToStack(const c10::FunctionSchema& schema, const Napi::Array& values) {
  const auto& parameters = schema.arguments();
  if (values.Length() > parameters.size()) {
    throw Failure("INVALID_ARGUMENT", schema.name() + ": takes at most " +
                                          std::to_string(parameters.size()) + " arguments.");
  }
  torch::jit::Stack stack;
  stack.reserve(parameters.size());
  for (uint32_t i = 0; i < parameters.size(); ++i) {
    const auto& parameter = parameters[i];
    const Napi::Value value = values.Get(i);
    if (value.IsUndefined() && parameter.default_value()) {
      stack.push_back(*parameter.default_value());
    } else {
      stack.push_back(
          ToIValue(value, *parameter.real_type(), schema.name() + ": " + parameter.name()));
    }
  }
  return stack;
}

Call ToCall(const Napi::CallbackInfo& info) {
  const auto op = FindOperator(info[0].As<Napi::String>(), info[1].As<Napi::String>());
  return {op, ToStack(op.schema(), info[2].As<Napi::Array>()), ToMode(info[3], info[4])};
}

Napi::Value FromStack(Napi::Env env, const torch::jit::Stack& stack) {
  if (stack.empty()) return env.Undefined();
  if (stack.size() == 1) return FromIValue(env, stack.front());
  auto results = Napi::Array::New(env, stack.size());
  for (uint32_t i = 0; i < stack.size(); ++i) results.Set(i, FromIValue(env, stack[i]));
  return results;
}

}  // namespace

Napi::Value CallOperator(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] { return FromStack(info.Env(), ToCall(info)()); });
}

Napi::Value CallOperatorInBackground(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&]() -> Napi::Value {
    return Environment::Of(info.Env()).background->Run(info.Env(), ToCall(info), FromStack);
  });
}

}  // namespace sts
