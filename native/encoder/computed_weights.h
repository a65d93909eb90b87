#pragma once

#include <ATen/core/Tensor.h>

#include <unordered_map>

namespace sts {

/** Copies of weights in the type that products are computed in, made anew when a weight changes. */
class ComputedWeights {
 public:
  at::Tensor Of(const at::Tensor& weight, at::ScalarType type);

 private:
  struct Copy {
    int64_t version;
    at::Tensor tensor;
  };

  std::unordered_map<const c10::TensorImpl*, Copy> copies_;
};

}  // namespace sts
