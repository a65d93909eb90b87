#pragma once

#include <napi.h>

#include <exception>
#include <stdexcept>
#include <string>

namespace sts {

/** A failure with one of the codes of lib/foundation/errors.ts. */
struct Failure : std::runtime_error {
  Failure(std::string code, const std::string& message)
      : std::runtime_error(message), code(std::move(code)) {}

  std::string code;
};

/** Gives any C++ exception a code and a message without libtorch's own backtrace. */
Failure Classify(std::exception_ptr exception);

/** The failure as an instance of the `StsError` class that JavaScript handed to the addon. */
Napi::Error ToError(Napi::Env env, const Failure& failure);

/** The error itself when it has a code; else, as Node-API's own refusals, INVALID_ARGUMENT. */
Napi::Error WithCode(Napi::Env env, const Napi::Error& error);

/** Runs a native entry so that no C++ exception leaves it except as a JavaScript error. */
template <typename Body>
Napi::Value Guarded(Napi::Env env, Body body) {
  try {
    return body();
  } catch (const Napi::Error& error) {
    throw WithCode(env, error);
  } catch (...) {
    throw ToError(env, Classify(std::current_exception()));
  }
}

}  // namespace sts
