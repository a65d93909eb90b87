#include "encoder/cpu/add_norm_rows.h"

#include <cmath>

namespace sts {
namespace {

template <typename T>
STS_INLINE void Normalise(const NormRow& norm, const RowDropout& dropout, uint64_t number,
                          const AddNormRow<T>& row) {
  const int64_t n = norm.size;
  const bool drops = dropout.IsOn();
  RowRandom random(dropout.seed, number);
  const uint32_t threshold = dropout.Threshold();
  const float factor = dropout.Scale();
  Floats total = Floats{};
  for (int64_t j = 0; j < n; j += kLanes) {
    Floats value = LoadUpTo(row.input + j, n - j);
    if (drops) value *= DropoutFactors(random, threshold, factor);
    if (row.residual) value += LoadUpTo(row.residual + j, n - j);
    total += value;
    StoreUpTo(row.sum + j, value, n - j);
  }
  const float mean = Sum(total) / static_cast<float>(n);
  Floats squares = Floats{};
  for (int64_t j = 0; j < n; j += kLanes) {
    const Floats deviation = LoadUpTo(row.sum + j, n - j) - mean;
    squares += deviation * deviation;
  }
  // The padding of the last vector deviates by the mean.
  const float padding = static_cast<float>(RoundUp(n) - n) * mean * mean;
  const float variance = (Sum(squares) - padding) / static_cast<float>(n);
  const float reciprocal = 1 / std::sqrt(variance + norm.eps);
  for (int64_t j = 0; j < n; j += kLanes) {
    const Floats deviation = LoadUpTo(row.sum + j, n - j) - mean;
    const Floats value =
        deviation * reciprocal * LoadUpTo(norm.weight + j, n - j) + LoadUpTo(norm.bias + j, n - j);
    StoreUpTo(row.output + j, value, n - j);
    if (row.rounded) StoreUpTo(row.rounded + j, value, n - j);
  }
  row.scale[0] = mean;
  row.scale[1] = reciprocal;
}

/** The gradient that arrives at 16 numbers of a row. */
template <typename T>
STS_INLINE Floats Arriving(const AddNormRowBackward<T>& row, int64_t j, int64_t left) {
  Floats gradient = LoadUpTo(row.grad_output + j, left);
  if (row.grad_rounded) gradient += LoadUpTo(row.grad_rounded + j, left);
  return gradient;
}

template <typename T>
STS_INLINE void NormaliseBackward(const NormRow& norm, const RowDropout& dropout, uint64_t number,
                                  const AddNormRowBackward<T>& row) {
  const int64_t n = norm.size;
  const float mean = row.scale[0];
  const float reciprocal = row.scale[1];
  Floats gradients = Floats{};
  Floats products = Floats{};
  for (int64_t j = 0; j < n; j += kLanes) {
    const int64_t left = n - j;
    const Floats gradient = Arriving(row, j, left);
    const Floats normal = (LoadUpTo(row.sum + j, left) - mean) * reciprocal;
    StoreUpTo(row.grad_bias + j, LoadUpTo(row.grad_bias + j, left) + gradient, left);
    StoreUpTo(row.grad_weight + j, LoadUpTo(row.grad_weight + j, left) + gradient * normal, left);
    const Floats weighted = gradient * LoadUpTo(norm.weight + j, left);
    gradients += weighted;
    products += weighted * normal;
  }
  const float mean_gradient = Sum(gradients) / static_cast<float>(n);
  const float mean_product = Sum(products) / static_cast<float>(n);
  const bool drops = dropout.IsOn();
  RowRandom random(dropout.seed, number);
  const uint32_t threshold = dropout.Threshold();
  const float factor = dropout.Scale();
  for (int64_t j = 0; j < n; j += kLanes) {
    const int64_t left = n - j;
    const Floats normal = (LoadUpTo(row.sum + j, left) - mean) * reciprocal;
    const Floats weighted = Arriving(row, j, left) * LoadUpTo(norm.weight + j, left);
    Floats gradient = (weighted - mean_gradient - normal * mean_product) * reciprocal;
    StoreUpTo(row.grad_sum + j, gradient, left);
    if (drops) gradient *= DropoutFactors(random, threshold, factor);
    StoreUpTo(row.grad_input + j, gradient, left);
  }
}

template <typename T>
STS_INLINE void Add(const T* matrix, int64_t row, int64_t rows, int64_t columns, float* sums) {
  for (int64_t j = 0; j < columns; j += kLanes) {
    Floats sum = LoadUpTo(sums + j, columns - j);
    for (int64_t i = 0; i < rows; ++i) sum += LoadUpTo(matrix + i * row + j, columns - j);
    StoreUpTo(sums + j, sum, columns - j);
  }
}

}  // namespace

STS_FOR_EVERY_PROCESSOR
void NormaliseRow(const NormRow& norm, const RowDropout& dropout, uint64_t number,
                  const AddNormRow<float>& row) {
  Normalise(norm, dropout, number, row);
}

STS_FOR_EVERY_PROCESSOR
void NormaliseRow(const NormRow& norm, const RowDropout& dropout, uint64_t number,
                  const AddNormRow<c10::BFloat16>& row) {
  Normalise(norm, dropout, number, row);
}

void NormaliseRow(const NormRow& norm, const RowDropout& dropout, uint64_t number,
                  const AddNormRow<c10::Half>& row) {
  Normalise(norm, dropout, number, row);
}

STS_FOR_EVERY_PROCESSOR
void NormaliseRowBackward(const NormRow& norm, const RowDropout& dropout, uint64_t number,
                          const AddNormRowBackward<float>& row) {
  NormaliseBackward(norm, dropout, number, row);
}

STS_FOR_EVERY_PROCESSOR
void NormaliseRowBackward(const NormRow& norm, const RowDropout& dropout, uint64_t number,
                          const AddNormRowBackward<c10::BFloat16>& row) {
  NormaliseBackward(norm, dropout, number, row);
}

void NormaliseRowBackward(const NormRow& norm, const RowDropout& dropout, uint64_t number,
                          const AddNormRowBackward<c10::Half>& row) {
  NormaliseBackward(norm, dropout, number, row);
}

STS_FOR_EVERY_PROCESSOR
void AddRows(const float* matrix, int64_t row, int64_t rows, int64_t columns, float* sums) {
  Add(matrix, row, rows, columns, sums);
}

STS_FOR_EVERY_PROCESSOR
void AddRows(const c10::BFloat16* matrix, int64_t row, int64_t rows, int64_t columns, float* sums) {
  Add(matrix, row, rows, columns, sums);
}

void AddRows(const c10::Half* matrix, int64_t row, int64_t rows, int64_t columns, float* sums) {
  Add(matrix, row, rows, columns, sums);
}

}  // namespace sts
