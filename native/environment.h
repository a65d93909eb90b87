#pragma once

#include <napi.h>

#include <memory>

#include "interop/accounting.h"
#include "interop/background.h"

namespace sts {

/**
 * Everything that belongs to one Node environment (the main thread or one worker thread).
 * Nothing of ours is process-wide, so the addon loads in several environments at once.
 */
struct Environment {
  explicit Environment(Napi::Env env);

  static Environment& Of(Napi::Env env);

  Napi::FunctionReference error_class;
  std::shared_ptr<Accounting> accounting = std::make_shared<Accounting>();
  std::unique_ptr<Background> background;
};

}  // namespace sts
