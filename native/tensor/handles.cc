#include "tensor/handles.h"

#include <memory>
#include <utility>

#include "environment.h"
#include "interop/errors.h"
#include "interop/wrapped.h"

namespace sts {
namespace {

struct TensorHolder {
  static constexpr napi_type_tag kTag = {0x5d1c1f0a7b3e4c55, 0x8a2f6b90c4d711e1};
  static constexpr const char* kName = "a tensor";

  TensorHolder(napi_env env, std::shared_ptr<Accounting> accounting, at::Tensor tensor)
      : env(env), accounting(std::move(accounting)), tensor(std::move(tensor)) {
    if (this->tensor.has_storage()) storage = this->tensor.storage();
    this->accounting->Add(env, storage);
  }
  ~TensorHolder() { Release(); }

  void Release() {
    if (!tensor.defined()) return;
    accounting->Remove(env, storage);
    storage = c10::Storage();
    tensor = at::Tensor();
  }

  napi_env env;
  std::shared_ptr<Accounting> accounting;
  at::Tensor tensor;
  c10::Storage storage;
};

struct GeneratorHolder {
  static constexpr napi_type_tag kTag = {0x1f8e53b2a9c04d17, 0x9be0d7a1356f42c8};
  static constexpr const char* kName = "a generator";

  at::Generator generator;
};

}  // namespace

Napi::Value WrapTensor(Napi::Env env, const at::Tensor& tensor) {
  if (!tensor.defined()) return env.Null();
  return Wrap(env, std::make_unique<TensorHolder>(env, Environment::Of(env).accounting, tensor));
}

Napi::Value WrapTensors(Napi::Env env, const std::vector<at::Tensor>& tensors) {
  auto array = Napi::Array::New(env, tensors.size());
  for (uint32_t i = 0; i < tensors.size(); ++i) array.Set(i, WrapTensor(env, tensors[i]));
  return array;
}

at::Tensor UnwrapTensor(const Napi::Value& value, const std::string& where) {
  const auto& tensor = Unwrap<TensorHolder>(value, where).tensor;
  if (!tensor.defined()) throw Failure("DISPOSED", where + ": the tensor has been disposed.");
  return tensor;
}

std::vector<at::Tensor> UnwrapTensors(const Napi::Value& value, const std::string& where) {
  if (!value.IsArray()) throw Failure("INVALID_ARGUMENT", where + ": expected an array.");
  const auto array = value.As<Napi::Array>();
  std::vector<at::Tensor> tensors;
  tensors.reserve(array.Length());
  for (uint32_t i = 0; i < array.Length(); ++i) {
    tensors.push_back(UnwrapTensor(array.Get(i), where + "[" + std::to_string(i) + "]"));
  }
  return tensors;
}

void DisposeTensor(const Napi::Value& value) { Unwrap<TensorHolder>(value, "dispose").Release(); }

Napi::Value WrapGenerator(Napi::Env env, at::Generator generator) {
  return Wrap(env, std::make_unique<GeneratorHolder>(GeneratorHolder{std::move(generator)}));
}

at::Generator UnwrapGenerator(const Napi::Value& value, const std::string& where) {
  return Unwrap<GeneratorHolder>(value, where).generator;
}

}  // namespace sts
