#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <unordered_map>
#include <vector>

#include "encoder/cpu/packed_layer.h"

namespace sts {

/** Layers as prediction reads them best, packed anew when a parameter changes. */
class PackedLayers {
 public:
  /** @param parameters of the layer, by which it is known */
  const PackedLayer& Of(const std::vector<at::Tensor>& parameters, at::ScalarType type,
                        const std::function<PackedLayer()>& pack);

 private:
  struct Entry {
    at::ScalarType type;
    int64_t version;
    PackedLayer layer;
  };

  std::unordered_map<const c10::TensorImpl*, Entry> layers_;
};

}  // namespace sts
