#include "encoder/recomputation.h"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/custom_class.h>

#include <algorithm>
#include <utility>

#include "interop/mode.h"

namespace sts {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

/** What the second computation needs to be the same as the first. */
struct Recipe : torch::CustomClassHolder {
  Block block;
  std::optional<at::Generator> dropout;
  std::optional<at::ScalarType> autocast;
};

struct RecomputationFunction : torch::autograd::Function<RecomputationFunction> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input,
                            at::TensorList parameters, const c10::intrusive_ptr<Recipe>& recipe,
                            const std::optional<at::Generator>& dropout) {
    if (dropout) recipe->dropout = dropout->clone();
    recipe->autocast = CurrentAutocast();
    variable_list saved{input};
    saved.insert(saved.end(), parameters.begin(), parameters.end());
    context->save_for_backward(saved);
    context->saved_data["recipe"] = c10::IValue::make_capsule(recipe);
    context->saved_data["input_requires_grad"] = input.requires_grad();
    return recipe->block(input, dropout);
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const auto capsule = context->saved_data["recipe"].toCapsule();
    const auto recipe = c10::static_intrusive_pointer_cast<Recipe>(capsule);
    const bool input_requires_grad = context->saved_data["input_requires_grad"].toBool();

    const at::AutoGradMode grad_mode(true);
    const auto input = saved[0].detach().set_requires_grad(input_requires_grad);
    at::Tensor output;
    {
      const AutocastGuard autocast(recipe->autocast);
      auto dropout = recipe->dropout;
      if (dropout) dropout = dropout->clone();
      output = recipe->block(input, dropout);
    }
    variable_list leaves;
    if (input_requires_grad) leaves.push_back(input);
    std::copy_if(saved.begin() + 1, saved.end(), std::back_inserter(leaves),
                 [](const Variable& parameter) { return parameter.requires_grad(); });
    const auto found = torch::autograd::grad({output}, leaves, {gradients[0]}, std::nullopt,
                                             /*create_graph=*/false, /*allow_unused=*/true);
    variable_list result;
    size_t next = 0;
    result.push_back(input_requires_grad ? found[next++] : Variable());
    for (size_t i = 1; i < saved.size(); ++i) {
      result.push_back(saved[i].requires_grad() ? found[next++] : Variable());
    }
    result.insert(result.end(), {Variable(), Variable()});
    return result;
  }
};

}  // namespace

at::Tensor Recompute(Block block, const at::Tensor& input,
                     const std::vector<at::Tensor>& parameters,
                     const std::optional<at::Generator>& dropout) {
  const auto requires_grad = [](const at::Tensor& tensor) { return tensor.requires_grad(); };
  const bool recorded =
      at::GradMode::is_enabled() &&
      (requires_grad(input) || std::any_of(parameters.begin(), parameters.end(), requires_grad));
  if (!recorded) return block(input, dropout);
  auto recipe = c10::make_intrusive<Recipe>();
  recipe->block = std::move(block);
  return RecomputationFunction::apply(input, at::TensorList(parameters), recipe, dropout);
}

}  // namespace sts
