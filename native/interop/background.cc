#include "interop/background.h"

#include <ATen/Parallel.h>

namespace sts {

Background::Background(Napi::Env env, int compute_threads)
    : compute_threads_(compute_threads), env_(env) {
  const auto name = Napi::String::New(env, "sts-native background");
  napi_status status = napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr,
                                                       nullptr, this, SettleOnJsThread, &settle_);
  if (status != napi_ok) throw Failure("INTERNAL", "Node could not create a thread-safe function.");
  // The process must end by itself when no work is queued.
  napi_unref_threadsafe_function(env, settle_);
  try {
    thread_ = std::thread([this] { Loop(); });
  } catch (...) {
    napi_release_threadsafe_function(settle_, napi_tsfn_abort);
    throw;
  }
  napi_add_env_cleanup_hook(env, StopBeforeExit, this);
}

Background::~Background() {
  if (!thread_.joinable()) return;
  napi_remove_env_cleanup_hook(env_, StopBeforeExit, this);
  Stop();
}

void Background::StopBeforeExit(void* self) { static_cast<Background*>(self)->Stop(); }

void Background::Stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
  queue_.clear();
  napi_release_threadsafe_function(settle_, napi_tsfn_abort);
}

void Background::Enqueue(Napi::Env env, std::unique_ptr<Task> task) {
  if (unsettled_++ == 0) napi_ref_threadsafe_function(env, settle_);
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(task));
  }
  wake_.notify_one();
}

void Background::Loop() {
  at::set_num_threads(compute_threads_);
  for (;;) {
    std::unique_ptr<Task> task;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_) return;
      task = std::move(queue_.front());
      queue_.pop_front();
    }
    task->Execute();
    const auto status = napi_call_threadsafe_function(settle_, task.get(), napi_tsfn_blocking);
    if (status == napi_ok) static_cast<void>(task.release());
  }
}

void Background::SettleOnJsThread(napi_env env, napi_value, void* context, void* data) {
  const std::unique_ptr<Task> task(static_cast<Task*>(data));
  // Node passes no environment while it shuts down: the promise can no longer be settled.
  if (env == nullptr) return;
  auto* self = static_cast<Background*>(context);
  if (--self->unsettled_ == 0) napi_unref_threadsafe_function(env, self->settle_);
  const Napi::HandleScope scope(env);
  try {
    task->Settle(env);
  } catch (const Napi::Error&) {
    // Settle turns every failure into a rejection; what is left is that a terminated worker thread
    // lets no JavaScript value be made. Nobody waits for the promise any more.
  }
}

}  // namespace sts
