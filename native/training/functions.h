#pragma once

#include <napi.h>

namespace sts {

/**
 * adamWStep(parameters, gradients, means, squares, steps, options): a promise of nothing; see
 * AdamWStep. `options` are lr, beta1, beta2, weightDecay, eps and gradientFactor.
 */
Napi::Value AdamWStepInBackground(const Napi::CallbackInfo& info);

}  // namespace sts
