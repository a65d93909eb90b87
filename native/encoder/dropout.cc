#include "encoder/dropout.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

namespace sts {

at::Tensor DropoutMask(const at::Tensor& like, double p, const at::Generator& generator) {
  const at::NoGradGuard no_grad;
  return at::empty_like(like, at::MemoryFormat::Contiguous)
      .bernoulli_(1 - p, generator)
      .mul_(p < 1 ? 1 / (1 - p) : 0);
}

at::Tensor Dropout(const at::Tensor& input, double p,
                   const std::optional<at::Generator>& generator) {
  if (!generator || p == 0) return input;
  return input * DropoutMask(input, p, *generator);
}

}  // namespace sts
