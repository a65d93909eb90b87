#pragma once

#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>
#include <napi.h>

#include <string>
#include <vector>

namespace sts {

/**
 * Converts a JavaScript value to what an operator's schema asks for. `undefined` and `null` are
 * None; a number is an int, a float or a Scalar; a string is a string, a dtype or a device.
 * Throws INVALID_ARGUMENT, naming `where`, when the value does not fit.
 */
at::IValue ToIValue(const Napi::Value& value, const c10::Type& type, const std::string& where);

/** Converts an operator's result: tensors become handles, lists and tuples arrays. */
Napi::Value FromIValue(Napi::Env env, const at::IValue& value);

at::ScalarType ParseDType(const std::string& name);
const char* DTypeName(at::ScalarType type);

std::vector<int64_t> ToInt64Vector(const Napi::Value& value, const std::string& where);

}  // namespace sts
