#pragma once

#include <napi.h>

namespace sts {

/** tensorFromData(typedArray, shape, dtype, device): a new tensor with a copy of the data. */
Napi::Value TensorFromData(const Napi::CallbackInfo& info);

/** tensorToData(tensor): its elements in row-major order, copied into a typed array. */
Napi::Value TensorToData(const Napi::CallbackInfo& info);

/** tensorInfo(tensor): {shape, dtype, requiresGrad}. */
Napi::Value TensorInfo(const Napi::CallbackInfo& info);

Napi::Value DisposeTensorHandle(const Napi::CallbackInfo& info);
Napi::Value SetRequiresGrad(const Napi::CallbackInfo& info);

/** grad(tensor): a handle of the accumulated gradient, or null. */
Napi::Value Grad(const Napi::CallbackInfo& info);

/** clearGrads(tensors): sets every gradient to none, so that the next one is written, not added. */
Napi::Value ClearGrads(const Napi::CallbackInfo& info);

/** backward(loss): a promise; gradients accumulate in the leaves. */
Napi::Value Backward(const Napi::CallbackInfo& info);

/** memory(): {tensors, bytes} that handles of this environment hold. */
Napi::Value Memory(const Napi::CallbackInfo& info);

/** createGenerator(seed, device) and its state, a uint8 tensor. */
Napi::Value CreateGenerator(const Napi::CallbackInfo& info);
Napi::Value GeneratorState(const Napi::CallbackInfo& info);
Napi::Value SetGeneratorState(const Napi::CallbackInfo& info);

}  // namespace sts
