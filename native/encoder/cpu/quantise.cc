#include "encoder/cpu/quantise.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "encoder/cpu/quantise_numbers.h"

namespace sts {
namespace {

constexpr int64_t kGrain = 1 << 15;

Range RangeOfAll(const at::Tensor& input) {
  const auto* numbers = input.const_data_ptr<float>();
  return at::parallel_reduce(
      0, input.numel(), kGrain, Range{0, 0},
      [&](int64_t begin, int64_t end, Range range) {
        const auto found = RangeOf(numbers + begin, end - begin);
        return Range{std::min(range.min, found.min), std::max(range.max, found.max)};
      },
      [](Range a, Range b) { return Range{std::min(a.min, b.min), std::max(a.max, b.max)}; });
}

}  // namespace

QuantisedInput QuantiseInput(const at::Tensor& input) {
  const auto range = RangeOfAll(input);
  const float width = range.max - range.min;
  // Only zeros, or numbers that are not finite: then nothing is lost, or all.
  const float scale = width > 0 && std::isfinite(width) ? width / 255 : 1;
  const float zero_point = std::round(-range.min / scale);
  auto data = at::empty(input.sizes(), input.options().dtype(at::kByte));
  const auto* numbers = input.const_data_ptr<float>();
  auto* bytes = data.mutable_data_ptr<uint8_t>();
  at::parallel_for(0, input.numel(), kGrain, [&](int64_t begin, int64_t end) {
    QuantiseNumbers(numbers + begin, end - begin, 1 / scale, zero_point, bytes + begin);
  });
  return {std::move(data), scale, static_cast<int64_t>(zero_point)};
}

QuantisedWeight QuantiseWeight(const at::Tensor& weight) {
  // A row of zeros has no scale.
  const auto scales = (weight.abs().amax(1) / 127).clamp_min(1e-30);
  return {(weight / scales.unsqueeze(1)).round().to(at::kChar), scales};
}

}  // namespace sts
