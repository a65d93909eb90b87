#include "training/adamw.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/variable.h>

#include <cmath>

#include "training/adamw_kernel.h"

namespace sts {
namespace {

constexpr int64_t kGrain = 1 << 15;

AdamWFactors ToFactors(const AdamWOptions& options, double steps) {
  const double correction1 = 1 - std::pow(options.beta1, steps);
  const double correction2 = 1 - std::pow(options.beta2, steps);
  return {.gradient = static_cast<float>(options.gradient_factor),
          .decay = static_cast<float>(1 - options.lr * options.weight_decay),
          .beta1 = static_cast<float>(options.beta1),
          .rest1 = static_cast<float>(1 - options.beta1),
          .beta2 = static_cast<float>(options.beta2),
          .rest2 = static_cast<float>(1 - options.beta2),
          .step_size = static_cast<float>(options.lr / correction1),
          .inverse_sqrt_correction2 = static_cast<float>(1 / std::sqrt(correction2)),
          .eps = static_cast<float>(options.eps)};
}

float* Data(const at::Tensor& tensor) { return tensor.mutable_data_ptr<float>(); }

}  // namespace

void AdamWStep(const AdamWTensors& tensors, const AdamWOptions& options) {
  const at::NoGradGuard no_grad;
  for (size_t i = 0; i < tensors.parameters.size(); ++i) {
    const auto& parameter = tensors.parameters[i];
    const auto gradient = tensors.gradients[i].contiguous();
    TORCH_CHECK(parameter.is_contiguous() && gradient.numel() == parameter.numel(),
                "a parameter and its gradient do not fit");
    const auto factors = ToFactors(options, tensors.steps[i].item<float>());
    float* values = Data(parameter);
    const float* gradients = gradient.const_data_ptr<float>();
    float* means = Data(tensors.means[i]);
    float* squares = Data(tensors.squares[i]);
    at::parallel_for(0, parameter.numel(), kGrain, [&](int64_t begin, int64_t end) {
      AdamWUpdate(factors, values + begin, gradients + begin, means + begin, squares + begin,
                  end - begin);
    });
    torch::autograd::impl::bump_version(parameter);
  }
}

}  // namespace sts
