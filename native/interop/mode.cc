#include "interop/mode.h"

#include <ATen/Context.h>
#include <ATen/autocast_mode.h>

#include "interop/values.h"

namespace sts {
namespace {

void SetAutocast(std::optional<at::ScalarType> type) {
  static const bool has_cuda = at::hasCUDA();
  for (const auto device : {at::kCPU, at::kCUDA}) {
    if (device == at::kCUDA && !has_cuda) continue;
    at::autocast::set_autocast_enabled(device, type.has_value());
    if (type) at::autocast::set_autocast_dtype(device, *type);
  }
}

}  // namespace

Mode ToMode(const Napi::Value& grad_enabled, const Napi::Value& autocast) {
  Mode mode{.grad_enabled = grad_enabled.As<Napi::Boolean>(), .autocast = std::nullopt};
  if (!autocast.IsNull()) mode.autocast = ParseDType(autocast.As<Napi::String>());
  return mode;
}

std::optional<at::ScalarType> CurrentAutocast() {
  if (!at::autocast::is_autocast_enabled(at::kCPU)) return std::nullopt;
  return at::autocast::get_autocast_dtype(at::kCPU);
}

AutocastGuard::AutocastGuard(std::optional<at::ScalarType> type)
    : before_(CurrentAutocast()), cached_before_(at::autocast::is_autocast_cache_enabled()) {
  // The cache of cast weights is the whole process's and would outlive an optimizer's step.
  at::autocast::set_autocast_cache_enabled(false);
  SetAutocast(type);
}

AutocastGuard::~AutocastGuard() {
  SetAutocast(before_);
  at::autocast::set_autocast_cache_enabled(cached_before_);
}

}  // namespace sts
