#include "encoder/cpu/small_gemm.h"

#include <algorithm>

#include "cpu/vector.h"

namespace sts {
namespace {

/** A block of `R` rows and `V` vectors, held in registers. */
template <int R, int V>
STS_INLINE void Block(const StridedMatrix& a, const float* b, int64_t b_row, float* c,
                      int64_t c_row, int64_t k, bool accumulate) {
  Floats sums[R][V];
  for (int r = 0; r < R; ++r) {
    for (int v = 0; v < V; ++v) {
      sums[r][v] = accumulate ? Load(c + r * c_row + v * kLanes) : Floats{};
    }
  }
  for (int64_t i = 0; i < k; ++i) {
    Floats row[V];
    for (int v = 0; v < V; ++v) row[v] = Load(b + i * b_row + v * kLanes);
    for (int r = 0; r < R; ++r) {
      const Floats factor = Broadcast(a.data[r * a.row + i * a.column]);
      for (int v = 0; v < V; ++v) sums[r][v] += factor * row[v];
    }
  }
  for (int r = 0; r < R; ++r) {
    for (int v = 0; v < V; ++v) Store(c + r * c_row + v * kLanes, sums[r][v]);
  }
}

template <int V>
STS_INLINE void Columns(StridedMatrix a, const float* b, int64_t b_row, float* c, int64_t c_row,
                        int64_t m, int64_t k, bool accumulate) {
  int64_t i = 0;
  for (; i + 4 <= m; i += 4) {
    Block<4, V>(a, b, b_row, c + i * c_row, c_row, k, accumulate);
    a.data += 4 * a.row;
  }
  for (; i < m; ++i) {
    Block<1, V>(a, b, b_row, c + i * c_row, c_row, k, accumulate);
    a.data += a.row;
  }
}

}  // namespace

STS_FOR_EVERY_PROCESSOR
void SmallGemm(StridedMatrix a, const float* b, int64_t b_row, float* c, int64_t c_row, int64_t m,
               int64_t n, int64_t k, bool accumulate) {
  for (int64_t j = 0; j < n;) {
    const int64_t vectors = std::min<int64_t>((n - j) / kLanes, 4);
    switch (vectors) {
      case 4:
        Columns<4>(a, b + j, b_row, c + j, c_row, m, k, accumulate);
        break;
      case 3:
        Columns<3>(a, b + j, b_row, c + j, c_row, m, k, accumulate);
        break;
      case 2:
        Columns<2>(a, b + j, b_row, c + j, c_row, m, k, accumulate);
        break;
      default:
        Columns<1>(a, b + j, b_row, c + j, c_row, m, k, accumulate);
    }
    j += vectors * kLanes;
  }
}

}  // namespace sts
