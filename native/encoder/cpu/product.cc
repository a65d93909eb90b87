#include "encoder/cpu/product.h"

#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <ATen/core/List.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>

namespace sts {
namespace {

using LinearPointwise = at::Tensor(const at::Tensor&, const at::Tensor&,
                                   const std::optional<at::Tensor>&, std::string_view,
                                   c10::List<std::optional<at::Scalar>>,
                                   std::optional<std::string_view>);

using ReorderLinearWeight = at::Tensor(const at::Tensor&, std::optional<c10::SymInt>);

/** An operator that some builds of libtorch do not have, and some processors no kernel for. */
std::optional<c10::OperatorHandle> FindOperator(const char* name) {
  if (!at::hasMKLDNN()) return std::nullopt;
  return c10::Dispatcher::singleton().findSchema({name, ""});
}

template <typename Signature>
std::optional<c10::TypedOperatorHandle<Signature>> Find(const char* name) {
  const auto op = FindOperator(name);
  return op ? std::optional(op->typed<Signature>()) : std::nullopt;
}

const auto& OneDnnLinear() {
  static const auto found = Find<LinearPointwise>("mkldnn::_linear_pointwise");
  return found;
}

const auto& OneDnnReorder() {
  static const auto found = Find<ReorderLinearWeight>("mkldnn::_reorder_linear_weight");
  return found;
}

/** Called by their schemas: their C++ signatures differ between versions of libtorch. */
const auto& OneDnnBytesPrepack() {
  static const auto found = FindOperator("onednn::qlinear_prepack");
  return found;
}

const auto& OneDnnBytes() {
  static const auto found = FindOperator("onednn::qlinear_pointwise");
  return found;
}

at::Tensor Call(const c10::OperatorHandle& op, torch::jit::Stack stack) {
  op.callBoxed(stack);
  return stack.front().toTensor();
}

/** The answer of an operator without arguments. */
bool IsSupported(const char* question) {
  const auto op = c10::Dispatcher::singleton().findSchema({question, ""});
  return op && op->typed<bool()>().call();
}

}  // namespace

at::Tensor LinearProduct(const at::Tensor& input, const at::Tensor& weight,
                         const at::Tensor& bias) {
  const auto& one_dnn = OneDnnLinear();
  // In 16 bits libtorch's own products are oneDNN's where the processor has such.
  const bool is_float = input.scalar_type() == at::kFloat;
  if (!one_dnn || !is_float || input.size(0) == 0) return at::linear(input, weight, bias);
  const auto optional_bias = bias.defined() ? std::optional(bias) : std::nullopt;
  const c10::List<std::optional<at::Scalar>> no_scalars;
  return one_dnn->call(input, weight, optional_bias, "none", no_scalars, "");
}

bool CanPackWeights(at::ScalarType type) {
  if (!OneDnnLinear() || !OneDnnReorder()) return false;
  if (type == at::kFloat) return true;
  static const bool has_bfloat16 = IsSupported("mkldnn::_is_mkldnn_bf16_supported");
  return type == at::kBFloat16 && has_bfloat16;
}

at::Tensor PackWeight(const at::Tensor& weight) {
  return OneDnnReorder()->call(weight.contiguous(), std::nullopt);
}

at::Tensor PackedProduct(const at::Tensor& input, const at::Tensor& packed_weight,
                         const at::Tensor& bias, const Activation* activation) {
  const c10::List<std::optional<at::Scalar>> no_scalars;
  return OneDnnLinear()->call(input, packed_weight, bias, activation ? activation->name : "none",
                              no_scalars, activation ? activation->algorithm : "");
}

bool CanMultiplyBytes() { return OneDnnBytesPrepack() && OneDnnBytes(); }

at::Tensor PackBytes(const at::Tensor& weight) {
  return Call(*OneDnnBytesPrepack(), {weight.contiguous(), c10::IValue()});
}

at::Tensor BytesProduct(const QuantisedInput& input, const at::Tensor& packed_weight,
                        const at::Tensor& scales, const at::Tensor& bias,
                        const Activation* activation) {
  const c10::List<std::optional<at::Scalar>> no_scalars;
  const auto zero_points = at::zeros_like(scales, scales.options().dtype(at::kInt));
  return Call(*OneDnnBytes(),
              {input.data, input.scale, input.zero_point, packed_weight, scales, zero_points, bias,
               /*output_scale=*/1.0, /*output_zero_point=*/int64_t{0},
               static_cast<int64_t>(at::kFloat), activation ? activation->name : "none", no_scalars,
               activation ? activation->algorithm : ""});
}

at::Tensor Product(const at::Tensor& a, const at::Tensor& b) {
  return a.scalar_type() == at::kFloat ? LinearProduct(a, b.t(), {}) : at::mm(a, b);
}

}  // namespace sts
