#include "encoder/activation.h"

#include <ATen/Functions.h>

#include "interop/errors.h"

namespace sts {

Activation FindActivation(const std::string& name) {
  if (name == "gelu") return [](const at::Tensor& x) { return at::gelu(x); };
  if (name == "gelu_new") return [](const at::Tensor& x) { return at::gelu(x, "tanh"); };
  if (name == "relu") return [](const at::Tensor& x) { return at::relu(x); };
  if (name == "silu") return [](const at::Tensor& x) { return at::silu(x); };
  throw Failure("UNSUPPORTED_MODEL", "the activation \"" + name + "\" is not supported.");
}

}  // namespace sts
