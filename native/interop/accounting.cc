#include "interop/accounting.h"

namespace sts {

void Accounting::Add(napi_env env, const c10::Storage& storage) {
  ++tensors_;
  if (!storage) return;
  auto& shared = storages_[storage.unsafeGetStorageImpl()];
  if (shared.handles++ > 0) return;
  shared.bytes = static_cast<int64_t>(storage.nbytes());
  AdjustBytes(env, shared.bytes);
}

void Accounting::Remove(napi_env env, const c10::Storage& storage) {
  --tensors_;
  if (!storage) return;
  const auto found = storages_.find(storage.unsafeGetStorageImpl());
  if (--found->second.handles > 0) return;
  AdjustBytes(env, -found->second.bytes);
  storages_.erase(found);
}

void Accounting::AdjustBytes(napi_env env, int64_t change) {
  bytes_ += change;
  int64_t total = 0;
  napi_adjust_external_memory(env, change, &total);
}

}  // namespace sts
