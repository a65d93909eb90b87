#include "environment.h"

#include <ATen/Parallel.h>

#include <cstdlib>

#include "memory/caching_allocator.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace sts {
namespace {

/** libtorch's own choice, asked for once: to set a thread's count changes what it answers. */
int DefaultThreads() {
  static const int threads = at::get_num_threads();
  return threads;
}

/**
 * Keeps glibc from raising the size from which it returns memory to the system when it is freed:
 * raised, what the allocator gives back would lie between small blocks that are still in use, and
 * stay.
 */
void ReturnLargeBlocks() {
#ifdef __GLIBC__
  if (std::getenv("MALLOC_MMAP_THRESHOLD_") != nullptr) return;
  static const int done = mallopt(M_MMAP_THRESHOLD, 1 << 20);
  static_cast<void>(done);
#endif
}

}  // namespace

Environment::Environment(Napi::Env env) {
  ReturnLargeBlocks();
  UseCachingAllocator();
  const int threads = DefaultThreads();
  // The JavaScript thread runs only short operators: a second OpenMP team there would take the
  // cores away from the one that does the work.
  at::set_num_threads(1);
  background = std::make_unique<Background>(env, threads);
}

Environment& Environment::Of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

}  // namespace sts
