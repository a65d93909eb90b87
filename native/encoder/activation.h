#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace sts {

/** A function of each element, and the gradient of its input given that of its output. */
struct Activation {
  at::Tensor (*apply)(const at::Tensor& input);
  at::Tensor (*backward)(const at::Tensor& grad_output, const at::Tensor& input);
  /** What oneDNN calls it where it follows a product, and which way of computing it. */
  const char* name;
  const char* algorithm;
};

/** The function that `hidden_act` names. Throws UNSUPPORTED_MODEL for others. */
Activation FindActivation(const std::string& name);

}  // namespace sts
