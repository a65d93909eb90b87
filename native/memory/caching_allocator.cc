#include "memory/caching_allocator.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace sts {
namespace {

/** Smaller blocks are the C library's, which is good at them. */
constexpr size_t kSmallest = 64 << 10;

/** May be kept beyond what was needed at a time. */
constexpr size_t kAllowance = 16 << 20;

constexpr size_t kHugePage = 2 << 20;

/** So many blocks are taken in some ten steps of training. */
constexpr size_t kWindow = 4096;

/** Before every block, as wide as the alignment that libtorch promises. */
struct alignas(64) Header {
  size_t capacity;
};

/**
 * A size that blocks of about this size share, so that they can take each other's place: an eighth
 * of a power of two, which wastes an eighth at most.
 */
size_t CapacityFor(size_t bytes) {
  if (bytes < kSmallest) return bytes;
  const size_t step = std::bit_floor(bytes) / 8;
  return (bytes + step - 1) / step * step;
}

size_t ToPages(size_t bytes) {
  static const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return (bytes + page - 1) / page * page;
}

void Unmap(void* from, size_t bytes) {
  if (bytes > 0) munmap(from, bytes);
}

/**
 * Memory of the system itself: what the C library takes back it may keep between blocks that are
 * still in use. Null where there is none.
 */
void* Map(size_t bytes) {
  const bool is_huge = bytes >= kHugePage;
  const size_t wanted = ToPages(bytes);
  const size_t mapped = is_huge ? wanted + kHugePage : wanted;
  void* found = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (found == MAP_FAILED) return nullptr;
  if (!is_huge) return found;
  auto* begin = static_cast<char*>(found);
  auto* block = begin + (kHugePage - reinterpret_cast<uintptr_t>(begin) % kHugePage) % kHugePage;
  Unmap(begin, block - begin);
  Unmap(block + wanted, begin + mapped - block - wanted);
#ifdef MADV_HUGEPAGE
  // The pages of what is large are many: without this, looking them up takes a tenth of the time.
  madvise(block, wanted, MADV_HUGEPAGE);
#endif
  return block;
}

/** A block of the C library. Null where there is no memory. */
void* Allocate(size_t bytes) {
  void* block = nullptr;
  return posix_memalign(&block, alignof(Header), bytes) == 0 ? block : nullptr;
}

class CachingAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    void* data = bytes == 0 ? nullptr : Take(CapacityFor(bytes));
    return {data, data, &Free, c10::Device(c10::DeviceType::CPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &Free; }

  void copy_data(void* to, const void* from, size_t bytes) const override {
    std::memcpy(to, from, bytes);
  }

  /** Never destroyed: tensors may be freed while the process ends. */
  static CachingAllocator& Instance() {
    static auto& instance = *new CachingAllocator;
    return instance;
  }

 private:
  static void Free(void* data) {
    if (data != nullptr) Instance().Return(static_cast<Header*>(data) - 1);
  }

  void* Take(size_t capacity) {
    if (capacity >= kSmallest) {
      if (void* kept = TakeKept(capacity)) return kept;
    }
    auto* header = static_cast<Header*>(New(capacity));
    header->capacity = capacity;
    if (capacity >= kSmallest) {
      const std::lock_guard lock(mutex_);
      Use(capacity);
    }
    return header + 1;
  }

  void* TakeKept(size_t capacity) {
    const std::lock_guard lock(mutex_);
    const auto bin = kept_.find(capacity);
    if (bin == kept_.end()) return nullptr;
    auto* header = bin->second.back();
    bin->second.pop_back();
    if (bin->second.empty()) kept_.erase(bin);
    kept_bytes_ -= capacity;
    Use(capacity);
    return header + 1;
  }

  /** A new block; where there is no memory, what is kept is given back first. */
  void* New(size_t capacity) {
    const size_t bytes = sizeof(Header) + capacity;
    const auto take = capacity < kSmallest ? Allocate : Map;
    if (void* block = take(bytes)) return block;
    {
      const std::lock_guard lock(mutex_);
      while (!kept_.empty()) ReleaseLargest();
    }
    if (void* block = take(bytes)) return block;
    TORCH_CHECK_WITH(OutOfMemoryError, false, "there is no memory for ", bytes, " bytes");
  }

  void Return(Header* header) {
    if (header->capacity < kSmallest) return std::free(header);
    const std::lock_guard lock(mutex_);
    used_ -= header->capacity;
    kept_[header->capacity].push_back(header);
    kept_bytes_ += header->capacity;
    const size_t peak = std::max(recent_peak_, peak_);
    while (used_ + kept_bytes_ > peak + kAllowance) ReleaseLargest();
  }

  void Use(size_t capacity) {
    used_ += capacity;
    peak_ = std::max(peak_, used_);
    if (++uses_ % kWindow == 0) recent_peak_ = std::exchange(peak_, used_);
  }

  void ReleaseLargest() {
    const auto bin = std::prev(kept_.end());
    kept_bytes_ -= bin->first;
    Unmap(bin->second.back(), ToPages(sizeof(Header) + bin->first));
    bin->second.pop_back();
    if (bin->second.empty()) kept_.erase(bin);
  }

  std::mutex mutex_;
  /** By their capacity; no list is empty. */
  std::map<size_t, std::vector<Header*>> kept_;
  size_t kept_bytes_ = 0;
  size_t used_ = 0;
  /** The most that was used in this window, and in the one before it. */
  size_t peak_ = 0, recent_peak_ = 0;
  size_t uses_ = 0;
};

}  // namespace

void UseCachingAllocator() {
  static const bool done = [] {
    c10::SetCPUAllocator(&CachingAllocator::Instance(), /*priority=*/1);
    return true;
  }();
  static_cast<void>(done);
}

}  // namespace sts
