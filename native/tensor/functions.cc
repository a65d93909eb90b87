#include "tensor/functions.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Functions.h>

#include <cstring>

#include "environment.h"
#include "interop/errors.h"
#include "interop/values.h"
#include "tensor/handles.h"

namespace sts {
namespace {

at::ScalarType ElementType(napi_typedarray_type type) {
  switch (type) {
    case napi_float32_array:
      return at::kFloat;
    case napi_float64_array:
      return at::kDouble;
    case napi_int32_array:
      return at::kInt;
    case napi_int16_array:
      return at::kShort;
    case napi_int8_array:
      return at::kChar;
    case napi_uint8_array:
      return at::kByte;
    case napi_bigint64_array:
      return at::kLong;
    default:
      throw Failure("INVALID_ARGUMENT", "tensorFromData: this kind of typed array has no dtype.");
  }
}

napi_typedarray_type ArrayType(at::ScalarType type) {
  switch (type) {
    case at::kFloat:
      return napi_float32_array;
    case at::kDouble:
      return napi_float64_array;
    case at::kInt:
      return napi_int32_array;
    case at::kShort:
      return napi_int16_array;
    case at::kChar:
      return napi_int8_array;
    case at::kByte:
    case at::kBool:
      return napi_uint8_array;
    case at::kLong:
      return napi_bigint64_array;
    default:
      throw Failure("INVALID_ARGUMENT",
                    std::string("JavaScript has no typed array for ") + DTypeName(type) + ".");
  }
}

at::Generator NewGenerator(const at::Device& device) {
  if (device.is_cpu()) return at::make_generator<at::CPUGeneratorImpl>();
  return at::globalContext()
      .getAcceleratorHooksInterface(device.type())
      .getNewGenerator(device.index());
}

}  // namespace

Napi::Value TensorFromData(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    const auto array = info[0].As<Napi::TypedArray>();
    const auto shape = ToInt64Vector(info[1], "shape");
    const auto type = ParseDType(info[2].As<Napi::String>());
    const at::Device device(info[3].As<Napi::String>().Utf8Value());
    const auto tensor = at::empty(shape, at::TensorOptions(ElementType(array.TypedArrayType())));
    if (tensor.nbytes() != array.ByteLength()) {
      throw Failure("INVALID_ARGUMENT",
                    "tensorFromData: the shape has " + std::to_string(tensor.numel()) +
                        " elements, the data " + std::to_string(array.ElementLength()) + ".");
    }
    const auto* bytes = static_cast<const uint8_t*>(array.ArrayBuffer().Data());
    if (tensor.nbytes() > 0) {
      std::memcpy(tensor.mutable_data_ptr(), bytes + array.ByteOffset(), tensor.nbytes());
    }
    return WrapTensor(info.Env(), tensor.to(device, type));
  });
}

Napi::Value TensorToData(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&]() -> Napi::Value {
    const auto env = info.Env();
    const auto tensor = UnwrapTensor(info[0], "tensor").detach().cpu().contiguous();
    const auto type = ArrayType(tensor.scalar_type());
    auto buffer = Napi::ArrayBuffer::New(env, tensor.nbytes());
    if (tensor.nbytes() > 0) std::memcpy(buffer.Data(), tensor.const_data_ptr(), tensor.nbytes());
    napi_value array = nullptr;
    if (napi_create_typedarray(env, type, tensor.numel(), buffer, 0, &array) != napi_ok) {
      throw Napi::Error::New(env);
    }
    return Napi::Value(env, array);
  });
}

Napi::Value TensorInfo(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    const auto env = info.Env();
    const auto tensor = UnwrapTensor(info[0], "tensor");
    auto shape = Napi::Array::New(env, tensor.dim());
    for (uint32_t i = 0; i < tensor.dim(); ++i) {
      shape.Set(i, Napi::Number::New(env, static_cast<double>(tensor.size(i))));
    }
    auto result = Napi::Object::New(env);
    result.Set("shape", shape);
    result.Set("dtype", DTypeName(tensor.scalar_type()));
    result.Set("requiresGrad", tensor.requires_grad());
    return result;
  });
}

Napi::Value DisposeTensorHandle(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    DisposeTensor(info[0]);
    return info.Env().Undefined();
  });
}

Napi::Value SetRequiresGrad(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    UnwrapTensor(info[0], "tensor").set_requires_grad(info[1].As<Napi::Boolean>());
    return info.Env().Undefined();
  });
}

Napi::Value Grad(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(),
                 [&] { return WrapTensor(info.Env(), UnwrapTensor(info[0], "tensor").grad()); });
}

Napi::Value ClearGrads(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    for (const auto& tensor : UnwrapTensors(info[0], "tensors")) {
      tensor.mutable_grad() = at::Tensor();
    }
    return info.Env().Undefined();
  });
}

Napi::Value Backward(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&]() -> Napi::Value {
    const auto work = [loss = UnwrapTensor(info[0], "loss")]() mutable {
      loss.backward();
      // The graph and its activations go here, not on the thread that runs the event loop.
      loss = at::Tensor();
      return 0;
    };
    const auto to_js = [](Napi::Env env, int) { return env.Undefined(); };
    return Environment::Of(info.Env()).background->Run(info.Env(), work, to_js);
  });
}

Napi::Value Memory(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    const auto& accounting = *Environment::Of(info.Env()).accounting;
    auto result = Napi::Object::New(info.Env());
    result.Set("tensors", static_cast<double>(accounting.tensors()));
    result.Set("bytes", static_cast<double>(accounting.bytes()));
    return result;
  });
}

Napi::Value CreateGenerator(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    bool lossless = false;
    const uint64_t seed = info[0].As<Napi::BigInt>().Uint64Value(&lossless);
    const at::Device device(info[1].As<Napi::String>().Utf8Value());
    auto generator = NewGenerator(device);
    generator.set_current_seed(seed);
    return WrapGenerator(info.Env(), generator);
  });
}

Napi::Value GeneratorState(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    return WrapTensor(info.Env(), UnwrapGenerator(info[0], "generator").get_state());
  });
}

Napi::Value SetGeneratorState(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    UnwrapGenerator(info[0], "generator").set_state(UnwrapTensor(info[1], "state"));
    return info.Env().Undefined();
  });
}

}  // namespace sts
