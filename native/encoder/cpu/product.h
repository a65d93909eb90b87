#pragma once

#include <ATen/core/Tensor.h>

#include "encoder/activation.h"
#include "encoder/cpu/quantise.h"

namespace sts {

/**
 * Matrix products by oneDNN, where libtorch has it: its float32 kernels use all of AVX-512 on every
 * processor, which MKL's, that `at::mm` calls, do not.
 */

/** input · weightᵀ + bias: [rows, out] of [rows, in], [out, in] and [out], which may be undefined.
 */
at::Tensor LinearProduct(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias);

/** Whether weights of this type can be packed: where oneDNN has products of it on this processor.
 */
bool CanPackWeights(at::ScalarType type);

/** A weight [out, in] as oneDNN reads it best; of use for `PackedProduct` alone. */
at::Tensor PackWeight(const at::Tensor& weight);

/** The activation, where there is one, of input · weightᵀ + bias. */
at::Tensor PackedProduct(const at::Tensor& input, const at::Tensor& packed_weight,
                         const at::Tensor& bias, const Activation* activation);

/** Whether products of bytes can be computed here. */
bool CanMultiplyBytes();

/** The same for int8 [out, in]; of use for `BytesProduct` alone. */
at::Tensor PackBytes(const at::Tensor& weight);

/** `PackedProduct` of bytes, float32. @param scales of the weight's rows, [out] */
at::Tensor BytesProduct(const QuantisedInput& input, const at::Tensor& packed_weight,
                        const at::Tensor& scales, const at::Tensor& bias,
                        const Activation* activation);

/** a · b. Either may be a transposed view. */
at::Tensor Product(const at::Tensor& a, const at::Tensor& b);

}  // namespace sts
