#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <napi.h>

#include <optional>

namespace sts {

/** How operators run: passed with every call, so that no thread remembers it. */
struct Mode {
  /** Whether operations are recorded for the backward pass. */
  bool grad_enabled;
  /** The type that autocast computes matrix products in; none without autocast. */
  std::optional<at::ScalarType> autocast;
};

/** From the two arguments `gradEnabled` and `autocast`, the name of a dtype or null. */
Mode ToMode(const Napi::Value& grad_enabled, const Napi::Value& autocast);

/** Autocast as the calling thread has it. */
std::optional<at::ScalarType> CurrentAutocast();

/** Sets autocast of the calling thread and puts it back at the end. */
class AutocastGuard {
 public:
  explicit AutocastGuard(std::optional<at::ScalarType> type);
  AutocastGuard(const AutocastGuard&) = delete;
  AutocastGuard& operator=(const AutocastGuard&) = delete;
  ~AutocastGuard();

 private:
  std::optional<at::ScalarType> before_;
  bool cached_before_;
};

/** Sets a mode of the calling thread and puts it back at the end. */
class ModeGuard {
 public:
  explicit ModeGuard(const Mode& mode) : grad_(mode.grad_enabled), autocast_(mode.autocast) {}

 private:
  at::AutoGradMode grad_;
  AutocastGuard autocast_;
};

}  // namespace sts
