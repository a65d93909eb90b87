#include "encoder/computed_weights.h"

#include <ATen/core/grad_mode.h>

namespace sts {

at::Tensor ComputedWeights::Of(const at::Tensor& weight, at::ScalarType type) {
  const at::NoGradGuard no_grad;
  if (weight.scalar_type() == type) return weight.detach();
  const auto version = static_cast<int64_t>(weight._version());
  auto& copy = copies_[weight.unsafeGetTensorImpl()];
  const bool is_of_type = copy.tensor.defined() && copy.tensor.scalar_type() == type;
  if (is_of_type && copy.version == version) return copy.tensor;
  // A backward may still need the old one.
  if (is_of_type && copy.tensor.use_count() == 1) {
    copy.tensor.copy_(weight);
  } else {
    copy.tensor = weight.to(type);
  }
  copy.version = version;
  return copy.tensor;
}

}  // namespace sts
