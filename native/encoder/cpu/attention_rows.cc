#include "encoder/cpu/attention_rows.h"

#include <limits>

namespace sts {
namespace {

template <typename T>
STS_INLINE void Pack(const T* from, int64_t from_row, int64_t rows, int64_t columns, float scale,
                     float* to) {
  const int64_t padded = RoundUp(columns);
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < columns; j += kLanes) {
      Store(to + i * padded + j, LoadUpTo(from + i * from_row + j, columns - j) * scale);
    }
  }
}

template <typename T>
STS_INLINE void Unpack(const float* from, int64_t rows, int64_t columns, float scale, T* to,
                       int64_t to_row) {
  const int64_t padded = RoundUp(columns);
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < columns; j += kLanes) {
      StoreUpTo(to + i * to_row + j, Load(from + i * padded + j) * scale, columns - j);
    }
  }
}

/** Padding must weigh nothing: its scores become the least there are. */
STS_INLINE void MaskPadding(const ScoreRow& row) {
  const int64_t padded = RoundUp(row.keys);
  for (int64_t j = row.keys; j < padded; ++j) {
    row.data[j] = -std::numeric_limits<float>::infinity();
  }
}

/** `to` = the exponentials of a row less its greatest number, 0 in the padding. Returns their sum.
 */
STS_INLINE float Exponentials(const ScoreRow& row, float* to) {
  MaskPadding(row);
  const int64_t padded = RoundUp(row.keys);
  Floats largest = Load(row.data);
  for (int64_t j = kLanes; j < padded; j += kLanes) largest = Max(largest, Load(row.data + j));
  const float max = Max(largest);
  Floats sums = Floats{};
  for (int64_t j = 0; j < padded; j += kLanes) {
    const Floats power = Exp(Load(row.data + j) - max);
    sums += power;
    Store(to + j, power);
  }
  return Sum(sums);
}

}  // namespace

STS_FOR_EVERY_PROCESSOR
void SoftmaxRow(const ScoreRow& row, const RowDropout& dropout, uint64_t number) {
  const float inverse = 1 / Exponentials(row, row.data);
  const int64_t padded = RoundUp(row.keys);
  if (!dropout.IsOn()) {
    for (int64_t j = 0; j < padded; j += kLanes) {
      Store(row.data + j, Load(row.data + j) * inverse);
    }
    return;
  }
  RowRandom random(dropout.seed, number);
  const uint32_t threshold = dropout.Threshold();
  const float scale = dropout.Scale() * inverse;
  for (int64_t j = 0; j < padded; j += kLanes) {
    const Floats factors = DropoutFactors(random, threshold, scale);
    Store(row.data + j, Load(row.data + j) * factors);
  }
}

STS_FOR_EVERY_PROCESSOR
void SoftmaxRowBackward(const ScoreRow& scores, float* gradients, float* undropped,
                        const RowDropout& dropout, uint64_t number) {
  const float inverse = 1 / Exponentials(scores, undropped);
  const int64_t padded = RoundUp(scores.keys);
  const bool drops = dropout.IsOn();
  RowRandom random(dropout.seed, number);
  const uint32_t threshold = dropout.Threshold();
  const float scale = dropout.Scale();
  Floats products = Floats{};
  for (int64_t j = 0; j < padded; j += kLanes) {
    const Floats weights = Load(undropped + j) * inverse;
    Floats gradient = Load(gradients + j);
    Floats used = weights;
    if (drops) {
      const Floats factors = DropoutFactors(random, threshold, scale);
      gradient *= factors;
      used *= factors;
    }
    products += weights * gradient;
    Store(gradients + j, gradient);
    Store(scores.data + j, used);
    Store(undropped + j, weights);
  }
  const float sum = Sum(products);
  for (int64_t j = 0; j < padded; j += kLanes) {
    Store(gradients + j, Load(undropped + j) * (Load(gradients + j) - sum));
  }
}

STS_FOR_EVERY_PROCESSOR
void PackRows(const float* from, int64_t from_row, int64_t rows, int64_t columns, float scale,
              float* to) {
  Pack(from, from_row, rows, columns, scale, to);
}

STS_FOR_EVERY_PROCESSOR
void PackRows(const c10::BFloat16* from, int64_t from_row, int64_t rows, int64_t columns,
              float scale, float* to) {
  Pack(from, from_row, rows, columns, scale, to);
}

void PackRows(const c10::Half* from, int64_t from_row, int64_t rows, int64_t columns, float scale,
              float* to) {
  Pack(from, from_row, rows, columns, scale, to);
}

STS_FOR_EVERY_PROCESSOR
void UnpackRows(const float* from, int64_t rows, int64_t columns, float scale, float* to,
                int64_t to_row) {
  Unpack(from, rows, columns, scale, to, to_row);
}

STS_FOR_EVERY_PROCESSOR
void UnpackRows(const float* from, int64_t rows, int64_t columns, float scale, c10::BFloat16* to,
                int64_t to_row) {
  Unpack(from, rows, columns, scale, to, to_row);
}

void UnpackRows(const float* from, int64_t rows, int64_t columns, float scale, c10::Half* to,
                int64_t to_row) {
  Unpack(from, rows, columns, scale, to, to_row);
}

void TransposeRows(const float* from, int64_t rows, int64_t columns, float* to) {
  const int64_t from_row = RoundUp(columns);
  const int64_t to_row = RoundUp(rows);
  for (int64_t j = 0; j < columns; ++j) {
    float* row = to + j * to_row;
    for (int64_t i = 0; i < rows; ++i) row[i] = from[i * from_row + j];
    for (int64_t i = rows; i < to_row; ++i) row[i] = 0;
  }
}

}  // namespace sts
