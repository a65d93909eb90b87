#include <ATen/Context.h>
#include <ATen/Version.h>
#include <ATen/cpu/Utils.h>
#include <ATen/native/DispatchStub.h>
#include <napi.h>
#include <torch/version.h>

#include <memory>

#include "checkpoint/files.h"
#include "encoder/functions.h"
#include "environment.h"
#include "interop/errors.h"
#include "tensor/functions.h"
#include "tensor/operators.h"
#include "training/functions.h"

namespace sts {
namespace {

/** runtimeInfo(): what libtorch says of itself and of the machine, for `doctor`. */
Napi::Value RuntimeInfo(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    auto result = Napi::Object::New(info.Env());
    result.Set("libtorch", TORCH_VERSION);
    result.Set("cpuCapability", at::get_cpu_capability());
    result.Set("threads", Environment::Of(info.Env()).background->compute_threads());
    result.Set("mkldnn", at::hasMKLDNN());
    result.Set("cuda", at::hasCUDA());
    return result;
  });
}

/** initialize(StsError): must be the first call; errors are instances of that class. */
Napi::Value Initialize(const Napi::CallbackInfo& info) {
  if (!info[0].IsFunction()) {
    throw Napi::TypeError::New(info.Env(), "initialize: expected the class of errors.");
  }
  Environment::Of(info.Env()).error_class = Napi::Persistent(info[0].As<Napi::Function>());
  return info.Env().Undefined();
}

/** shutdown(): ends the background thread, before the process exits. */
Napi::Value Shutdown(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    Environment::Of(info.Env()).background->Stop();
    return info.Env().Undefined();
  });
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  try {
    env.SetInstanceData(std::make_unique<Environment>(env).release());
  } catch (const std::exception& error) {
    throw Napi::Error::New(env, error.what());
  }
  const auto define = [&](const char* name, Napi::Value (*function)(const Napi::CallbackInfo&)) {
    exports.Set(name, Napi::Function::New(env, function, name));
  };
  define("initialize", Initialize);
  define("shutdown", Shutdown);
  define("runtimeInfo", RuntimeInfo);
  define("memory", Memory);

  define("call", CallOperator);
  define("callInBackground", CallOperatorInBackground);

  define("tensorFromData", TensorFromData);
  define("tensorToData", TensorToData);
  define("tensorInfo", TensorInfo);
  define("disposeTensor", DisposeTensorHandle);
  define("setRequiresGrad", SetRequiresGrad);
  define("grad", Grad);
  define("clearGrads", ClearGrads);
  define("backward", Backward);

  define("createGenerator", CreateGenerator);
  define("generatorState", GeneratorState);
  define("setGeneratorState", SetGeneratorState);

  define("createEncoder", CreateEncoder);
  define("disposeEncoder", DisposeEncoder);
  define("encode", Encode);
  define("encodeHiddenStates", EncodeHiddenStates);

  define("adamWStep", AdamWStepInBackground);

  define("readTensors", ReadTensors);
  define("writeTensors", WriteTensors);
  return exports;
}

NODE_API_MODULE(sts_native, Init)

}  // namespace
}  // namespace sts
