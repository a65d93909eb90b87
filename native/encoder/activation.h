#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace sts {

using Activation = at::Tensor (*)(const at::Tensor&);

/** The function that `hidden_act` names. Throws UNSUPPORTED_MODEL for others. */
Activation FindActivation(const std::string& name);

}  // namespace sts
