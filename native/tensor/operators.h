#pragma once

#include <napi.h>

namespace sts {

/**
 * call(name, overload, arguments, gradEnabled, autocast | null): runs an operator of libtorch's
 * dispatcher, such as "aten::huber_loss", found and converted by its schema. Arguments that are
 * left out take the schema's defaults. Autograd and autocast act as in any other call.
 */
Napi::Value CallOperator(const Napi::CallbackInfo& info);

/** The same on the background thread, as a promise. */
Napi::Value CallOperatorInBackground(const Napi::CallbackInfo& info);

}  // namespace sts
