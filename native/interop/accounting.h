#pragma once

#include <c10/core/Storage.h>
#include <node_api.h>

#include <cstdint>
#include <unordered_map>

namespace sts {

/**
 * Counts the tensor handles that JavaScript holds and the distinct bytes behind them, and tells the
 * garbage collector about those bytes. Used on the environment's own thread only.
 */
class Accounting {
 public:
  /** A handle on memory; an empty storage, as of a sparse tensor, counts without bytes. */
  void Add(napi_env env, const c10::Storage& storage);
  /** Takes the storage that was added, whatever the tensor's has become since. */
  void Remove(napi_env env, const c10::Storage& storage);

  int64_t tensors() const { return tensors_; }
  int64_t bytes() const { return bytes_; }

 private:
  struct Shared {
    int64_t handles = 0;
    int64_t bytes = 0;
  };

  void AdjustBytes(napi_env env, int64_t change);

  int64_t tensors_ = 0;
  int64_t bytes_ = 0;
  std::unordered_map<const c10::StorageImpl*, Shared> storages_;
};

}  // namespace sts
