#include "encoder/packed_layers.h"

namespace sts {

const PackedLayer& PackedLayers::Of(const std::vector<at::Tensor>& parameters, at::ScalarType type,
                                    const std::function<PackedLayer()>& pack) {
  // Versions only grow, so that their sum changes with each of them.
  int64_t version = 0;
  for (const auto& parameter : parameters) version += static_cast<int64_t>(parameter._version());
  const auto* key = parameters.front().unsafeGetTensorImpl();
  const auto found = layers_.find(key);
  if (found != layers_.end() && found->second.type == type && found->second.version == version) {
    return found->second.layer;
  }
  return layers_.insert_or_assign(key, Entry{type, version, pack()}).first->second.layer;
}

}  // namespace sts
