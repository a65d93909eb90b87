#pragma once

#include <napi.h>

#include <memory>
#include <string>

#include "interop/errors.h"

namespace sts {

/**
 * A JavaScript object that owns `native`. `Native::kTag` marks its type, so that no other object
 * can be taken for it; `Native::kName` names it in messages.
 */
template <typename Native>
Napi::Value Wrap(Napi::Env env, std::unique_ptr<Native> native) {
  auto object = Napi::Object::New(env);
  object.TypeTag(&Native::kTag);
  const auto finalize = [](napi_env, void* data, void*) { delete static_cast<Native*>(data); };
  if (napi_wrap(env, object, native.get(), finalize, nullptr, nullptr) != napi_ok) {
    throw Failure("INTERNAL", std::string("Node could not wrap ") + Native::kName + ".");
  }
  static_cast<void>(native.release());
  return object;
}

template <typename Native>
Native& Unwrap(const Napi::Value& value, const std::string& where) {
  void* data = nullptr;
  const bool ours = value.IsObject() && value.As<Napi::Object>().CheckTypeTag(&Native::kTag) &&
                    napi_unwrap(value.Env(), value, &data) == napi_ok;
  if (!ours) throw Failure("INVALID_ARGUMENT", where + ": expected " + Native::kName + ".");
  return *static_cast<Native*>(data);
}

}  // namespace sts
