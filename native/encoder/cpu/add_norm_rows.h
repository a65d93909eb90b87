#pragma once

#include "encoder/cpu/random.h"

namespace sts {

struct NormRow {
  const float* weight;
  const float* bias;
  float eps;
  int64_t size;
};

/** Everything of one row; `residual` may be null, `rounded` is null where it is `output`. */
template <typename T>
struct AddNormRow {
  const T* input;
  const float* residual;
  float* sum;
  float* scale;
  float* output;
  T* rounded;
};

void NormaliseRow(const NormRow& norm, const RowDropout& dropout, uint64_t number,
                  const AddNormRow<float>& row);
void NormaliseRow(const NormRow& norm, const RowDropout& dropout, uint64_t number,
                  const AddNormRow<c10::BFloat16>& row);
void NormaliseRow(const NormRow& norm, const RowDropout& dropout, uint64_t number,
                  const AddNormRow<c10::Half>& row);

/** Gradients of one row; those of weight and bias are added up. `grad_rounded` may be null. */
template <typename T>
struct AddNormRowBackward {
  const float* grad_output;
  const T* grad_rounded;
  const float* sum;
  const float* scale;
  float* grad_sum;
  T* grad_input;
  float* grad_weight;
  float* grad_bias;
};

void NormaliseRowBackward(const NormRow& norm, const RowDropout& dropout, uint64_t number,
                          const AddNormRowBackward<float>& row);
void NormaliseRowBackward(const NormRow& norm, const RowDropout& dropout, uint64_t number,
                          const AddNormRowBackward<c10::BFloat16>& row);
void NormaliseRowBackward(const NormRow& norm, const RowDropout& dropout, uint64_t number,
                          const AddNormRowBackward<c10::Half>& row);

/** `sums` += each of the rows. */
void AddRows(const float* matrix, int64_t row, int64_t rows, int64_t columns, float* sums);
void AddRows(const c10::BFloat16* matrix, int64_t row, int64_t rows, int64_t columns, float* sums);
void AddRows(const c10::Half* matrix, int64_t row, int64_t rows, int64_t columns, float* sums);

}  // namespace sts
