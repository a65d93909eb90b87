#pragma once

#include <napi.h>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "interop/errors.h"

namespace sts {

/**
 * The environment's one native thread. Work runs there in the order in which it was queued; what
 * comes of it settles a promise on the JavaScript thread. OpenMP keeps a team of threads per
 * calling thread, so one thread of our own costs one team, where libuv's pool would cost four.
 */
class Background {
 public:
  Background(Napi::Env env, int compute_threads);
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;
  ~Background();

  /**
   * Queues `body`, a callable without arguments; `to_js(env, result)` turns what it returns into
   * the promise's value. Neither may hold references to JavaScript values.
   */
  template <typename Body, typename ToJs>
  Napi::Promise Run(Napi::Env env, Body body, ToJs to_js);

  /**
   * Lets the work in progress end, drops what is queued and joins the thread: later work is never
   * done. To be called before a process exits, for libtorch's own objects are destroyed then. A
   * second call does nothing.
   */
  void Stop();

  int compute_threads() const { return compute_threads_; }

 private:
  struct Task {
    virtual ~Task() = default;
    virtual void Execute() = 0;
    virtual void Settle(Napi::Env env) = 0;
  };

  template <typename Body, typename ToJs>
  struct TaskOf;

  static void StopBeforeExit(void* self);
  static void SettleOnJsThread(napi_env env, napi_value, void* self, void* task);

  void Enqueue(Napi::Env env, std::unique_ptr<Task> task);
  void Loop();

  const int compute_threads_;
  napi_env env_;
  napi_threadsafe_function settle_ = nullptr;
  int unsettled_ = 0;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::unique_ptr<Task>> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

template <typename Body, typename ToJs>
struct Background::TaskOf final : Task {
  using Result = decltype(std::declval<Body&>()());

  TaskOf(Napi::Env env, Body body, ToJs to_js)
      : deferred(Napi::Promise::Deferred::New(env)),
        body(std::move(body)),
        to_js(std::move(to_js)) {}

  void Execute() override {
    try {
      result.emplace((*body)());
    } catch (...) {
      failure = Classify(std::current_exception());
    }
    body.reset();
  }

  void Settle(Napi::Env env) override {
    if (failure) {
      deferred.Reject(ToError(env, *failure).Value());
      return;
    }
    try {
      deferred.Resolve(to_js(env, *result));
    } catch (const Napi::Error& error) {
      deferred.Reject(error.Value());
    } catch (...) {
      deferred.Reject(ToError(env, Classify(std::current_exception())).Value());
    }
  }

  Napi::Promise::Deferred deferred;
  std::optional<Body> body;
  ToJs to_js;
  std::optional<Result> result;
  std::optional<Failure> failure;
};

template <typename Body, typename ToJs>
Napi::Promise Background::Run(Napi::Env env, Body body, ToJs to_js) {
  auto task = std::make_unique<TaskOf<Body, ToJs>>(env, std::move(body), std::move(to_js));
  const auto promise = task->deferred.Promise();
  Enqueue(env, std::move(task));
  return promise;
}

}  // namespace sts
