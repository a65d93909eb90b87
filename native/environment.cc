#include "environment.h"

#include <ATen/Parallel.h>

#include <cstdlib>

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
 * Keeps glibc from raising the size from which allocations are returned to the system at once.
 * Raised, it puts the dense gradients of embeddings, some 30 MB, between small blocks of the
 * background thread's arena, where what is freed is not reused: training then takes gigabytes.
 */
void LimitFragmentation() {
#ifdef __GLIBC__
  if (std::getenv("MALLOC_MMAP_THRESHOLD_") != nullptr) return;
  static const int done = mallopt(M_MMAP_THRESHOLD, 16 << 20);
  static_cast<void>(done);
#endif
}

}  // namespace

Environment::Environment(Napi::Env env) {
  LimitFragmentation();
  const int threads = DefaultThreads();
  // The JavaScript thread runs only short operators: a second OpenMP team there would take the
  // cores away from the one that does the work.
  at::set_num_threads(1);
  background = std::make_unique<Background>(env, threads);
}

Environment& Environment::Of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

}  // namespace sts
