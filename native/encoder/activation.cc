#include "encoder/activation.h"

#include <ATen/Functions.h>

#include "interop/errors.h"

namespace sts {
namespace {

using at::Tensor;

constexpr Activation kGelu{
    [](const Tensor& x) { return at::gelu(x); },
    [](const Tensor& gradient, const Tensor& x) { return at::gelu_backward(gradient, x); }, "gelu",
    "none"};

constexpr Activation kGeluNew{
    [](const Tensor& x) { return at::gelu(x, "tanh"); },
    [](const Tensor& gradient, const Tensor& x) { return at::gelu_backward(gradient, x, "tanh"); },
    "gelu", "tanh"};

constexpr Activation kRelu{
    [](const Tensor& x) { return at::relu(x); },
    [](const Tensor& gradient, const Tensor& x) { return at::threshold_backward(gradient, x, 0); },
    "relu", ""};

constexpr Activation kSilu{
    [](const Tensor& x) { return at::silu(x); },
    [](const Tensor& gradient, const Tensor& x) { return at::silu_backward(gradient, x); }, "swish",
    ""};

}  // namespace

Activation FindActivation(const std::string& name) {
  if (name == "gelu") return kGelu;
  if (name == "gelu_new") return kGeluNew;
  if (name == "relu") return kRelu;
  if (name == "silu") return kSilu;
  throw Failure("UNSUPPORTED_MODEL", "the activation \"" + name + "\" is not supported.");
}

}  // namespace sts
