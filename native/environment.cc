#include "environment.h"

#include <ATen/Parallel.h>

namespace sts {
namespace {

/** libtorch's own choice, asked for once: to set a thread's count changes what it answers. */
int DefaultThreads() {
  static const int threads = at::get_num_threads();
  return threads;
}

}  // namespace

Environment::Environment(Napi::Env env) {
  const int threads = DefaultThreads();
  // The JavaScript thread runs only short operators: a second OpenMP team there would take the
  // cores away from the one that does the work.
  at::set_num_threads(1);
  background = std::make_unique<Background>(env, threads);
}

Environment& Environment::Of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

}  // namespace sts
