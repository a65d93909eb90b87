#include "encoder/cpu/layer.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Functions.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/custom_class.h>

#include <mutex>
#include <utility>

#include "encoder/cpu/attention.h"
#include "encoder/cpu/product.h"
#include "interop/mode.h"

namespace sts {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

/** Everything about a pass through a layer that is no tensor of the graph. */
struct LayerPass : torch::CustomClassHolder {
  CpuLayer layer;
  CpuLayerOptions options;
  RowDropout attention_dropout, projection_dropout, output_dropout;
  at::Tensor first_rows;  // int64 [sequences], where only those are wanted
};

/** What the forward computes on its way. */
struct Activations {
  at::Tensor input;              // [tokens, hidden_size]
  at::Tensor queried;            // its rows that are wanted
  at::Tensor query, key, value;  // [tokens, hidden_size]
  at::Tensor attended;           // of the wanted rows
  NormState attention_norm;
  at::Tensor attention;             // [wanted, hidden_size]
  at::Tensor intermediate, active;  // [wanted, intermediate_size]
  NormState output_norm;

  variable_list ToList() const {
    return {input,
            queried,
            query,
            key,
            value,
            attended,
            attention_norm.sum,
            attention_norm.scale,
            attention,
            intermediate,
            active,
            output_norm.sum,
            output_norm.scale};
  }

