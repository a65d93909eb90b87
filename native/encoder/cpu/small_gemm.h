#pragma once

#include <cstdint>

namespace sts {

/** A matrix that is only read, element (i, j) at `data[i * row + j * column]`. */
struct StridedMatrix {
  const float* data;
  int64_t row;
  int64_t column;
};

/**
 * `c = a · b`, or `c += a · b`, for matrices so small that a library's call would cost more: those
 * of one head over one sequence. `a` is [m, k]; `b` [k, n] and `c` [m, n] have rows without gaps
 * that lie `b_row` and `c_row` apart, and n is a multiple of 16.
 */
void SmallGemm(StridedMatrix a, const float* b, int64_t b_row, float* c, int64_t c_row, int64_t m,
               int64_t n, int64_t k, bool accumulate);

}  // namespace sts
