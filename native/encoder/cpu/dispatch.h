#pragma once

#include <c10/core/ScalarType.h>
#include <c10/util/BFloat16.h>
#include <c10/util/Exception.h>
#include <c10/util/Half.h>

namespace sts {

/** Calls `work` with a value of the C++ type that the tensors have. */
template <typename Work>
void ForType(c10::ScalarType type, const Work& work) {
  switch (type) {
    case c10::kFloat:
      return work(float{});
    case c10::kBFloat16:
      return work(c10::BFloat16{});
    case c10::kHalf:
      return work(c10::Half{});
    default:
      TORCH_CHECK(false, "the encoder does not compute in ", type);
  }
}

}  // namespace sts
