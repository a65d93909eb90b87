#pragma once

#include "encoder/cpu/random.h"

namespace sts {

/** A row of attention scores that becomes weights, padded to whole vectors. */
struct ScoreRow {
  float* data;
  int64_t keys;
};

/** Softmax in place, with zeros in the padding, then dropout. */
void SoftmaxRow(const ScoreRow& row, const RowDropout& dropout, uint64_t number);

/**
 * From scores and the gradients of the weights: the weights as they were used, and in the place of
 * their gradients those of the scores. `undropped` is memory for a row.
 */
void SoftmaxRowBackward(const ScoreRow& scores, float* gradients, float* undropped,
                        const RowDropout& dropout, uint64_t number);

/** `to`[rows, padded columns] = `from` · scale, with zeros in the padding. */
void PackRows(const float* from, int64_t from_row, int64_t rows, int64_t columns, float scale,
              float* to);
void PackRows(const c10::BFloat16* from, int64_t from_row, int64_t rows, int64_t columns,
              float scale, float* to);
void PackRows(const c10::Half* from, int64_t from_row, int64_t rows, int64_t columns, float scale,
              float* to);

/** The other way round: `to` has no padding. */
void UnpackRows(const float* from, int64_t rows, int64_t columns, float scale, float* to,
                int64_t to_row);
void UnpackRows(const float* from, int64_t rows, int64_t columns, float scale, c10::BFloat16* to,
                int64_t to_row);
void UnpackRows(const float* from, int64_t rows, int64_t columns, float scale, c10::Half* to,
                int64_t to_row);

/** `to`[columns, padded rows] = the transpose of `from`[rows, columns], with zeros in the padding.
 */
void TransposeRows(const float* from, int64_t rows, int64_t columns, float* to);

}  // namespace sts
