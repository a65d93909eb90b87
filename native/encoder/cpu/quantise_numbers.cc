#include "encoder/cpu/quantise_numbers.h"

#include <algorithm>

#include "cpu/vector.h"

namespace sts {

STS_FOR_EVERY_PROCESSOR
Range RangeOf(const float* numbers, int64_t n) {
  Floats min = Floats{};
  Floats max = Floats{};
  for (int64_t i = 0; i < n; i += kLanes) {
    const Floats some = LoadUpTo(numbers + i, n - i);
    min = some < min ? some : min;
    max = Max(some, max);
  }
  return {-Max(-min), Max(max)};
}

STS_FOR_EVERY_PROCESSOR
void QuantiseNumbers(const float* numbers, int64_t n, float factor, float zero_point, uint8_t* to) {
  const float offset = zero_point + 0.5f;
  for (int64_t i = 0; i < n; ++i) {
    const float byte = std::min(std::max(numbers[i] * factor + offset, 0.0f), 255.0f);
    to[i] = static_cast<uint8_t>(static_cast<int32_t>(byte));
  }
}

}  // namespace sts
