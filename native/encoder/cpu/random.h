#pragma once

#include "cpu/vector.h"

namespace sts {

/**
 * 16 generators xoshiro128++ side by side, seeded by a number and a row: the same numbers for a row
 * whichever thread computes it, so that the backward draws again what the forward drew.
 * Blackman and Vigna (2021), "Scrambled Linear Pseudorandom Number Generators".
 */
class RowRandom {
 public:
  STS_INLINE RowRandom(uint64_t seed, uint64_t row) {
    Words lane;
    for (int64_t i = 0; i < kLanes; ++i) lane[i] = static_cast<uint32_t>(i);
    const auto low = static_cast<uint32_t>(seed);
    const auto high = static_cast<uint32_t>(seed >> 32);
    Words word = Mix(lane + static_cast<uint32_t>(row) * static_cast<uint32_t>(kLanes) + low);
    word = Mix(word ^ high ^ static_cast<uint32_t>(row >> 28));
    for (auto& part : state_) {
      word = word + 0x9e3779b9u;
      part = Mix(word);
    }
  }

  STS_INLINE Words Next() {
    const Words result = RotateLeft(state_[0] + state_[3], 7) + state_[0];
    const Words shifted = state_[1] << 9;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = RotateLeft(state_[3], 11);
    return result;
  }

 private:
  static STS_INLINE Words RotateLeft(const Words& word, int bits) {
    return (word << bits) | (word >> (32 - bits));
  }

  /** A bijection of 32 bits each of which depends on all. Murmur3's finalizer. */
  static STS_INLINE Words Mix(Words word) {
    word ^= word >> 16;
    word *= 0x85ebca6bu;
    word ^= word >> 13;
    word *= 0xc2b2ae35u;
    word ^= word >> 16;
    return word;
  }

  Words state_[4];
};

/** Inverted dropout, drawn row by row. Srivastava et al. (2014), "Dropout". */
struct RowDropout {
  /** Nothing is dropped where it is 0. */
  double p = 0;
  uint64_t seed = 0;

  bool IsOn() const { return p > 0; }

  /** A number is kept where a random word is below it. */
  uint32_t Threshold() const { return static_cast<uint32_t>((1 - p) * 4294967295.0); }

  float Scale() const { return p < 1 ? static_cast<float>(1 / (1 - p)) : 0; }
};

/** The factors of the next 16 numbers of a row: 0 or 1 / (1 - p). */
STS_INLINE Floats DropoutFactors(RowRandom& random, uint32_t threshold, float scale) {
  return random.Next() < threshold ? Broadcast(scale) : Floats{};
}

}  // namespace sts
