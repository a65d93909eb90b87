#pragma once

#include <cstdint>

namespace sts {

struct Range {
  float min, max;
};

/** The least and the greatest of numbers and 0. */
Range RangeOf(const float* numbers, int64_t n);

/** `to` = numbers · factor + zero_point, to the nearest byte. */
void QuantiseNumbers(const float* numbers, int64_t n, float factor, float zero_point, uint8_t* to);

}  // namespace sts
