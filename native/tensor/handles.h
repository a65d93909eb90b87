#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <napi.h>

#include <string>
#include <vector>

namespace sts {

/** A new JavaScript handle that owns one reference to `tensor`; an undefined tensor is null. */
Napi::Value WrapTensor(Napi::Env env, const at::Tensor& tensor);
Napi::Value WrapTensors(Napi::Env env, const std::vector<at::Tensor>& tensors);

/** The tensor of a handle. Throws INVALID_ARGUMENT for other values and DISPOSED after Dispose. */
at::Tensor UnwrapTensor(const Napi::Value& value, const std::string& where);
std::vector<at::Tensor> UnwrapTensors(const Napi::Value& value, const std::string& where);

/** Gives the handle's reference up at once instead of at garbage collection. */
void DisposeTensor(const Napi::Value& value);

Napi::Value WrapGenerator(Napi::Env env, at::Generator generator);
at::Generator UnwrapGenerator(const Napi::Value& value, const std::string& where);

}  // namespace sts
