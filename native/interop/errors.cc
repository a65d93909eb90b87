#include "interop/errors.h"

#include <c10/util/Exception.h>

#include <new>

#include "environment.h"

namespace sts {

Failure Classify(std::exception_ptr exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const Failure& failure) {
    return failure;
  } catch (const c10::OutOfMemoryError& error) {
    return {"OUT_OF_MEMORY", error.what_without_backtrace()};
  } catch (const c10::Error& error) {
    const std::string message = error.what_without_backtrace();
    // The CPU allocator reports exhaustion through an ordinary check.
    const bool exhausted = message.find("can't allocate memory") != std::string::npos;
    return {exhausted ? "OUT_OF_MEMORY" : "OPERATOR_FAILED", message};
  } catch (const std::bad_alloc&) {
    return {"OUT_OF_MEMORY", "The machine has not enough memory for this operation."};
  } catch (const std::exception& error) {
    return {"INTERNAL", error.what()};
  } catch (...) {
    return {"INTERNAL", "An unknown native error occurred."};
  }
}

Napi::Error ToError(Napi::Env env, const Failure& failure) {
  if (Environment::Of(env).error_class.IsEmpty()) {
    return Napi::Error::New(
        env, "the addon is used before initialize: " + failure.code + ": " + failure.what());
  }
  const auto instance = Environment::Of(env).error_class.New(
      {Napi::String::New(env, failure.code), Napi::String::New(env, failure.what())});
  return Napi::Error(env, instance);
}

Napi::Error WithCode(Napi::Env env, const Napi::Error& error) {
  if (error.Value().Has("code")) return error;
  return ToError(env, Failure("INVALID_ARGUMENT", error.Message()));
}

}  // namespace sts