  static Activations FromList(const variable_list& list) {
    return {.input = list[0],
            .queried = list[1],
            .query = list[2],
            .key = list[3],
            .value = list[4],
            .attended = list[5],
            .attention_norm = {list[6], list[7]},
            .attention = list[8],
            .intermediate = list[9],
            .active = list[10],
            .output_norm = {list[11], list[12]}};
  }
};

RowDropout DrawDropout(double p, const std::optional<at::Generator>& generator) {
  if (!generator || p == 0) return {};
  auto source = *generator;
  const std::lock_guard<std::mutex> lock(source.mutex());
  return {.p = p, .seed = at::check_generator<at::CPUGeneratorImpl>(source)->random64()};
}

at::Tensor Linear(const CpuLinear& linear, const at::Tensor& input) {
  return LinearProduct(input, linear.computed_weight, linear.computed_bias);
}

AttentionPlan ToPlan(const LayerPass& pass) {
  const auto& lengths = pass.options.cumulative_lengths;
  AttentionPlan plan{.query_borders = lengths,
                     .key_borders = lengths,
                     .heads = pass.options.heads,
                     .dropout = pass.attention_dropout};
  if (pass.options.only_first) plan.query_borders = OneRowEach(lengths);
  return plan;
}

at::Tensor Forward(const LayerPass& pass, const at::Tensor& hidden, Activations& kept) {
  const auto& [layer, options] = std::tie(pass.layer, pass.options);
  const auto residual =
      pass.first_rows.defined() ? hidden.index_select(0, pass.first_rows) : hidden;
  kept.input = hidden.to(options.type);
  kept.queried = pass.first_rows.defined() ? residual.to(options.type) : kept.input;
  kept.query = Linear(layer.query, kept.queried);
  kept.key = Linear(layer.key, kept.input);
  kept.value = Linear(layer.value, kept.input);
  kept.attended = at::empty_like(kept.query);
  AttentionForward(ToPlan(pass), kept.query, kept.key, kept.value, kept.attended);

  const auto projected = Linear(layer.attention_output, kept.attended);
  const auto attention =
      AddNormForward(layer.attention_norm, pass.projection_dropout, projected, residual);
  kept.attention_norm = attention.state;
  kept.attention = attention.rounded;
  kept.intermediate = Linear(layer.intermediate, kept.attention);
  kept.active = layer.activation.apply(kept.intermediate);
  auto output = AddNormForward(layer.output_norm, pass.output_dropout,
                               Linear(layer.output, kept.active), attention.output);
  kept.output_norm = output.state;
  return output.output;
}

/** The gradients of a linear layer's parameters, float32. */
void LinearBackward(const CpuLinear& linear, const at::Tensor& input, const at::Tensor& gradient,
                    variable_list& gradients) {
  const bool trains_weight = linear.weight.requires_grad();
  const bool trains_bias = linear.bias.requires_grad();
  gradients.push_back(trains_weight ? Product(gradient.t(), input).to(at::kFloat) : at::Tensor());
  gradients.push_back(trains_bias ? ColumnSums(gradient) : at::Tensor());
}

/** Its input's gradient. */
at::Tensor InputGradient(const CpuLinear& linear, const at::Tensor& gradient) {
  return Product(gradient, linear.computed_weight);
}

/** @returns the gradients of the input and of the parameters in the order of `ApplyCpuLayer` */
variable_list Backward(const LayerPass& pass, const Activations& kept,
                       const at::Tensor& grad_output, bool wants_input) {
  const auto& [layer, options] = std::tie(pass.layer, pass.options);
  variable_list query, key, value, attention_output, intermediate, output;
  const auto output_norm = AddNormBackward(layer.output_norm, pass.output_dropout, kept.output_norm,
                                           grad_output, {}, options.type);
  LinearBackward(layer.output, kept.active, output_norm.input, output);
  const auto grad_intermediate =
      layer.activation.backward(InputGradient(layer.output, output_norm.input), kept.intermediate);
  LinearBackward(layer.intermediate, kept.attention, grad_intermediate, intermediate);

  const auto attention_norm = AddNormBackward(
      layer.attention_norm, pass.projection_dropout, kept.attention_norm, output_norm.sum,
      InputGradient(layer.intermediate, grad_intermediate), options.type);
  LinearBackward(layer.attention_output, kept.attended, attention_norm.input, attention_output);
  const auto grad_attended = InputGradient(layer.attention_output, attention_norm.input);
  const auto grad_query = at::empty_like(kept.query);
  const auto grad_key = at::empty_like(kept.key);
  const auto grad_value = at::empty_like(kept.value);
  AttentionBackward(ToPlan(pass), kept.query, kept.key, kept.value, grad_attended, grad_query,
                    grad_key, grad_value);
  LinearBackward(layer.query, kept.queried, grad_query, query);
  LinearBackward(layer.key, kept.input, grad_key, key);
  LinearBackward(layer.value, kept.input, grad_value, value);

  at::Tensor grad_input;
  if (wants_input) {
    auto through = InputGradient(layer.key, grad_key).add_(InputGradient(layer.value, grad_value));
    auto queried = InputGradient(layer.query, grad_query);
    if (pass.first_rows.defined()) {
      grad_input = through.to(at::kFloat, /*non_blocking=*/false, /*copy=*/false);
      grad_input.index_add_(0, pass.first_rows, attention_norm.sum.add_(queried));
    } else {
      grad_input = attention_norm.sum.add_(through.add_(queried));
    }
  }
  variable_list result{grad_input};
  for (const auto* part : {&query, &key, &value, &attention_output, &intermediate, &output}) {
    result.insert(result.end(), part->begin(), part->end());
  }
  result.insert(result.end(),
                {attention_norm.weight, attention_norm.bias, output_norm.weight, output_norm.bias});
  return result;
}

struct LayerFunction : torch::autograd::Function<LayerFunction> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& hidden,
                            at::TensorList /* parameters */,
                            const c10::intrusive_ptr<LayerPass>& pass) {
    const AutocastGuard no_autocast(std::nullopt);
    Activations kept;
    auto output = Forward(*pass, hidden, kept);
    context->save_for_backward(pass->options.recompute ? variable_list{hidden} : kept.ToList());
    context->saved_data["pass"] = c10::IValue::make_capsule(pass);
    context->saved_data["wants_input"] = hidden.requires_grad();
    return output;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const AutocastGuard no_autocast(std::nullopt);
    const auto pass =
        c10::static_intrusive_pointer_cast<LayerPass>(context->saved_data["pass"].toCapsule());
    const auto saved = context->get_saved_variables();
    Activations kept;
    if (pass->options.recompute) {
      Forward(*pass, saved[0], kept);
    } else {
      kept = Activations::FromList(saved);
    }
    auto result = Backward(*pass, kept, gradients[0].contiguous(),
                           context->saved_data["wants_input"].toBool());
    result.push_back(Variable());
    return result;
  }
};

}  // namespace

at::Tensor ApplyCpuLayer(const CpuLayer& layer, const std::vector<at::Tensor>& parameters,
                         const CpuLayerOptions& options, const at::Tensor& hidden) {
  auto pass = c10::make_intrusive<LayerPass>();
  pass->layer = layer;
  pass->options = options;
  pass->attention_dropout = DrawDropout(options.attention_dropout, options.generator);
  pass->projection_dropout = DrawDropout(options.hidden_dropout, options.generator);
  pass->output_dropout = DrawDropout(options.hidden_dropout, options.generator);
  if (options.only_first) pass->first_rows = FirstRows(options.cumulative_lengths);
  return LayerFunction::apply(hidden, at::TensorList(parameters), pass);
}

}  // namespace sts
