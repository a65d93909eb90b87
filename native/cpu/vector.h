#pragma once

#include <c10/util/BFloat16.h>
#include <c10/util/Half.h>

#include <cstdint>
#include <cstring>

/**
 * Compiles a function once for each generation of processors and picks one when the addon loads.
 * What it calls must be inlined into it.
 */
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)
#define STS_FOR_EVERY_PROCESSOR \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define STS_FOR_EVERY_PROCESSOR
#endif

#define STS_INLINE inline __attribute__((always_inline))

namespace sts {

constexpr int64_t kLanes = 16;

/** 16 numbers; the compiler makes of them what the processor has. */
typedef float Floats __attribute__((vector_size(kLanes * sizeof(float))));
typedef int32_t Ints __attribute__((vector_size(kLanes * sizeof(int32_t))));
typedef uint32_t Words __attribute__((vector_size(kLanes * sizeof(uint32_t))));
typedef uint16_t HalfWords __attribute__((vector_size(kLanes * sizeof(uint16_t))));

constexpr int64_t RoundUp(int64_t n) { return (n + kLanes - 1) / kLanes * kLanes; }

template <typename To, typename From>
STS_INLINE To BitCast(const From& from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof(To));
  return to;
}

STS_INLINE Floats Broadcast(float value) { return value - Floats{}; }

STS_INLINE Floats Load(const float* from) {
  Floats to;
  std::memcpy(&to, from, sizeof(to));
  return to;
}

STS_INLINE Floats Load(const c10::BFloat16* from) {
  HalfWords half;
  std::memcpy(&half, from, sizeof(half));
  return BitCast<Floats>(__builtin_convertvector(half, Words) << 16);
}

STS_INLINE Floats Load(const c10::Half* from) {
  Floats to;
  for (int64_t i = 0; i < kLanes; ++i) to[i] = static_cast<float>(from[i]);
  return to;
}

STS_INLINE void Store(float* to, const Floats& from) { std::memcpy(to, &from, sizeof(from)); }

/** To the nearest, the even one of two. */
STS_INLINE void Store(c10::BFloat16* to, const Floats& from) {
  const auto bits = BitCast<Words>(from);
  const Words rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  const Words quiet_nan = Words{} + 0x7fc0u;
  const auto half = __builtin_convertvector(from == from ? rounded : quiet_nan, HalfWords);
  std::memcpy(to, &half, sizeof(half));
}

STS_INLINE void Store(c10::Half* to, const Floats& from) {
  for (int64_t i = 0; i < kLanes; ++i) to[i] = static_cast<c10::Half>(from[i]);
}

/** The first `n` of 16 numbers, zeros after them. */
template <typename T>
STS_INLINE Floats LoadPart(const T* from, int64_t n) {
  T part[kLanes];
  std::memset(static_cast<void*>(part), 0, sizeof(part));
  std::memcpy(static_cast<void*>(part), from, n * sizeof(T));
  return Load(part);
}

template <typename T>
STS_INLINE void StorePart(T* to, const Floats& from, int64_t n) {
  T part[kLanes];
  Store(part, from);
  std::memcpy(static_cast<void*>(to), part, n * sizeof(T));
}

template <typename T>
STS_INLINE Floats LoadUpTo(const T* from, int64_t n) {
  return n >= kLanes ? Load(from) : LoadPart(from, n);
}

template <typename T>
STS_INLINE void StoreUpTo(T* to, const Floats& from, int64_t n) {
  if (n >= kLanes) {
    Store(to, from);
  } else {
    StorePart(to, from, n);
  }
}

STS_INLINE float Sum(const Floats& values) {
  float sum = 0;
  for (int64_t i = 0; i < kLanes; ++i) sum += values[i];
  return sum;
}

STS_INLINE Floats Max(const Floats& a, const Floats& b) { return a > b ? a : b; }

STS_INLINE float Max(const Floats& values) {
  float max = values[0];
  for (int64_t i = 1; i < kLanes; ++i) max = values[i] > max ? values[i] : max;
  return max;
}

/**
 * e^x to two units in the last place: 2^n times a polynomial of what is left.
 * Moshier, Cephes mathematical library, expf.
 */
STS_INLINE Floats Exp(Floats x) {
  const Floats lowest = Broadcast(-87.3f);
  const auto underflows = x < lowest;
  x = underflows ? lowest : x;
  x = x > 88.3f ? Broadcast(88.3f) : x;
  const Floats scaled = x * 1.44269504088896341f;
  const Floats half = scaled < 0.0f ? Broadcast(-0.5f) : Broadcast(0.5f);
  const Ints n = __builtin_convertvector(scaled + half, Ints);
  const Floats whole = __builtin_convertvector(n, Floats);
  x = x - whole * 0.693359375f + whole * 2.12194440e-4f;
  Floats y = Broadcast(1.9875691500e-4f);
  y = y * x + 1.3981999507e-3f;
  y = y * x + 8.3334519073e-3f;
  y = y * x + 4.1665795894e-2f;
  y = y * x + 1.6666665459e-1f;
  y = y * x + 5.0000001201e-1f;
  y = y * (x * x) + x + 1.0f;
  const auto power = BitCast<Floats>((n + 127) << 23);
  return underflows ? Floats{} : y * power;
}

}  // namespace sts
