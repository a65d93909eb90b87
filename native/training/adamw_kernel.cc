#include "training/adamw_kernel.h"

#include <cmath>

#include "cpu/vector.h"

namespace sts {

STS_FOR_EVERY_PROCESSOR
void AdamWUpdate(const AdamWFactors& factors, float* __restrict parameter,
                 const float* __restrict gradient, float* __restrict mean, float* __restrict square,
                 int64_t n) {
  const AdamWFactors f = factors;
  for (int64_t i = 0; i < n; ++i) {
    const float g = gradient[i] * f.gradient;
    const float m = f.beta1 * mean[i] + f.rest1 * g;
    const float v = f.beta2 * square[i] + f.rest2 * g * g;
    const float denominator = std::sqrt(v) * f.inverse_sqrt_correction2 + f.eps;
    mean[i] = m;
    square[i] = v;
    parameter[i] = parameter[i] * f.decay - f.step_size * m / denominator;
  }
}

}  // namespace sts
