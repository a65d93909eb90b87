#pragma once

#include <cstdint>

namespace sts {

/** What every element's update needs. `rest1` is 1 - beta1, which float32 would round too much. */
struct AdamWFactors {
  float gradient, decay, beta1, rest1, beta2, rest2, step_size, inverse_sqrt_correction2, eps;
};

void AdamWUpdate(const AdamWFactors& factors, float* parameter, const float* gradient, float* mean,
                 float* square, int64_t n);

}  // namespace sts
