#include "interop/values.h"

#include <ATen/core/Generator.h>
#include <ATen/core/List.h>

#include <array>
#include <cmath>
#include <utility>

#include "interop/errors.h"
#include "tensor/handles.h"

namespace sts {
namespace {

using NamedDType = std::pair<const char*, at::ScalarType>;

constexpr std::array<NamedDType, 10> kDTypes = {{{"float64", at::kDouble},
                                                 {"float32", at::kFloat},
                                                 {"float16", at::kHalf},
                                                 {"bfloat16", at::kBFloat16},
                                                 {"int64", at::kLong},
                                                 {"int32", at::kInt},
                                                 {"int16", at::kShort},
                                                 {"int8", at::kChar},
                                                 {"uint8", at::kByte},
                                                 {"bool", at::kBool}}};

[[noreturn]] void Reject(const std::string& where, const std::string& expected) {
  throw Failure("INVALID_ARGUMENT", where + ": expected " + expected + ".");
}

int64_t ToInt(const Napi::Value& value, const std::string& where) {
  if (value.IsBigInt()) {
    bool lossless = false;
    const int64_t number = value.As<Napi::BigInt>().Int64Value(&lossless);
    if (lossless) return number;
  }
  if (value.IsNumber()) {
    const double number = value.As<Napi::Number>().DoubleValue();
    if (std::trunc(number) == number && std::abs(number) <= 9007199254740991.0) {
      return static_cast<int64_t>(number);
    }
  }
  Reject(where, "an integer");
}

double ToDouble(const Napi::Value& value, const std::string& where) {
  if (!value.IsNumber()) Reject(where, "a number");
  return value.As<Napi::Number>().DoubleValue();
}

at::Scalar ToScalar(const Napi::Value& value, const std::string& where) {
  if (value.IsBoolean()) return value.As<Napi::Boolean>().Value();
  if (value.IsBigInt()) return ToInt(value, where);
  const double number = ToDouble(value, where);
  const bool integral = std::trunc(number) == number && std::abs(number) <= 9007199254740991.0;
  return integral ? at::Scalar(static_cast<int64_t>(number)) : at::Scalar(number);
}

/** In a schema, dtype, layout, memory format and int are all IntType; strings stand for dtypes. */
at::IValue ToIntLike(const Napi::Value& value, const std::string& where) {
  if (!value.IsString()) return ToInt(value, where);
  return static_cast<int64_t>(ParseDType(value.As<Napi::String>()));
}

at::IValue ToList(const Napi::Value& value, const c10::ListType& type, const std::string& where) {
  // Kernels take a SymInt[] as a list of plain integers.
  const c10::TypePtr element_type = type.getElementType()->kind() == c10::TypeKind::SymIntType
                                        ? c10::TypePtr(c10::IntType::get())
                                        : type.getElementType();
  const auto& element = *element_type;
  // A schema's int[2] accepts a single integer.
  if (!value.IsArray()) {
    if (element.kind() != c10::TypeKind::IntType) Reject(where, "an array");
    return at::IValue(c10::List<int64_t>({ToInt(value, where)}));
  }
  const auto array = value.As<Napi::Array>();
  c10::impl::GenericList list(element_type);
  list.reserve(array.Length());
  for (uint32_t i = 0; i < array.Length(); ++i) {
    list.push_back(ToIValue(array.Get(i), element, where + "[" + std::to_string(i) + "]"));
  }
  return at::IValue(std::move(list));
}

Napi::Value FromInt(Napi::Env env, int64_t number) {
  constexpr int64_t kMaxSafe = 9007199254740991;
  if (number >= -kMaxSafe && number <= kMaxSafe) {
    return Napi::Number::New(env, static_cast<double>(number));
  }
  return Napi::BigInt::New(env, number);
}

template <typename Elements>
Napi::Value FromElements(Napi::Env env, const Elements& elements) {
  auto array = Napi::Array::New(env, elements.size());
  uint32_t i = 0;
  for (const at::IValue& element : elements) array.Set(i++, FromIValue(env, element));
  return array;
}

}  // namespace

at::IValue ToIValue(const Napi::Value& value, const c10::Type& type, const std::string& where) {
  if (type.kind() == c10::TypeKind::OptionalType) {
    if (value.IsNull() || value.IsUndefined()) return {};
    return ToIValue(value, *type.castRaw<c10::OptionalType>()->getElementType(), where);
  }
  switch (type.kind()) {
    case c10::TypeKind::TensorType:
      return UnwrapTensor(value, where);
    case c10::TypeKind::IntType:
    case c10::TypeKind::SymIntType:
    case c10::TypeKind::ScalarTypeType:
    case c10::TypeKind::LayoutType:
    case c10::TypeKind::MemoryFormatType:
      return ToIntLike(value, where);
    case c10::TypeKind::FloatType:
      return ToDouble(value, where);
    case c10::TypeKind::BoolType:
      if (!value.IsBoolean()) Reject(where, "a boolean");
      return value.As<Napi::Boolean>().Value();
    case c10::TypeKind::NumberType:
      return ToScalar(value, where);
    case c10::TypeKind::StringType:
      if (!value.IsString()) Reject(where, "a string");
      return value.As<Napi::String>().Utf8Value();
    case c10::TypeKind::DeviceObjType:
      if (!value.IsString()) Reject(where, "a device such as \"cpu\"");
      return at::Device(value.As<Napi::String>().Utf8Value());
    case c10::TypeKind::GeneratorType:
      return UnwrapGenerator(value, where);
    case c10::TypeKind::ListType:
      return ToList(value, *type.castRaw<c10::ListType>(), where);
    default:
      throw Failure("INVALID_ARGUMENT",
                    where + ": values of type " + type.str() + " cannot come from JavaScript.");
  }
}

Napi::Value FromIValue(Napi::Env env, const at::IValue& value) {
  if (value.isNone()) return env.Null();
  if (value.isTensor()) return WrapTensor(env, value.toTensor());
  if (value.isInt()) return FromInt(env, value.toInt());
  if (value.isDouble()) return Napi::Number::New(env, value.toDouble());
  if (value.isBool()) return Napi::Boolean::New(env, value.toBool());
  if (value.isString()) return Napi::String::New(env, value.toStringRef());
  if (value.isTuple()) return FromElements(env, value.toTupleRef().elements());
  if (value.isList()) return FromElements(env, value.toListRef());
  throw Failure("INVALID_ARGUMENT",
                "results of type " + value.tagKind() + " cannot go to JavaScript.");
}

at::ScalarType ParseDType(const std::string& name) {
  for (const auto& [known, type] : kDTypes) {
    if (name == known) return type;
  }
  throw Failure("INVALID_ARGUMENT", "unknown dtype \"" + name + "\".");
}

const char* DTypeName(at::ScalarType type) {
  for (const auto& [name, known] : kDTypes) {
    if (type == known) return name;
  }
  return at::toString(type);
}

std::vector<int64_t> ToInt64Vector(const Napi::Value& value, const std::string& where) {
  if (!value.IsArray()) Reject(where, "an array of integers");
  const auto array = value.As<Napi::Array>();
  std::vector<int64_t> numbers(array.Length());
  for (uint32_t i = 0; i < array.Length(); ++i) numbers[i] = ToInt(array.Get(i), where);
  return numbers;
}

}  // namespace sts
