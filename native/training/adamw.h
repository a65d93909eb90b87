#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace sts {

struct AdamWOptions {
  double lr, beta1, beta2, weight_decay, eps;
  /** The gradients are multiplied by it first, as clipping asks for. */
  double gradient_factor;
};

/** Lists of one length: parameters, gradients, running means of these and of their squares. */
struct AdamWTensors {
  std::vector<at::Tensor> parameters, gradients, means, squares;
  /** Steps taken with each, this one included: float32 scalars. */
  std::vector<at::Tensor> steps;
};

/**
 * One step of Adam with decoupled weight decay, in place and in one pass over the memory.
 * Loshchilov and Hutter (2019), "Decoupled Weight Decay Regularization".
 */
void AdamWStep(const AdamWTensors& tensors, const AdamWOptions& options);

}  // namespace sts
